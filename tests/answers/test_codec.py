"""Answers as plain data: what crosses, what does not, and what a hostile sender cannot do."""

import base64
import math
import string
from datetime import date, datetime

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.answers import codec
from grading.answers.codec import NotPlainData, decode, encode

TEXT = st.text(max_size=30).filter(lambda text: not text.startswith("$"))
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT | st.dates() | st.datetimes()
)  # fmt: skip
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
JUNK = st.recursive(
    SCALARS.filter(lambda value: not isinstance(value, date)) | st.binary(max_size=20).map(repr),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
)


@given(VALUES)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    """Numbers, texts, dates, lists and dictionaries survive the way to the judge."""
    assert decode(encode(value)) == value


@given(st.dictionaries(st.sampled_from(["kind", "value", "arrow", "axes", "results", "series"]), JUNK, max_size=4))
def test_nothing_a_learner_sends_does_more_than_be_refused(encoded: dict[str, object]) -> None:
    """Whatever is sent is a value or NotPlainData, never another exception."""
    for kind in ("json", "table", "figure", "function", "x"):
        try:
            decode(encoded | {"kind": kind})
        except NotPlainData:
            continue


@given(
    st.lists(
        st.tuples(st.integers(-(2**40), 2**40), st.text(string.printable, max_size=8), st.floats(allow_infinity=False)),
        min_size=1,
        max_size=10,
    )
)
def test_tables_come_back_with_types_and_gaps(rows: list[tuple[int, str, float]]) -> None:
    """A table keeps integers, texts, floats and missing cells; a named index becomes a column."""
    frame = pd.DataFrame(rows, columns=["n", "t", "f"])

    back = decode(encode(frame))
    indexed = decode(encode(frame.set_index("n")))

    assert isinstance(back, pd.DataFrame)
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)
    assert isinstance(indexed, pd.DataFrame) and list(indexed.columns) == ["n", "t", "f"]


def test_numpy_and_pandas_scalars_are_numbers() -> None:
    """What sum() or mean() of pandas gives is a number at the other end; a Series comes back as one."""
    assert decode(encode(np.int64(3))) == 3
    assert decode(encode(np.float32(0.5))) == 0.5
    assert decode(encode(pd.Timestamp(2026, 2, 3))) == datetime(2026, 2, 3)
    assert decode(encode(np.array([1, 2]))) == [1, 2]
    series = decode(encode(pd.Series({"a": 1, "b": 2})))
    assert isinstance(series, pd.Series) and series.tolist() == [1, 2]


def test_a_figure_is_told_by_its_structure() -> None:
    """Axes, titles, labels, names of bars and the points of lines are what crosses of a figure."""
    figure, (left, right) = plt.subplots(1, 2)
    left.bar(["Ba Đình", "Ngọc Hà"], [3, 4])
    left.set_title("Hồ sơ")
    right.plot([1, 2], [5.0, math.nan], label="2026")

    back = decode(encode(figure))
    plt.close(figure)

    assert isinstance(back, codec.Figure)
    assert back.axes[0].title == "Hồ sơ"
    assert back.axes[0].series[0].x == ("Ba Đình", "Ngọc Hà") and back.axes[0].series[0].y == (3, 4)
    assert back.axes[1].series[0].y == (5.0, None)


class Own:
    """A class of a learner's own."""


ENDLESS: list[object] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    "value",
    [Own(), math.nan, math.inf, ENDLESS, list(range(codec.MAX_ITEMS + 1)), "x" * (codec.MAX_TEXT + 1), 2**80, "\ud800",
     {Own(): 1}, np.zeros(codec.MAX_ITEMS + 1), pd.DataFrame({"a": range(codec.MAX_ROWS + 1)}),
     pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame({"a": [Own(), 1]}), b"bytes", plt.Line2D([0], [1])],
    ids=["own class", "nan", "inf", "endless", "many", "long", "large", "surrogate", "key", "array", "rows", "twins",
         "objects", "bytes", "part of a figure"],
)  # fmt: skip
def test_what_is_not_plain_is_refused_with_a_sentence(value: object) -> None:
    """Each kind of value that cannot cross is refused on the learner's side, in a sentence, and in bounded time."""
    with pytest.raises(NotPlainData) as refused:
        encode(value)
    assert len(str(refused.value)) > 20


def test_a_hostile_table_is_refused() -> None:
    """Extension types, nested columns, too many rows and damaged streams are refused on the judge's side."""

    def sent(table: pa.Table) -> dict[str, object]:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return {"kind": "table", "arrow": base64.b64encode(sink.getvalue().to_pybytes()).decode()}

    good = sent(pa.table({"a": [1]}))
    nested = sent(pa.table({"a": [[1, 2]]}))
    binary = sent(pa.table({"a": [b"x"]}))
    long = sent(pa.table({"a": pa.array([0] * (codec.MAX_ROWS + 1), pa.int8())}))
    cut = {"kind": "table", "arrow": str(good["arrow"])[:60]}

    assert isinstance(decode(good), pd.DataFrame)
    for bad in (nested, binary, long, cut, {"kind": "table", "arrow": "!"}, {"kind": "table"}):
        with pytest.raises(NotPlainData):
            decode(bad)
