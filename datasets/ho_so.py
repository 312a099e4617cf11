"""Administrative dossiers (ho-so): receipt, due date, status history, as they would stand on a given day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from courses.rules.dossier import Status
from courses.rules.working_days import NEXT_DAY_AFTER_15, office_calendar
from datasets.faults import FAULT_KINDS, plant_faults
from datasets.units import load_units

Days = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]

MAX_ROWS = 120_000
FIRST_DAY = date(2024, 1, 2)
EARLIEST, LATEST = date(2024, 6, 1), date(2026, 11, 20)
FAMILY = np.array("Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split())
GIVEN = np.array(
    "An Bình Chi Dũng Đức Giang Hà Hạnh Hiền Hiếu Hoà Hương Khánh Lan Linh Long Mai Minh Nam Nga Ngọc Phúc".split()
)

# code, name, working days granted in this data, fee on paper, fee online (đồng)
PROCEDURES: tuple[tuple[str, str, int, int, int], ...] = (
    ("1.000894", "Thủ tục đăng ký kết hôn", 5, 0, 0),
    ("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", 3, 0, 0),
    ("1.004222", "Đăng ký thường trú vào chỗ ở hợp pháp thuộc quyền sở hữu của mình", 7, 20_000, 10_000),
    ("1.004194", "Đăng ký tạm trú", 3, 15_000, 7_000),
    ("1.001612", "Đăng ký hộ kinh doanh", 3, 0, 0),
    ("1.013225", "Cấp giấy phép xây dựng mới công trình cấp III, cấp IV và nhà ở riêng lẻ", 20, 0, 0),
)
FREE_ONLINE_SINCE = np.datetime64("2026-01-01")

S = Status
PATHS: tuple[tuple[float, tuple[Status, ...]], ...] = (
    (0.58, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.DONE, S.RETURNED)),
    (0.05, (S.REGISTERED, S.REFUSED)),
    (0.08, (S.REGISTERED, S.SUPPLEMENT_ASKED, S.ACCEPTED, S.IN_PROGRESS, S.DONE, S.RETURNED)),
    (0.09, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.SUPPLEMENT_ASKED, S.IN_PROGRESS, S.DONE, S.RETURNED)),
    (0.03, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.SUPPLEMENT_ASKED, S.IN_PROGRESS, S.SUPPLEMENT_ASKED,
            S.IN_PROGRESS, S.DONE, S.RETURNED)),
    (0.06, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.PAYMENT_ASKED, S.IN_PROGRESS, S.DONE, S.RETURNED)),
    (0.03, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.WITHDRAWN)),
    (0.03, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.SUPPLEMENT_ASKED, S.STOPPED)),
    (0.05, (S.REGISTERED, S.ACCEPTED, S.IN_PROGRESS, S.SUPPLEMENT_ASKED)),
)  # fmt: skip
SLOWEST = 1.4  # of the days granted: how long the slowest dossiers take


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was generated: a row a dossier, a row a status, every planted fault (schema.json says the columns)."""

    table: pd.DataFrame
    events: pd.DataFrame
    faults: pd.DataFrame


def generate_ho_so(*, seed: int, rows: int, as_at: date, tree: str, faults: Sequence[str] = FAULT_KINDS) -> Dataset:
    """Return dossiers received in the months before `as_at` and what was known of them at the end of that day."""
    if not 1 <= rows <= MAX_ROWS:
        raise ValueError(f"rows is {rows}; give 1 to {MAX_ROWS}")
    if not EARLIEST <= as_at <= LATEST:
        raise ValueError(f"as_at is {as_at}; give a day from {EARLIEST} to {LATEST}, which the holiday list covers")
    random = np.random.default_rng([seed % 2**64, rows, as_at.toordinal(), int(tree)])
    table = _base(random, rows, as_at, tree)
    moments, statuses = _histories(random, table)
    known = moments <= np.datetime64(as_at) + np.timedelta64(24 * 60 - 1, "m")
    table = _with_history(table, moments, statuses, known)
    events = _events(table["ma_ho_so"].to_numpy(), moments, statuses, known)
    return Dataset(*plant_faults(random, table.drop(columns="_path"), events, faults))


def _base(random: np.random.Generator, rows: int, as_at: date, tree: str) -> pd.DataFrame:
    span = min(max(150, rows // 400), (as_at - FIRST_DAY).days)
    channel = random.choice([1, 2, 3], size=rows, p=[0.38, 0.55, 0.07])
    day = np.datetime64(as_at) - random.integers(0, span, rows).astype("timedelta64[D]")
    minute = np.where(channel == 2, random.integers(6 * 60, 23 * 60, rows), random.integers(450, 17 * 60, rows))
    at_desk = channel != 2
    open_days = _working_days()
    open_days = open_days[(open_days > np.datetime64(as_at) - span) & (open_days <= np.datetime64(as_at))]
    day[at_desk] = random.choice(open_days, size=int(at_desk.sum()))
    received = np.sort(day.astype("datetime64[m]") + minute.astype("timedelta64[m]"), kind="stable")
    channel = np.where(_is_desk_time(received), channel, 2)
    procedure = random.integers(0, len(PROCEDURES), rows)
    units = load_units(tree)
    unit = random.integers(0, len(units), rows)
    online = channel == 2
    free = online & (received >= FREE_ONLINE_SINCE)
    fees = np.array([[one[3], one[4]] for one in PROCEDURES])[procedure, online.astype(int)]
    return pd.DataFrame(
        {
            "ma_ho_so": _codes(received),
            "ma_thu_tuc": np.array([one[0] for one in PROCEDURES], dtype=object)[procedure],
            "ten_thu_tuc": np.array([one[1] for one in PROCEDURES], dtype=object)[procedure],
            "ma_don_vi": np.array([one.code for one in units], dtype=object)[unit],
            "ten_don_vi": np.array([one.name for one in units], dtype=object)[unit],
            "ho_ten": (
                pd.Series(FAMILY[random.integers(0, len(FAMILY), rows)]).astype(object)
                + " Mẫu "
                + pd.Series(GIVEN[random.integers(0, len(GIVEN), rows)]).astype(object)
            ),
            "so_dinh_danh": _identities(random, rows),
            "kenh": channel,
            "thoi_diem_nhan": received,
            "so_ngay": np.array([one[2] for one in PROCEDURES])[procedure],
            "le_phi": np.where(free, 0, fees),
            "_path": random.choice(len(PATHS), size=rows, p=[share for share, _ in PATHS]),
        }
    )


def _working_days() -> Days:
    return np.array(office_calendar().working_days, dtype="datetime64[D]")


def _position_before(day: Days) -> Ints:
    return np.searchsorted(_working_days(), day, side="right") - 1


def _is_desk_time(moment: Days) -> npt.NDArray[np.bool_]:
    day = moment.astype("datetime64[D]")
    at = _position_before(day)
    return (_working_days()[np.maximum(at, 0)] == day) & ((moment - day) <= np.timedelta64(17 * 60, "m"))


def _day_zero(received: Days) -> Ints:
    """Return the position of day zero among the working days, as `Calendar.day_zero` finds it."""
    day = received.astype("datetime64[D]")
    until = np.datetime64(NEXT_DAY_AFTER_15.valid_to, "D")
    closing = np.where(day <= until, 15 * 60, 17 * 60).astype("timedelta64[m]")
    late = (received - day) > closing
    return np.searchsorted(_working_days(), day + late.astype("timedelta64[D]"), side="left")


def _codes(received: Days) -> npt.NDArray[np.object_]:
    day = pd.Series(received.astype("datetime64[D]"))
    counter = day.groupby(day).cumcount() + 9000
    if counter.max() > 9999:
        raise ValueError("more than 1000 dossiers on one day; ask for fewer rows or a later as_at")
    text = np.datetime_as_string(received.astype("datetime64[D]"))
    stamps, where = np.unique(text, return_inverse=True)
    short = np.array([f"{stamp[2:4]}{stamp[5:7]}{stamp[8:10]}" for stamp in stamps], dtype=object)[where]
    codes: npt.NDArray[np.object_] = ("000.00.99.H26-" + pd.Series(short) + "-" + counter.astype(str)).to_numpy(object)
    return codes


def _identities(random: np.random.Generator, rows: int) -> npt.NDArray[np.object_]:
    """Invented identity numbers of the province 999, which does not exist."""
    numbers = 999 * 10**9 + random.integers(0, 4, rows) * 10**8 + random.integers(0, 10**8, rows)
    return numbers.astype(str).astype(object)


def _histories(random: np.random.Generator, table: pd.DataFrame) -> tuple[Days, Ints]:
    """Return moments and status codes, one row a dossier, one column a step; 0 and NaT after the path's end."""
    paths = table["_path"].to_numpy()
    steps = max(len(path) for _, path in PATHS)
    grid = np.zeros((len(PATHS), steps), dtype=np.int64)
    for number, (_, path) in enumerate(PATHS):
        grid[number, : len(path)] = path
    statuses = grid[paths]
    lengths = (statuses > 0).sum(axis=1)
    received = table["thoi_diem_nhan"].to_numpy("datetime64[m]")
    share = SLOWEST * random.beta(2.2, 1.6, len(table)) / np.maximum(lengths - 2, 1)
    pace = share * table["so_ngay"].to_numpy()
    working = _working_days()
    moments = np.full(statuses.shape, np.datetime64("NaT"), dtype="datetime64[m]")
    moments[:, 0] = received
    position, minute = _day_zero(received), _first_minute(random, received)
    for step in range(1, steps):
        if step > 1:
            whole = np.floor(pace + random.random(len(table))).astype(np.int64)
            slow = statuses[:, step - 1] == Status.SUPPLEMENT_ASKED
            whole = whole + np.where(slow, random.integers(1, 6, len(table)), 0)
            later = minute + random.integers(10, 90, len(table))
            over = (whole == 0) & (later > 16 * 60 + 59)
            minute = np.where(whole + over > 0, random.integers(8 * 60, 16 * 60, len(table)), later)
            position = position + whole + over
        at = working[np.minimum(position, len(working) - 1)].astype("datetime64[m]")
        moments[:, step] = at + minute.astype("timedelta64[m]")
    moments[statuses == 0] = np.datetime64("NaT")
    return moments, statuses


def _first_minute(random: np.random.Generator, received: Days) -> Ints:
    """Return the minute of day zero at which the desk takes the dossier: after its receipt if that was the same day."""
    day = received.astype("datetime64[D]")
    same = _working_days()[_day_zero(received)] == day
    minute = (received - day).astype(np.int64)
    morning = random.integers(8 * 60, 9 * 60, len(received))
    result: Ints = np.where(same, np.maximum(minute + 5, morning), morning)
    return result


def _with_history(table: pd.DataFrame, moments: Days, statuses: Ints, known: npt.NDArray[np.bool_]) -> pd.DataFrame:
    def first(status: Status, after: Ints | None = None) -> Days:
        hit = known & (statuses == status)
        if after is not None:
            hit &= np.arange(statuses.shape[1]) > after[:, None]
        found = moments[np.arange(len(table)), hit.argmax(axis=1)].copy()
        found[~hit.any(axis=1)] = np.datetime64("NaT")
        return found

    asked = known & (statuses == Status.SUPPLEMENT_ASKED)
    last_asked = np.where(asked.any(axis=1), statuses.shape[1] - 1 - asked[:, ::-1].argmax(axis=1), statuses.shape[1])
    answered_at = np.minimum(last_asked + 1, statuses.shape[1] - 1)
    rows = np.arange(len(table))
    back = np.isin(statuses[rows, answered_at], [Status.ACCEPTED, Status.IN_PROGRESS]) & (
        last_asked < statuses.shape[1] - 1
    )
    answered = np.where(back & known[rows, answered_at], moments[rows, answered_at], np.datetime64("NaT"))
    accepted = known & (statuses == Status.ACCEPTED)
    return table.assign(
        ngay_hen_tra=_due(table, statuses, moments, accepted.any(axis=1)),
        so_lan_bo_sung=asked.sum(axis=1),
        yeu_cau_bo_sung=first(Status.SUPPLEMENT_ASKED),
        bo_sung_xong=answered,
        xu_ly_xong=first(Status.DONE),
        tra_ket_qua=first(Status.RETURNED),
        dung_hoac_rut=np.where(np.isnat(first(Status.STOPPED)), first(Status.WITHDRAWN), first(Status.STOPPED)).astype(
            "datetime64[m]"
        ),
        trang_thai=statuses[rows, known.sum(axis=1) - 1],
    )[[*COLUMNS, "_path"]]


def _due(table: pd.DataFrame, statuses: Ints, moments: Days, accepted: npt.NDArray[np.bool_]) -> Days:
    """Return due dates counted from receipt, or from completion when papers were lacking at the desk."""
    at_desk = statuses[:, 1] == Status.SUPPLEMENT_ASKED
    start = np.where(at_desk, moments[:, 2], table["thoi_diem_nhan"].to_numpy("datetime64[m]"))
    working = _working_days()
    at = np.zeros(len(table), dtype=np.int64)
    at[accepted] = _day_zero(start[accepted])
    due = working[np.minimum(at + table["so_ngay"].to_numpy(), len(working) - 1)]
    due[~accepted] = np.datetime64("NaT")
    return due.astype("datetime64[s]")


def _events(
    codes: npt.NDArray[np.object_], moments: Days, statuses: Ints, known: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    row, step = np.nonzero(known & (statuses > 0))
    return pd.DataFrame(
        {
            "ma_ho_so": codes[row],
            "lan": step + 1,
            "trang_thai": statuses[row, step],
            "thoi_diem": moments[row, step].astype("datetime64[s]"),
        }
    )


COLUMNS = [
    "ma_ho_so", "ma_thu_tuc", "ten_thu_tuc", "ma_don_vi", "ten_don_vi", "ho_ten", "so_dinh_danh", "kenh",
    "thoi_diem_nhan", "so_ngay", "ngay_hen_tra", "so_lan_bo_sung", "yeu_cau_bo_sung", "bo_sung_xong", "xu_ly_xong",
    "tra_ket_qua", "dung_hoac_rut", "trang_thai", "le_phi",
]  # fmt: skip
__all__ = ["COLUMNS", "PROCEDURES", "Dataset", "generate_ho_so"]
