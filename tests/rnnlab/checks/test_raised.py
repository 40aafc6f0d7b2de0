"""Where a function raises, the message shows the learner's own lines."""

import re

from trying import visible

from rnnlab.checks.outcome import Verdict


def _norms(parameters):
    return [parameter.grad.norms() for parameter in parameters]


def global_gradient_norm(parameters):
    """Call a helper that asks a tensor for what it does not have."""
    return sum(_norms(parameters))


def test_the_lines_that_raised_are_shown():
    """The call and the helper's line, with their numbers and names."""
    outcome = visible("global_gradient_norm", global_gradient_norm)
    assert outcome.verdict is Verdict.RAISED
    shown = re.findall(
        r"^  at +line \d+ in (.*)$", outcome.message, re.MULTILINE
    )
    assert shown[0].startswith("global_gradient_norm: return sum(_norms(")
    assert shown[1].startswith("_norms: return [parameter.grad.norms()")
    assert "AttributeError" in outcome.message
