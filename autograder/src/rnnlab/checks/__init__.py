"""Checks: what a learner calls below a cell to see how far it is.

``checks.lstm_step(lstm_step)`` checks, ``checks.hint("lstm_step")`` helps.
Cases, drive and judge never mix; see ``check.py``.
"""

from rnnlab.checks import lstm as _lstm

lstm_step = _lstm.LSTMStep()

#: All checks by name.
CHECKS = {check.name: check for check in (lstm_step,)}


def hint(name, number=1):
    """Print a hint for a task.

    Args:
        name: Name of the task, e.g. "lstm_step".
        number: Which hint, from 1; each one narrows.

    Raises:
        KeyError: there is no such task; the message lists them.
    """
    if name not in CHECKS:
        names = ", ".join(CHECKS)
        raise KeyError(f"no task called {name!r}; there are {names}")
    CHECKS[name].hint(number)
