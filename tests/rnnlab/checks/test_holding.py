"""The checks of biases that hold a state: an LSTM's and a GRU's."""

import math

import numpy as np
import pytest
import torch
from trying import changed, hidden, visible

from rnnlab import checks
from rnnlab.checks import gru_hold, hold, holding
from rnnlab.layout import GRU_GATES, LSTM_GATES, gate_slices

GATES = {"hold_forever": LSTM_GATES, "gru_hold_forever": GRU_GATES}
SITUATIONS = {
    "hold_forever": hold._situation,
    "gru_hold_forever": gru_hold._situation,
}
#: Which way the bias of each gate must be far from 0, by check.
SIGNS = {
    "hold_forever": {"forget": 1, "input": -1},
    "gru_hold_forever": {"update": 1},
}

both = pytest.mark.parametrize("name", GATES)


def biases(name, far, share=1.0, dtype=torch.float32):
    """Return a function that gives the gates biases of a given size.

    Args:
        name: Name of the check.
        far: Size of each bias that matters.
        share: Which part of it is in bias_ih; the rest is in bias_hh.
        dtype: Of both.
    """
    gates = GATES[name]

    def hold_them(hidden_size):
        rows = gate_slices(hidden_size, gates)
        total = torch.zeros(len(gates) * hidden_size, dtype=dtype)
        for gate, sign in SIGNS[name].items():
            total[rows[gate]] = sign * far
        return share * total, (1 - share) * total

    return hold_them


@both
@pytest.mark.parametrize("far", [19.5, 25.0, 1e4, 1e30])
def test_every_bias_that_is_large_enough_holds(name, far):
    """The property decides, not a number that somebody chose."""
    assert visible(name, biases(name, far)).passed
    assert hidden(name, biases(name, far)).passed


@both
@pytest.mark.parametrize("far", [2.0, 12.0, 18.0, 18.7])
def test_every_bias_that_is_too_small_is_named(name, far):
    """The visible check catches what the hidden one would, by name."""
    assert visible(name, biases(name, far)).mistake == "too-small"
    assert not hidden(name, biases(name, far)).passed


@both
@pytest.mark.parametrize("share", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_biases_may_be_shared_and_of_either_dtype(name, share, dtype):
    """What counts is the sum."""
    assert visible(name, biases(name, 25.0, share, dtype)).passed


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("hold_forever", {"cell": 5.0, "output": -3.0}),
        ("gru_hold_forever", {"reset": 20.0, "new": 0.0}),
        ("gru_hold_forever", {"reset": -20.0, "new": 5.0}),
    ],
)
def test_the_other_two_blocks_are_free(name, others):
    """Neither of them touches what the gates keep."""

    def with_others(pair):
        bias_ih, bias_hh = pair
        rows = gate_slices(len(bias_hh) // len(GATES[name]), GATES[name])
        for gate, value in others.items():
            bias_hh[rows[gate]] = value
        return bias_ih, bias_hh

    assert visible(name, changed(name, with_others)).passed


@both
def test_integers_get_a_sentence(name):
    """A bias of integers cannot be trained."""

    def whole(pair):
        return tuple(bias.long() for bias in pair)

    message = visible(name, changed(name, whole)).message
    assert "bias_ih is int64. Return floating point numbers." in message


@both
@pytest.mark.parametrize("far", [10.0, 14.0, 17.0])
def test_judge_runs_what_scalar_loops_run(name, far):
    """The state it finds is eq-lstm-cell-state's or eq-gru-hidden-state's.

    An LSTM's input gate is here what is left of its forget gate, so both
    equations are one loop.
    """
    check = checks.CHECKS[name]
    case = check.public[1]
    pair = biases(name, far)(case.sizes["hidden_size"])
    given = dict(zip(holding.NAMES, map(np.asarray, pair), strict=True))
    _, after = check.run(given, case)
    kept = 1 / (1 + math.exp(-(far - holding.MARGIN)))
    write = math.tanh(holding.MARGIN) / (1 + math.exp(far - holding.MARGIN))
    expected = -1.0
    for _ in range(holding.STEPS):
        expected = kept * expected + write
    torch.testing.assert_close(
        after, torch.full_like(after, expected), rtol=0, atol=1e-9
    )


@both
@pytest.mark.parametrize("number", range(3))
def test_judge_stays_within_the_bounds_of_the_task(name, number):
    """Weights, inputs and first states are what the exercise promises."""
    case = checks.CHECKS[name].public[number]
    zeros = np.zeros(len(GATES[name]) * case.sizes["hidden_size"])
    given = dict.fromkeys(holding.NAMES, zeros)
    layer, inputs, state = SITUATIONS[name](case, given)
    reach = layer.weight_ih_l0.abs().sum(1) + layer.weight_hh_l0.abs().sum(1)
    assert reach.max() <= holding.MARGIN + 1e-5
    assert len(inputs) == holding.STEPS
    for tensor in (inputs, *(state if type(state) is tuple else (state,))):
        assert tensor.abs().max() <= 1
