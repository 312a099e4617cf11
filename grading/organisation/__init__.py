"""Units, people and posts."""
