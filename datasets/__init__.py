"""Generators of sample procedure data: pure functions of seed, rows and date."""
