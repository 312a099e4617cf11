"""Synthetic data for lessons and exercises: pure functions of (dataset, seed, rows, date)."""

from datasets.generation import Dataset, generate
from datasets.tables import to_csv, to_xlsx

__all__ = ["Dataset", "generate", "to_csv", "to_xlsx"]
