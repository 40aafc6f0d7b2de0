"""What a check says: five verdicts, and the exception that carries one."""

import enum
from dataclasses import dataclass


class Verdict(enum.Enum):
    """The five ways a check can end.

    ``RAISED`` is the learner's code failing; ``CANNOT_CHECK`` is ours, or a
    task that this one builds on and that is not there yet.
    """

    PASSED = "passed"
    NOT_YET = "not yet"
    NOT_ATTEMPTED = "not attempted"
    RAISED = "raised"
    CANNOT_CHECK = "cannot check"


@dataclass(frozen=True)
class Outcome:
    """A verdict and the paragraph that explains it.

    Attributes:
        check: Name of the check.
        verdict: One of the five.
        message: At most 9 lines of at most 80 columns.
        mistake: Id of the catalogued mistake, where it is proved, or "".
    """

    check: str
    verdict: Verdict
    message: str
    mistake: str = ""

    @property
    def passed(self):
        """Whether the task is solved."""
        return self.verdict is Verdict.PASSED


class CheckFailed(AssertionError):  # noqa: N818 - shown to learners
    """A check that did not pass; shows its paragraph and no library frames."""

    def __init__(self, outcome):
        super().__init__(outcome.message)
        self.outcome = outcome

    def _render_traceback_(self):
        """Tell IPython to print the message in place of a traceback."""
        return self.outcome.message.splitlines()
