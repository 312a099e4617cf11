"""The dossiers that are generated, against their schema, their rules and their own list of faults."""

import csv
import io
import itertools
import json
import re
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import datasets
from courses.rules.dossier import is_legal
from courses.rules.working_days import office_calendar
from datasets import Dataset, generate, to_csv, to_xlsx
from datasets.faults import FAULT_KINDS
from datasets.units import load_units

FOLDER = Path(datasets.__file__).parent
SCHEMA = json.loads((FOLDER / "ho-so" / "schema.json").read_text(encoding="utf-8"))
AS_AT = {"2024": date(2024, 12, 20), "2025": date(2025, 6, 20), "2026": date(2026, 9, 30)}
TYPES = {"integer": "i", "date": "M", "datetime": "M"}


def clean(seed: int, rows: int = 300, tree: str = "2026") -> Dataset:
    """Return dossiers without planted faults."""
    return generate("ho-so", seed=seed, rows=rows, as_at=AS_AT[tree], tree=tree, faults=())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**63), st.integers(1, 600), st.sampled_from(sorted(AS_AT)))
def test_the_same_arguments_give_the_same_bytes(seed: int, rows: int, tree: str) -> None:
    """Two runs are byte-identical, table, events and faults."""
    one, two = (generate("ho-so", seed=seed, rows=rows, as_at=AS_AT[tree], tree=tree) for _ in range(2))

    assert to_csv(one.table) == to_csv(two.table)
    assert to_csv(one.events) == to_csv(two.events)
    assert one.faults.equals(two.faults)
    assert to_csv(one.table) != to_csv(generate("ho-so", seed=seed + 1, rows=rows, as_at=AS_AT[tree], tree=tree).table)


@pytest.mark.parametrize("tree", sorted(AS_AT))
def test_the_data_is_what_the_schema_says(tree: str) -> None:
    """Columns, types, patterns and missing values are those of schema.json, with and without faults."""
    for dataset in (clean(3, tree=tree), generate("ho-so", seed=3, rows=300, as_at=AS_AT[tree], tree=tree)):
        for name, columns in SCHEMA["tables"].items():
            table = getattr(dataset, name)
            assert list(table.columns) == [column["name"] for column in columns]
            for column in columns:
                series = table[column["name"]]
                if column["type"] in TYPES:
                    assert series.dtype.kind == TYPES[column["type"]], column
                if not column["missing"]:
                    assert series.notna().all() and (series.astype(str) != "").all(), column
                if "pattern" in column:
                    assert series.map(lambda text, p=column["pattern"]: bool(re.match(p, text))).all(), column
    assert set(SCHEMA["faults"]) == set(FAULT_KINDS)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(AS_AT)))
def test_clean_data_follows_the_rules(seed: int, tree: str) -> None:
    """Due dates are those of the shared calendar, logs are legal, times never run backwards or past the day."""
    dataset = clean(seed, tree=tree)
    calendar = office_calendar()
    at_desk = set(dataset.events.query("lan == 2 and trang_thai == 5")["ma_ho_so"])
    for row in dataset.table.itertuples():
        if not pd.isna(row.ngay_hen_tra):
            since = row.bo_sung_xong if row.ma_ho_so in at_desk else row.thoi_diem_nhan
            assert row.ngay_hen_tra.date() == calendar.due_date(since.to_pydatetime(), row.so_ngay)
    for _, log in dataset.events.groupby("ma_ho_so"):
        statuses = log["trang_thai"].tolist()
        assert statuses[0] == 1
        assert all(is_legal(one, other) for one, other in itertools.pairwise(statuses))
        assert log["thoi_diem"].is_monotonic_increasing
    assert dataset.events["thoi_diem"].max().date() <= AS_AT[tree]
    last = dataset.events.groupby("ma_ho_so")["trang_thai"].last()
    assert (dataset.table.set_index("ma_ho_so")["trang_thai"] == last).all()
    assert set(dataset.table["ma_don_vi"]) <= {unit.code for unit in load_units(tree)}


def test_every_planted_fault_is_found_where_the_list_says() -> None:
    """Comparing with the clean data of the same seed, each kind is there, and nothing else was changed."""
    dataset = generate("ho-so", seed=5, rows=800, as_at=AS_AT["2026"])
    pure = clean(5, rows=800)
    table = dataset.table.drop_duplicates("ma_ho_so").set_index("ma_ho_so")
    original = pure.table.set_index("ma_ho_so")

    assert set(dataset.faults["kind"]) == set(FAULT_KINDS)
    assert len(dataset.table) - len(pure.table) == (dataset.faults["kind"] == "duplicate").sum()
    changed = {
        (code, column)
        for column in original.columns
        for code in original.index[
            ~((table[column] == original[column]) | (table[column].isna() & original[column].isna()))
        ]
    }
    listed = dataset.faults[~dataset.faults["kind"].isin(["duplicate", "status-order"])]
    assert changed <= set(zip(listed["ma_ho_so"], listed["column"], strict=True))
    names = table.loc[listed.query("kind == 'nfd-name'")["ma_ho_so"], "ho_ten"]
    assert all(not unicodedata.is_normalized("NFC", name) for name in names)
    moved = pure.events["trang_thai"] != dataset.events["trang_thai"]
    assert set(pure.events["ma_ho_so"][moved]) == set(dataset.faults.query("kind == 'status-order'")["ma_ho_so"])


def test_csv_and_xlsx_hold_the_same_and_no_formula() -> None:
    """The CSV reads back row by row; the XLSX has real dates, keeps leading zeros and holds no formula."""
    table = generate("ho-so", seed=9, rows=60, as_at=AS_AT["2026"]).table.copy()
    table.loc[0, "ho_ten"] = "=HYPERLINK(1)"

    rows = list(csv.DictReader(io.StringIO(to_csv(table).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(table))).active

    assert len(rows) == len(table) == sheet.max_row - 1
    assert rows[1]["ma_don_vi"] == table["ma_don_vi"].iloc[1] == sheet.cell(3, 4).value
    assert rows[1]["thoi_diem_nhan"] == f"{table['thoi_diem_nhan'].iloc[1]:%d/%m/%Y %H:%M}"
    assert sheet.cell(3, 9).value == table["thoi_diem_nhan"].iloc[1].to_pydatetime()
    assert sheet.cell(2, 6).data_type == "s"
    assert to_xlsx(table) == to_xlsx(table)
    with zipfile.ZipFile(io.BytesIO(to_xlsx(table))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"rows": 0}, "rows"),
        ({"as_at": date(2030, 1, 1)}, "as_at"),
        ({"tree": "1999"}, "tree"),
        ({"faults": ("x",)}, "x"),
    ],
)
def test_what_cannot_be_made_is_named(wrong: dict[str, object], named: str) -> None:
    """A wrong argument is a ValueError that names it."""
    arguments = {"seed": 1, "rows": 10, "as_at": AS_AT["2026"], "tree": "2026", "faults": ()} | wrong
    with pytest.raises(ValueError, match=named):
        generate("ho-so", **arguments)
