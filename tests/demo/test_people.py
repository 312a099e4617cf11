"""Invented officials are repeatable, spread over all units, and visibly fake."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from grading.demo.people import invent_officials

TODAY = date(2026, 11, 24)


@given(st.integers(1, 400), st.integers(1, 60), st.integers(0, 2**32))
def test_officials_are_repeatable_and_posts_never_overlap(count: int, units: int, seed: int) -> None:
    """For any number of people and units: same seed, same people; posts follow one another; none begins in the future."""
    codes = [f"{number:05d}" for number in range(units)]
    officials = invent_officials(count, codes, TODAY, seed)
    assert officials == invent_officials(count, codes, TODAY, seed)
    assert len({official.id for official in officials}) == count
    for official in officials:
        assert " Mẫu " in official.name
        *former, current = official.posts
        assert current.until is None
        assert current.since <= TODAY
        assert all(post.until == current.since and post.since < current.since for post in former)
    assert {official.posts[-1].unit for official in officials} == set(codes[:count])
