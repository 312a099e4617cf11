"""Run a notebook under limits, away from everything it may not touch."""
