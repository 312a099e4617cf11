"""Generate a dataset by its name."""

from collections.abc import Sequence
from datetime import date

from datasets.faults import FAULT_KINDS
from datasets.ho_so import Dataset, generate_ho_so

__all__ = ["Dataset", "generate"]


def generate(
    name: str, *, seed: int, rows: int, as_at: date, tree: str = "2026", faults: Sequence[str] = FAULT_KINDS
) -> Dataset:
    """Return a dataset; the same arguments give the same bytes. `ValueError` names what cannot be made."""
    if name != "ho-so":
        raise ValueError(f"there is no dataset {name!r}; known: ho-so")
    return generate_ho_so(seed=seed, rows=rows, as_at=as_at, tree=tree, faults=faults)
