"""Measurements, run by one command: `make bench`. Ratios against a peer measured in the same run."""
