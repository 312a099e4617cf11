"""How fast 100,000 dossiers are generated."""

from datetime import date
from statistics import median
from time import perf_counter

from datasets import generate, to_csv


def rows() -> list[dict[str, object]]:
    """Return the medians of three runs; the peer is writing the same table as CSV."""
    made, written = [], []
    for seed in range(3):
        start = perf_counter()
        table = generate("ho-so", seed=seed, rows=100_000, as_at=date(2026, 9, 30)).table
        made.append(perf_counter() - start)
        start = perf_counter()
        to_csv(table)
        written.append(perf_counter() - start)
    value, peer = median(made), median(written)
    return [
        {
            "name": "generate 100,000 dossiers", "value": value, "unit": "s", "peer": f"to_csv {peer:.2f} s",
            "ratio": peer / value, "must": 5.0, "aim": 2.0,
        }
    ]  # fmt: skip
