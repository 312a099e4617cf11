"""Draw the department report's chart: completion by unit, as SVG."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from matplotlib.figure import Figure

from grading.answers.language import translator
from grading.progress.counts import ModuleCount

MOST_UNITS = 20
SHADES = (
    ("completed_on_time", "#1b7a4b", ""),
    ("completed_late", "#8fc7a8", "//"),
    ("in_progress", "#f2c14e", ""),
    ("not_started", "#c9ced6", ""),
    ("overdue", "#b3312c", "xx"),
)


def draw_completion(counts: Sequence[ModuleCount], labels: dict[str, str], language: str | None = None) -> str:
    """Return an SVG of stacked bars, one per unit, the units with most overdue first (at most twenty).

    Colour is not the only mark: late and overdue are hatched, so the chart can be read in grey.
    """
    _ = translator("reports", language)
    units = _sums_by_unit(counts)
    shown = sorted(units, key=lambda name: (-units[name]["overdue"], name))[:MOST_UNITS][::-1]
    figure = Figure(figsize=(9, 1.6 + 0.32 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    left = [0] * len(shown)
    for field, colour, hatch in SHADES:
        widths = [units[name][field] for name in shown]
        axes.barh(shown, widths, left=left, color=colour, hatch=hatch, edgecolor="white", label=labels[field])
        left = [before + width for before, width in zip(left, widths, strict=True)]
    axes.set_xlabel(_("Number of obligations"))
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside upper left", ncols=len(SHADES), frameon=False, fontsize=8)
    return _svg(figure)


def _sums_by_unit(counts: Sequence[ModuleCount]) -> dict[str, dict[str, int]]:
    sums: defaultdict[str, dict[str, int]] = defaultdict(lambda: {field: 0 for field, _, _ in SHADES})
    for count in counts:
        for field, _, _ in SHADES:
            sums[count.unit_name][field] += getattr(count, field)
    return dict(sums)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
