"""A task that calls another one, which is not written yet."""

import sys

import pytest
from trying import right, unwritten, visible

from rnnlab.checks.outcome import Verdict


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("rnn_unroll", "rnn_step"),
        ("gradient_by_lag", "rnn_unroll"),
        ("gradient_by_lag", "step_jacobian"),
        ("clip_by_norm", "global_gradient_norm"),
        ("lstm_unroll", "lstm_step"),
        ("decoder_step", "attention"),
    ],
)
def test_nothing_over_an_unwritten_part_can_be_checked(
    name, part, monkeypatch
):
    """It is not this task's fault, and the message says whose it is."""
    module = sys.modules[right(name).__module__]
    monkeypatch.setattr(module, part, unwritten)
    outcome = visible(name, right(name))
    assert outcome.verdict is Verdict.CANNOT_CHECK
    assert "calls unwritten" in outcome.message
