"""Courses: lessons, the rules they teach, and the widgets that let people try them."""
