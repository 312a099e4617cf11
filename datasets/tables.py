"""Write a table as an office would keep it: CSV with dd/mm/yyyy dates, or XLSX with typed cells."""

import io
from datetime import datetime

import numpy as np
import pandas as pd
import xlsxwriter

CREATED = datetime(2024, 1, 1)  # fixed, so that the same table gives the same bytes


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as UTF-8 CSV with a BOM (spreadsheets need it), dates dd/mm/yyyy, missing values empty."""
    text = table.copy()
    for name in text.columns:
        if pd.api.types.is_datetime64_any_dtype(text[name]):
            text[name] = _as_text(text[name])
    return b"\xef\xbb\xbf" + text.to_csv(index=False, lineterminator="\r\n").encode()


def to_xlsx(table: pd.DataFrame, sheet: str = "Dữ liệu") -> bytes:
    """Return a table as XLSX: bold frozen header, real dates, texts never taken for formulas."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    book.set_properties({"created": CREATED})
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    page.write_row(0, 0, list(table.columns), book.add_format({"bold": True}))
    formats = {
        True: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        False: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    for column, name in enumerate(table.columns):
        series = table[name]
        if pd.api.types.is_datetime64_any_dtype(series):
            chosen = formats[_has_time(series)]
            for row, value in enumerate(series, 1):
                if not pd.isna(value):
                    page.write_datetime(row, column, value.to_pydatetime(), chosen)
        else:
            page.write_column(1, column, ["" if pd.isna(value) else value for value in series.tolist()])
    book.close()
    return buffer.getvalue()


def _as_text(series: pd.Series) -> pd.Series:
    pattern = "%d/%m/%Y %H:%M" if _has_time(series) else "%d/%m/%Y"
    unique, where = np.unique(series.to_numpy("datetime64[m]"), return_inverse=True)
    texts = pd.Series(unique).dt.strftime(pattern).to_numpy(object)
    return pd.Series(texts[where], index=series.index, dtype=object)


def _has_time(series: pd.Series) -> bool:
    return bool((series.dropna().dt.normalize() != series.dropna()).any())
