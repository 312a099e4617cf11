"""A rule that may be quoted to a learner: what it says, who says so, from when to when."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `valid_from` and `valid_to` are inclusive days; None is open. `text` is Vietnamese, for learners."""

    id: str
    text: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    @property
    def period(self) -> str:
        """Return its period in words, such as `từ 21/06/2018 đến 30/06/2025`."""
        since = f"từ {self.valid_from:%d/%m/%Y}" if self.valid_from else ""
        until = f"đến {self.valid_to:%d/%m/%Y}" if self.valid_to else ""
        return " ".join(part for part in (since, until) if part) or "không giới hạn thời gian"

    def sentence(self) -> str:
        """Return the rule with its source and period, as one paragraph."""
        return f"{self.text} (Nguồn: {self.source}; áp dụng {self.period}.)"
