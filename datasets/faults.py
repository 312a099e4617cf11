"""Plant the faults that real office files have, each of them known, so that finding them can be scored."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

SHARE = 200  # one row in so many gets a fault of each kind, at least one row

Planted = tuple[pd.DataFrame, pd.DataFrame, list[dict[str, object]]]
Mask = npt.NDArray[np.bool_]
Planter = Callable[[np.random.Generator, pd.DataFrame, pd.DataFrame, int], Planted]


def plant_faults(
    random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, kinds: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return table, events and the list of faults (columns kind, ma_ho_so, column, original)."""
    unknown = sorted(set(kinds) - set(FAULT_KINDS))
    if unknown:
        raise ValueError(f"unknown faults {', '.join(unknown)}; known: {', '.join(FAULT_KINDS)}")
    count = max(1, len(table) // SHARE)
    found: list[dict[str, object]] = []
    for kind in FAULT_KINDS:
        if kind in kinds:
            table, events, planted = PLANTERS[kind](random, table, events, count)
            found += [{"kind": kind} | fault for fault in planted]
    faults = pd.DataFrame(found, columns=["kind", "ma_ho_so", "column", "original"]).astype(object)
    return table.reset_index(drop=True), events.reset_index(drop=True), faults


def _twin_names(random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, count: int) -> Planted:
    """Write a name in NFD: it looks the same and compares as different."""
    names = table["ho_ten"].to_numpy(object)
    return _rewrite(
        random, table, events, "ho_ten", names != "", count, lambda name: unicodedata.normalize("NFD", name)
    )


def _swapped_dates(random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, count: int) -> Planted:
    """Swap day and month of a due date, as a spreadsheet of another locale does."""
    due = table["ngay_hen_tra"]
    possible = (due.notna() & (due.dt.day <= 12) & (due.dt.day != due.dt.month)).to_numpy()
    return _rewrite(
        random, table, events, "ngay_hen_tra", possible, count, lambda day: day.replace(day=day.month, month=day.day)
    )


def _lost_zeros(random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, count: int) -> Planted:
    """Drop the leading zeros of a unit code."""
    possible = table["ma_don_vi"].str.startswith("0").to_numpy(bool)
    return _rewrite(random, table, events, "ma_don_vi", possible, count, lambda code: code.lstrip("0"))


def _blanks(random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, count: int) -> Planted:
    """Leave an identity number out."""
    return _rewrite(random, table, events, "so_dinh_danh", np.ones(len(table), bool), count, lambda _: "")


def _status_order(random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, count: int) -> Planted:
    """Exchange the second and third status of a dossier's log."""
    sizes = events.groupby("ma_ho_so", sort=False).size()
    codes = sizes.index[sizes >= 4].to_numpy(object)
    chosen = random.choice(codes, size=min(count, len(codes)), replace=False) if len(codes) else codes
    events = events.copy()
    faults: list[dict[str, object]] = []
    wanted = events["ma_ho_so"].isin(set(chosen)) & events["lan"].isin([2, 3])
    for code, pair in events[wanted].groupby("ma_ho_so", sort=True):
        events.loc[pair.index, "trang_thai"] = pair["trang_thai"].to_numpy()[::-1]
        faults.append({"ma_ho_so": code, "column": "trang_thai", "original": " ".join(map(str, pair["trang_thai"]))})
    return table, events, faults


def _duplicates(random: np.random.Generator, table: pd.DataFrame, events: pd.DataFrame, count: int) -> Planted:
    """Enter a row twice, the second time further down."""
    rows = np.sort(random.choice(len(table), size=min(count, len(table)), replace=False))
    twice = pd.concat([table, table.iloc[rows]], ignore_index=True)
    faults = [{"ma_ho_so": code, "column": "", "original": ""} for code in table["ma_ho_so"].iloc[rows]]
    return twice, events, faults


def _rewrite(
    random: np.random.Generator,
    table: pd.DataFrame,
    events: pd.DataFrame,
    column: str,
    possible: Mask,
    count: int,
    change: Callable[[Any], object],
) -> Planted:
    rows = np.flatnonzero(possible)
    chosen = np.sort(random.choice(rows, size=min(count, len(rows)), replace=False)) if len(rows) else rows
    values = table[column].to_numpy(object, copy=True)
    faults: list[dict[str, object]] = []
    for row in chosen:
        faults.append({"ma_ho_so": table["ma_ho_so"].iat[int(row)], "column": column, "original": str(values[row])})
        values[row] = change(values[row])
    return table.assign(**{column: pd.Series(values, index=table.index).astype(table[column].dtype)}), events, faults


PLANTERS: dict[str, Planter] = {
    "nfd-name": _twin_names,
    "swapped-date": _swapped_dates,
    "lost-zeros": _lost_zeros,
    "blank": _blanks,
    "status-order": _status_order,
    "duplicate": _duplicates,
}
FAULT_KINDS = tuple(PLANTERS)
