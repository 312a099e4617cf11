"""Invent officials that nobody can take for real ones, and post them to real units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hạnh", "Hiếu", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai",
         "Minh", "Nam", "Nga", "Ngọc", "Phúc", "Phương", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thu", "Trang", "Tuấn",
         "Vân", "Việt", "Xuân", "Yến", "Ánh", "Đức")  # fmt: skip
FAKE_MIDDLE = "Mẫu"
POSITIONS = ("Công chức một cửa", "Chuyên viên", "Chuyên viên chính", "Phó trưởng phòng")


@dataclass(frozen=True, slots=True)
class Post:
    """A post in a unit; `until` is the first day it no longer holds, None while it lasts."""

    unit: str
    position: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Official:
    """An invented official. The middle name `Mẫu` (sample) and the id `MAU-…` say so wherever they are shown."""

    id: str
    name: str
    posts: tuple[Post, ...]


def invent_officials(count: int, units: Sequence[str], today: date, seed: int) -> list[Official]:
    """Return `count` officials spread over all the units, one in ten of them transferred in the last year.

    The same arguments give the same officials. At least one official works in each unit when there are enough of them.
    """
    random = Random(seed)
    return [_official(number, units, today, random) for number in range(1, count + 1)]


def _official(number: int, units: Sequence[str], today: date, random: Random) -> Official:
    home = units[(number - 1) % len(units)]
    position = random.choice(POSITIONS)
    since = today - timedelta(days=random.randint(200, 500))
    posts: tuple[Post, ...] = (Post(home, position, since),)
    if random.random() < 0.1 and len(units) > 1:
        moved = today - timedelta(days=random.randint(20, 150))
        before = random.choice([unit for unit in units if unit != home])
        posts = (Post(before, position, since, moved), Post(home, position, moved))
    name = f"{random.choice(FAMILY)} {FAKE_MIDDLE} {random.choice(GIVEN)}"
    return Official(f"MAU-{number:04d}", name, posts)
