"""Turn an answer into plain data and back: JSON for values, Arrow for tables, a summary for figures. Never pickle."""

from __future__ import annotations

import base64
import binascii
import math
import numbers
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grading.answers.language import translator

_ = translator("answers")

MAX_DEPTH = 20
MAX_ITEMS = 100_000
MAX_TEXT = 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_TABLE_BYTES = 32 * 1024 * 1024


class NotPlainData(ValueError):
    """A value cannot cross as plain data; the message is a sentence for the learner."""


class NotAttempted:
    """The answer of a task that nobody has begun: the `...` of the stub."""


class FunctionMarker:
    """The answer is a function; it is judged by calls."""


NOT_ATTEMPTED = NotAttempted()
FUNCTION = FunctionMarker()


@dataclass(frozen=True, slots=True)
class CallFailed:
    """A call of the learner's function raised; `error` is `TypeError: …`, untrusted text."""

    error: str


@dataclass(frozen=True, slots=True)
class FunctionResults:
    """What the learner's function returned for each call."""

    results: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One drawn series: `type` is line, bar, scatter or pie; x and y are numbers or texts."""

    type: str
    label: str
    x: tuple[object, ...]
    y: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Axes:
    """One pair of axes of a figure."""

    title: str
    xlabel: str
    ylabel: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """The structure of a drawn figure, without its looks."""

    axes: tuple[Axes, ...]


def encode(value: object) -> dict[str, object]:
    """Return a value as plain data; `NotPlainData` says in a sentence why it cannot be."""
    if value is ...:
        return {"kind": "not_attempted"}
    name = type(value).__name__
    if name in ("DataFrame", "Series") and _is_from(value, "pandas"):
        return _encode_table(value)
    if _is_from(value, "matplotlib"):
        return _encode_figure(value)
    if callable(value) and not isinstance(value, type):
        return {"kind": "function"}
    return {"kind": "json", "value": _Counter().plain(value, 0)}


def decode(encoded: object) -> object:
    """Return the value of untrusted plain data; every size and type is checked, `NotPlainData` otherwise."""
    if not isinstance(encoded, Mapping):
        raise NotPlainData(_("The answer is not in a form that can be read."))
    kind = encoded.get("kind")
    if kind == "json":
        return _Counter().value(encoded.get("value"), 0)
    if kind == "table":
        return _decode_table(encoded.get("arrow"), series=encoded.get("series") is True)
    if kind == "figure":
        return _decode_figure(encoded.get("axes"))
    if kind == "function":
        return _decode_function(encoded.get("results"))
    if kind == "not_attempted":
        return NOT_ATTEMPTED
    if kind == "error":
        return CallFailed(_text(encoded.get("error"))[:500])
    raise NotPlainData(_("The answer is not in a form that can be read."))


class _Counter:
    """Walk a value in either direction within the bounds of depth, items and text."""

    def __init__(self) -> None:
        self.items = 0
        self.text = 0

    def plain(self, value: object, depth: int) -> object:
        self._count(depth)
        value = _normal(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._short(value)
        if isinstance(value, datetime):
            return {"$datetime": value.isoformat()}
        if isinstance(value, date):
            return {"$date": value.isoformat()}
        if isinstance(value, int):
            return _whole(value)
        if isinstance(value, float):
            return _finite(value)
        if isinstance(value, dict):
            return self._plain_dict(value, depth)
        if isinstance(value, list | tuple | set | frozenset):
            return [self.plain(item, depth + 1) for item in value]
        raise NotPlainData(
            _("A value of type {type} cannot be an answer. Give a number, a text, a list or a table.").format(
                type=type(value).__name__[:60]
            )
        )

    def value(self, plain: object, depth: int) -> object:
        self._count(depth)
        if plain is None or isinstance(plain, bool):
            return plain
        if isinstance(plain, str):
            return self._short(plain)
        if isinstance(plain, int):
            return _whole(plain)
        if isinstance(plain, float):
            return _finite(plain)
        if isinstance(plain, list):
            return [self.value(item, depth + 1) for item in plain]
        if isinstance(plain, dict):
            tagged = _tagged(plain)
            if tagged is not None:
                return tagged
            return {self._short(_text(key)): self.value(item, depth + 1) for key, item in plain.items()}
        raise NotPlainData(_("The answer is not in a form that can be read."))

    def _plain_dict(self, value: dict[object, object], depth: int) -> dict[str, object]:
        made: dict[str, object] = {}
        for key, item in value.items():
            plain_key = _normal(key)
            if isinstance(plain_key, datetime | date):
                plain_key = plain_key.isoformat()
            if not isinstance(plain_key, str | int | float):
                raise NotPlainData(_("A key of the dictionary is of type {type}. Use texts or numbers.").format(
                    type=type(plain_key).__name__[:60]
                ))  # fmt: skip
            made[self._short(str(plain_key).lstrip("$"))] = self.plain(item, depth + 1)
        return made

    def _count(self, depth: int) -> None:
        self.items += 1
        if depth > MAX_DEPTH:
            raise NotPlainData(_("The answer is nested too deeply (more than {most} levels).").format(most=MAX_DEPTH))
        if self.items > MAX_ITEMS:
            raise NotPlainData(_("The answer holds more than {most} items. Give a table instead.").format(
                most=MAX_ITEMS
            ))  # fmt: skip

    def _short(self, text: str) -> str:
        self.text += len(text)
        if self.text > MAX_TEXT:
            raise NotPlainData(_("The text of the answer is too long."))
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotPlainData(_("The text of the answer holds characters that are not Unicode.")) from None
        return str(text)


def _normal(value: object) -> object:
    """Bring numpy and pandas scalars, arrays and indexes to Python's own types."""
    kind = type(value)
    if kind.__name__ == "NaTType" or (kind.__name__ == "NAType" and _is_from(value, "pandas")):
        return None
    if kind.__name__ == "Timestamp" and _is_from(value, "pandas"):
        return value.to_pydatetime()  # type: ignore[attr-defined]
    if _is_from(value, "numpy"):
        size = getattr(value, "size", 1)
        if size > MAX_ITEMS:
            raise NotPlainData(_("The answer holds more than {most} items. Give a table instead.").format(
                most=MAX_ITEMS
            ))  # fmt: skip
        return _normal(value.tolist())  # type: ignore[attr-defined]
    if kind.__name__.endswith("Index") and _is_from(value, "pandas"):
        return list(value)[: MAX_ITEMS + 1]  # type: ignore[call-overload]
    if isinstance(value, numbers.Real) and not isinstance(value, bool | int | float):
        return float(value)
    return value


def _whole(value: int) -> int:
    if abs(value) > 2**63:
        raise NotPlainData(_("The number of the answer is too large."))
    return int(value)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NotPlainData(_("The answer is not a finite number (NaN or infinite). Look for empty cells in the sum."))
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotPlainData(_("The answer is not in a form that can be read."))
    return value


def _tagged(plain: dict[Any, Any]) -> object | None:
    if len(plain) != 1:
        return None
    tag, value = next(iter(plain.items()))
    try:
        if tag == "$date":
            return date.fromisoformat(_text(value))
        if tag == "$datetime":
            return datetime.fromisoformat(_text(value))
    except ValueError:
        raise NotPlainData(_("A date of the answer cannot be read.")) from None
    return None


def _is_from(value: object, package: str) -> bool:
    """Say whether a value's class comes from a package that is loaded; loads nothing."""
    return package in sys.modules and any(
        base.__module__.partition(".")[0] == package for base in type(value).__mro__[:-1]
    )


def _encode_table(value: Any) -> dict[str, object]:
    import pyarrow as pa

    is_series = type(value).__name__ == "Series"
    frame = value.to_frame(name="value" if value.name is None else value.name) if is_series else value
    if len(frame) > MAX_ROWS or len(frame.columns) > MAX_COLUMNS:
        raise NotPlainData(
            _("The table has {rows} rows and {columns} columns; at most {most} rows can be handed in.").format(
                rows=len(frame), columns=len(frame.columns), most=MAX_ROWS
            )
        )
    frame = _with_index_as_columns(frame)
    if not frame.columns.is_unique:
        raise NotPlainData(_("Two columns of the table have the same name. Rename one."))
    try:
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        data = sink.getvalue().to_pybytes()
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise NotPlainData(
            _("A column of the table mixes values that do not go together ({why}).").format(why=str(error)[:200])
        ) from None
    if len(data) > MAX_TABLE_BYTES:
        raise NotPlainData(_("The table is too large to be handed in. Keep only the columns that the task asks for."))
    encoded: dict[str, object] = {"kind": "table", "arrow": base64.b64encode(data).decode()}
    return encoded | {"series": True} if is_series else encoded


def _with_index_as_columns(frame: Any) -> Any:
    """Keep a named index as columns; drop the plain numbering; give every column a text name."""
    names = [name for name in frame.index.names if name is not None]
    if (type(frame.index).__name__ == "RangeIndex" and not names) or any(name in frame.columns for name in names):
        frame = frame.reset_index(drop=True)
    else:
        frame = frame.reset_index()
    frame.columns = [
        "_".join(str(part) for part in name) if isinstance(name, tuple) else str(name) for name in frame.columns
    ]
    return frame


def _decode_table(encoded: object, *, series: bool) -> object:
    import pyarrow as pa

    text = _text(encoded)
    if len(text) > MAX_TABLE_BYTES * 4 // 3 + 4:
        raise NotPlainData(_("The table is too large to be handed in. Keep only the columns that the task asks for."))
    try:
        data = base64.b64decode(text, validate=True)
        with pa.ipc.open_stream(data) as reader:
            _require_plain_columns(reader.schema)
            table = _read_bounded(reader)
        table.validate(full=True)
        frame = table.to_pandas(ignore_metadata=True)
    except NotPlainData:
        raise
    except (pa.ArrowException, binascii.Error, ValueError, TypeError, OverflowError, OSError, KeyError):
        raise NotPlainData(_("The table of the answer cannot be read.")) from None
    return frame.iloc[:, -1] if series else frame


def _require_plain_columns(schema: Any) -> None:
    import pyarrow as pa

    if len(schema) > MAX_COLUMNS + 10:
        raise NotPlainData(_("The table has too many columns."))
    for field in schema:
        column = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        plain = (
            pa.types.is_boolean(column) or pa.types.is_integer(column) or pa.types.is_floating(column)
            or pa.types.is_string(column) or pa.types.is_large_string(column) or pa.types.is_null(column)
            or pa.types.is_date(column) or pa.types.is_timestamp(column) or pa.types.is_duration(column)
            or pa.types.is_time(column)
        )  # fmt: skip
        if not plain:
            raise NotPlainData(
                _("Column {name} holds values that are not plain (numbers, texts, dates).").format(
                    name=repr(field.name[:60])
                )
            )


def _read_bounded(reader: Any) -> Any:
    import pyarrow as pa

    batches, rows, size = [], 0, 0
    for batch in reader:
        rows += batch.num_rows
        size += batch.nbytes
        if rows > MAX_ROWS or size > 2 * MAX_TABLE_BYTES:
            raise NotPlainData(_("The table has more than {most} rows.").format(most=MAX_ROWS))
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


def _encode_figure(value: object) -> dict[str, object]:
    from matplotlib.axes import Axes as DrawnAxes
    from matplotlib.figure import Figure as DrawnFigure

    if isinstance(value, DrawnAxes):
        drawn = [value]
    elif isinstance(value, DrawnFigure):
        drawn = list(value.axes)
    else:
        raise NotPlainData(_("Give the figure or its axes (fig or ax), not a part of it."))
    counter = _Counter()
    return {"kind": "figure", "axes": [_encode_axes(axes, counter) for axes in drawn[:20]]}


def _encode_axes(axes: Any, counter: _Counter) -> dict[str, object]:
    from matplotlib.container import BarContainer
    from matplotlib.patches import Wedge

    ticks = {float(at): text.get_text() for at, text in zip(axes.get_xticks(), axes.get_xticklabels(), strict=False)}
    found = [("line", line.get_label(), line.get_xdata(), line.get_ydata()) for line in axes.get_lines()]
    for bars in axes.containers:
        if isinstance(bars, BarContainer):
            across = getattr(bars, "orientation", "vertical") == "horizontal"
            centre = [
                bar.get_y() + bar.get_height() / 2 if across else bar.get_x() + bar.get_width() / 2 for bar in bars
            ]
            if across:
                ticks = {float(at): text.get_text() for at, text in
                         zip(axes.get_yticks(), axes.get_yticklabels(), strict=False)}  # fmt: skip
            names = [ticks.get(round(float(at), 9)) or at for at in centre]
            found.append(
                ("bar", bars.get_label(), names, [bar.get_width() if across else bar.get_height() for bar in bars])
            )
    for points in axes.collections:
        offsets = points.get_offsets()
        if len(offsets):
            found.append(("scatter", points.get_label(), offsets[:, 0], offsets[:, 1]))
    wedges = [patch for patch in axes.patches if isinstance(patch, Wedge)]
    if wedges:
        shares = [(wedge.theta2 - wedge.theta1) / 360 for wedge in wedges]
        found.append(("pie", "", [wedge.get_label() for wedge in wedges], shares))
    series = [
        {
            "type": kind,
            "label": counter.plain(str(label), 0),
            "x": _points(x, counter),
            "y": _points(y, counter),
        }
        for kind, label, x, y in found
    ]
    texts = {"title": axes.get_title(), "xlabel": axes.get_xlabel(), "ylabel": axes.get_ylabel()}
    return {**{name: counter.plain(text, 0) for name, text in texts.items()}, "series": series}


def _points(values: Any, counter: _Counter) -> list[object]:
    plain = (_normal(value) for value in list(values)[:10_000])
    return [None if isinstance(value, float) and math.isnan(value) else counter.plain(value, 1) for value in plain]


def _decode_figure(encoded: object) -> Figure:
    axes = _Counter().value(encoded, 0)
    if not isinstance(axes, list) or len(axes) > 20:
        raise NotPlainData(_("The figure of the answer cannot be read."))
    return Figure(tuple(_decode_axes(one) for one in axes))


def _decode_axes(axes: object) -> Axes:
    if not isinstance(axes, dict) or not isinstance(axes.get("series"), list):
        raise NotPlainData(_("The figure of the answer cannot be read."))
    series = []
    for one in axes["series"]:
        if not isinstance(one, dict) or not isinstance(one.get("x"), list) or not isinstance(one.get("y"), list):
            raise NotPlainData(_("The figure of the answer cannot be read."))
        series.append(Series(_text(one.get("type")), _text(one.get("label")), tuple(one["x"]), tuple(one["y"])))
    return Axes(_text(axes.get("title")), _text(axes.get("xlabel")), _text(axes.get("ylabel")), tuple(series))


def _decode_function(results: object) -> object:
    if results is None:
        return FUNCTION
    if not isinstance(results, list) or len(results) > 200:
        raise NotPlainData(_("The answer is not in a form that can be read."))
    return FunctionResults(tuple(decode(result) for result in results))
