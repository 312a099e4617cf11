"""Run learner code where it can do no harm, and hand back what it produced."""

from grading.sandbox.box import Sandbox, SandboxRefused
from grading.sandbox.outcome import Limits, Run, RunOutcome

__all__ = ["Limits", "Run", "RunOutcome", "Sandbox", "SandboxRefused"]
