"""Interactive parts of lessons and exercises, for Jupyter."""
