"""What a learner imports: `from hocvu import check, submit`."""

from grading.answers.client import check, check_all, submit

__all__ = ["check", "check_all", "submit"]
