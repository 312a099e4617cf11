"""The department report as an Excel workbook: typed cells, a native chart, no formulas from data."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from grading.answers.language import translator
from grading.progress.counts import ModuleCount
from grading.reports.document import COUNTED, DepartmentReport, headings

SHADES = {"completed_on_time": "#1b7a4b", "completed_late": "#8fc7a8", "overdue": "#b3312c"}
HEADER_ROW = 3


def write_xlsx(report: DepartmentReport, language: str | None = None) -> bytes:
    """Return the report as XLSX: a sheet by unit and module, and one for the city with a chart.

    Every text is written as a string, so a name that begins with `=` stays a name.
    """
    _ = translator("reports", language)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _("Department report"), "created": report.made_at.replace(tzinfo=None)})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "note": book.add_format({"italic": True, "font_color": "#4a5868"}),
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#e9edf2", "border": 1}
        ),
        "percent": book.add_format({"num_format": "0.0"}),
    }
    note = _("As of the end of %(day)s (Hanoi time), lens: as-is. Made at %(moment)s.") % {
        "day": report.as_of.strftime("%d/%m/%Y"),
        "moment": report.made_at.strftime("%H:%M %d/%m/%Y"),
    }
    labels = headings(language)
    units = book.add_worksheet(_("By unit"))
    city = book.add_worksheet(_("City"))
    for sheet, rows in ((units, report.counts), (city, report.city)):
        sheet.write_string(0, 0, _("Department report"), formats["title"])
        sheet.write_string(1, 0, note, formats["note"])
        _write_table(sheet, report, rows, labels, formats)
    _add_chart(book, city, len(report.city), labels)
    book.close()
    return buffer.getvalue()


def _write_table(
    sheet: Worksheet,
    report: DepartmentReport,
    rows: Sequence[ModuleCount],
    labels: dict[str, str],
    formats: dict[str, Format],
) -> None:
    fields = ("unit_code", "unit_name", "module", *COUNTED, "completed_percent", "median_percent")
    for column, field in enumerate(fields):
        sheet.write_string(HEADER_ROW, column, labels[field], formats["head"])
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        sheet.write_string(line, 0, row.unit_code)
        sheet.write_string(line, 1, row.unit_name)
        sheet.write_string(line, 2, report.title_of(row.module))
        for column, field in enumerate(COUNTED, start=3):
            sheet.write_number(line, column, getattr(row, field))
        for column, value in enumerate((row.completed_percent, row.median_percent), start=3 + len(COUNTED)):
            if value is not None:
                sheet.write_number(line, column, value, formats["percent"])
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 2, 34)
    sheet.set_column(3, len(fields) - 1, 13)
    sheet.set_row(HEADER_ROW, 32)
    sheet.freeze_panes(HEADER_ROW + 1, 3)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rows), len(fields) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _add_chart(book: xlsxwriter.Workbook, sheet: Worksheet, rows: int, labels: dict[str, str]) -> None:
    if not rows:
        return
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    first, last = HEADER_ROW + 1, HEADER_ROW + rows
    for field, colour in SHADES.items():
        column = 3 + COUNTED.index(field)
        chart.add_series(
            {
                "name": labels[field],
                "categories": [sheet.get_name(), first, 2, last, 2],
                "values": [sheet.get_name(), first, column, last, column],
                "fill": {"color": colour},
            }
        )
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(last + 2, 1, chart, {"x_scale": 1.6})
