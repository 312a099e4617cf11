"""The department report as a value: what HTML, XLSX and the web page all show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from grading.answers.language import translator
from grading.progress.counts import ModuleCount

COUNTED = (
    "obliged",
    "not_started",
    "in_progress",
    "completed_on_time",
    "completed_late",
    "overdue",
    "exempt",
)
"""The counted columns of every report, in their order."""


@dataclass(frozen=True, slots=True)
class DepartmentReport:
    """Counts per unit × module as of a day, with the city's total and the modules' titles."""

    as_of: date
    made_at: datetime
    counts: Sequence[ModuleCount]
    city: Sequence[ModuleCount]
    titles: Mapping[str, str]

    def title_of(self, module: str) -> str:
        """Return the module's title, or its slug when the course has left the house."""
        return self.titles.get(module, module)


def headings(language: str | None = None) -> dict[str, str]:
    """Return the heading of each column, keyed by the name of the count's field."""
    _ = translator("reports", language)
    return {
        "unit_code": _("Unit code"),
        "unit_name": _("Unit"),
        "module": _("Module"),
        "obliged": _("Obliged"),
        "not_started": _("Not started"),
        "in_progress": _("In progress"),
        "completed_on_time": _("Completed on time"),
        "completed_late": _("Completed late"),
        "overdue": _("Overdue"),
        "exempt": _("Exempt"),
        "completed_percent": _("Completed, %"),
        "median_percent": _("Median score, %"),
    }


def format_percent(value: float | None, language: str | None = None) -> str:
    """Return a percentage as people write it: 87,5 in Vietnamese, 87.5 in English, a dash for none."""
    if value is None:
        return "–"
    text = f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")
