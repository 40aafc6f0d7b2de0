"""The checks of recurrent cells: what a step and an unroll must return."""

import numpy as np
import pytest
from trying import changed, refusal

from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.layout import LSTMState


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (tuple, "is a tuple, not an LSTMState"),
        (list, "is a list, not an LSTMState"),
        (lambda state: state[0], "is a Tensor, not an LSTMState"),
        (lambda _: None, "is None, not an LSTMState"),
    ],
)
def test_an_lstms_step_must_return_an_lstm_state(change, says):
    """Anything else is named, with what to return."""
    assert says in refusal("lstm_step", changed("lstm_step", change))


@pytest.mark.parametrize("name", ["gru_step", "lecture_gru_step"])
def test_an_lstms_state_is_named(name):
    """A GRU has one state, and the sentence says so."""
    said = refusal(name, changed(name, lambda h: LSTMState(h, h)))
    assert "is an LSTMState. A GRU" in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda pair: pair[0], "is a Tensor, not a pair"),
        (list, "is a list, not a pair"),
        (lambda pair: (*pair, pair[1]), "is a tuple, not a pair"),
        (lambda pair: (list(pair[0]), pair[1]), "hidden_states is a list"),
        (lambda pair: (pair[0], (pair[1],)), "hidden_state is a tuple"),
    ],
)
def test_an_rnns_unroll_must_return_a_pair(change, says):
    """Anything else is named, with what to return."""
    assert says in refusal("rnn_unroll", changed("rnn_unroll", change))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda pair: pair[0], "is a Tensor, not a pair"),
        (lambda pair: pair[1], "is an LSTMState alone"),
        (list, "is a list, not a pair"),
        (lambda pair: (pair[0], *pair[1]), "is a tuple, not a pair"),
        (lambda pair: (pair[0], tuple(pair[1])), "the final state is a tuple"),
        (lambda pair: (list(pair[0]), pair[1]), "hidden_states is a list"),
    ],
)
def test_an_lstms_unroll_must_return_a_pair(change, says):
    """Anything else is named, with what to return."""
    said = refusal("lstm_unroll", changed("lstm_unroll", change))
    assert says.lower() in said.lower()


@pytest.mark.parametrize("name", ["rnn_unroll", "lstm_unroll"])
def test_truncation_shows_in_the_gradient_alone(name):
    """Cutting the graph between steps leaves every value right."""
    (mistake,) = (
        m
        for m in MISTAKES
        if m.check == name and m.id == "state-detached-between-steps"
    )
    check = checks.CHECKS[name]
    case = check.public[1]
    (report,) = check.reports(mistake.variant, [case])
    for tensor, expected in check.expected(case).items():
        same = tensor in report.tensors and np.allclose(
            report.tensors[tensor], expected
        )
        assert same == (not tensor.startswith("gradient")), tensor
