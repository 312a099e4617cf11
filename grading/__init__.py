"""Grading: from an answer to a department report."""
