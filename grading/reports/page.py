"""The department report as one self-contained HTML page."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grading.answers.language import translator
from grading.reports.chart import draw_completion
from grading.reports.document import COUNTED, DepartmentReport, format_percent, headings


def write_html(report: DepartmentReport, language: str | None = None) -> str:
    """Return the report as HTML: summary, chart and table, readable without a network or JavaScript."""
    environment = Environment(
        loader=PackageLoader("grading.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    labels = headings(language)
    return environment.get_template("department.html").render(
        _=translator("reports", language),
        language=language or "vi",
        report=report,
        labels=labels,
        counted=COUNTED,
        percent=lambda value: format_percent(value, language),
        chart=Markup(draw_completion(report.counts, labels, language)),
    )
