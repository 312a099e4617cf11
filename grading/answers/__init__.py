"""Answers as plain data, and the messages that carry them."""
