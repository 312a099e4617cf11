"""Keep the answers of a no-code notebook in a file beside it, written whole or not at all."""

import json
from pathlib import Path
from uuid import uuid4


class AnswersFile:
    """The answers of one work folder (the folder of `hocvu.json`)."""

    def __init__(self, folder: Path) -> None:
        self.manifest = json.loads((folder / "hocvu.json").read_text(encoding="utf-8"))
        self.path = folder / f"{Path(self.manifest['notebook']).stem}.answers.json"

    def read(self) -> dict[str, object]:
        """Return the answers given so far; none if the file is missing or damaged."""
        try:
            answers = json.loads(self.path.read_text(encoding="utf-8"))["answers"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return answers if isinstance(answers, dict) else {}

    def write(self, task: str, answer: object) -> None:
        """Set the answer of one task; None takes it away."""
        answers = self.read()
        answers[task] = answer
        content = {"format": 1, "answers": {name: value for name, value in answers.items() if value is not None}}
        partial = self.path.with_name(f".{self.path.name}.{uuid4().hex}")
        partial.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.path)
