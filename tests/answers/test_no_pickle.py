"""No pickle and no evaluation of answers anywhere."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = re.compile(
    r"\b(?:import|from)\s+(?:pickle|cPickle|dill|cloudpickle|joblib|marshal|shelve)\b|\bread_pickle\b|(?<![\w.])eval\(|(?<![\w.])exec\("
)


def test_no_code_of_ours_unpickles_or_evaluates() -> None:
    """Not one line of the packages imports a pickler or calls eval or exec."""
    sources = [path for top in ("courses", "datasets", "exercises", "grading") for path in (ROOT / top).rglob("*.py")]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*sources, ROOT / "hocvu.py"]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FORBIDDEN.search(line)
    ]

    assert len(sources) > 20
    assert found == []
