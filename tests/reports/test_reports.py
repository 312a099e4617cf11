"""The department report's HTML and XLSX carry the same numbers, and hostile names stay text."""

from __future__ import annotations

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from grading.progress.counts import ModuleCount
from grading.reports.document import DepartmentReport
from grading.reports.page import write_html
from grading.reports.workbook import write_xlsx

HOSTILE = '=HYPERLINK("http://x.example")<script>alert(1)</script>'


def count(code: str, name: str, overdue: int = 1) -> ModuleCount:
    """Return a count of eight people."""
    return ModuleCount(code, name, "thoi-han", 8, 1, 1, 4, 1, overdue, 0, 87.5)


@pytest.fixture
def report() -> DepartmentReport:
    """Two units, one with a name that tries to be a formula and a script."""
    return DepartmentReport(
        as_of=date(2026, 11, 24),
        made_at=datetime(2026, 11, 24, 16, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        counts=[count("00004", "Phường Ba Đình"), count("00008", HOSTILE)],
        city=[count("", "Toàn thành phố", overdue=2)],
        titles={"thoi-han": "Thời hạn"},
    )


def test_html_shows_states_in_vietnamese_and_escapes_names(report: DepartmentReport) -> None:
    """The page has design §2's words and no live script from a unit's name."""
    page = write_html(report)
    for word in ("Chưa học", "Đang học", "Hoàn thành đúng hạn", "Hoàn thành trễ hạn", "Quá hạn", "Được miễn"):
        assert word in page
    assert "<script>" not in page
    assert "<svg" in page
    assert "87,5" in page


def test_html_is_the_same_twice(report: DepartmentReport) -> None:
    """The same report gives the same text but for the identifiers that matplotlib draws by chance."""
    assert len(write_html(report)) == len(write_html(report))


def test_english_page_is_english(report: DepartmentReport) -> None:
    """The second language has its own words and decimal point."""
    page = write_html(report, "en")
    assert "Completed on time" in page
    assert "87.5" in page


def test_workbook_has_typed_cells_and_no_formula(report: DepartmentReport) -> None:
    """Counts are numbers, codes keep their zeros, and a name that begins with = is text."""
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(report)))
    sheet = book.worksheets[0]
    first, second = (list(row) for row in sheet.iter_rows(min_row=5, max_row=6))
    assert [cell.value for cell in first[:4]] == ["00004", "Phường Ba Đình", "Thời hạn", 8]
    assert second[1].value == HOSTILE
    assert second[1].data_type == "s"
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
