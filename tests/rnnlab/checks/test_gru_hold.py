"""The check of biases that hold a GRU's hidden state."""

import functools
import math

import numpy as np
import pytest
import torch

from reference import fingerprint
from reference.gru import gru_hold_forever
from rnnlab import checks
from rnnlab.checks import gru_hold, holding
from rnnlab.layout import GRU_GATES, gate_slices

CHECK = checks.gru_hold_forever


@pytest.fixture(autouse=True)
def _one_thread():
    """Run small tensors on one thread, which is faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@functools.cache
def rows():
    """Return the fingerprints of the check's mistakes."""
    return fingerprint.rows(CHECK)


def visible(function):
    """Return the outcome of the visible check."""
    reports = CHECK.reports(function, CHECK.public)
    return CHECK.judge_visible(reports, CHECK.public, rows())


def hidden(function):
    """Return the outcome of the hidden check."""
    cases = CHECK.challenge("a nonce")
    return CHECK.judge_hidden(CHECK.reports(function, cases), cases)


def biases(hidden_size, far, share=1.0, dtype=torch.float32):
    """Return biases of a given size, shared between the two."""
    total = torch.zeros(3 * hidden_size, dtype=dtype)
    total[gate_slices(hidden_size, GRU_GATES)["update"]] = far
    return share * total, (1 - share) * total


@pytest.mark.parametrize("far", [19.5, 25.0, 1e4, 1e30])
def test_every_bias_that_is_large_enough_holds(far):
    """The property decides, not a number that somebody chose."""

    def hold_them(hidden_size):
        return biases(hidden_size, far)

    assert visible(hold_them).passed
    assert hidden(hold_them).passed


@pytest.mark.parametrize("far", [2.0, 12.0, 18.0, 18.7])
def test_every_bias_that_is_too_small_is_named(far):
    """The visible check catches what the hidden one would, by name."""

    def hold_them(hidden_size):
        return biases(hidden_size, far)

    assert visible(hold_them).mistake == "too-small"
    assert not hidden(hold_them).passed


@pytest.mark.parametrize("share", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_biases_may_be_shared_and_of_either_dtype(share, dtype):
    """What counts is the sum."""

    def hold_them(hidden_size):
        return biases(hidden_size, 25.0, share, dtype)

    assert visible(hold_them).passed


@pytest.mark.parametrize(("reset", "new"), [(20.0, 0.0), (-20.0, 5.0)])
def test_the_other_two_blocks_are_free(reset, new):
    """Behind an open update gate neither of them is ever seen."""

    def hold_them(hidden_size):
        bias_ih, bias_hh = gru_hold_forever(hidden_size)
        block = gate_slices(hidden_size, GRU_GATES)
        bias_hh[block["reset"]], bias_hh[block["new"]] = reset, new
        return bias_ih, bias_hh

    assert visible(hold_them).passed


def test_integers_get_a_sentence():
    """A bias of integers cannot be trained."""

    def hold_them(hidden_size):
        return tuple(bias.long() for bias in gru_hold_forever(hidden_size))

    message = visible(hold_them).message
    assert "bias_ih is int64. Return floating point numbers." in message


@pytest.mark.parametrize("far", [10.0, 14.0, 17.0])
def test_judge_runs_what_scalar_loops_run(far):
    """The state it finds is that of eq-gru-hidden-state, step by step."""
    case = CHECK.public[1]
    (units,) = case.sizes.values()
    names = ("bias_ih", "bias_hh")
    given = dict(
        zip(names, (b.numpy() for b in biases(units, far)), strict=True)
    )
    _, after = CHECK.run(given, case)
    update_gate = 1 / (1 + math.exp(-(far - holding.MARGIN)))
    expected = -1.0
    for _ in range(holding.STEPS):
        written = (1 - update_gate) * math.tanh(holding.MARGIN)
        expected = written + update_gate * expected
    torch.testing.assert_close(
        after, torch.full_like(after, expected), rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("number", range(3))
def test_judge_stays_within_the_bounds_of_the_task(number):
    """Weights, inputs and first states are what the exercise promises."""
    case = CHECK.public[number]
    (units,) = case.sizes.values()
    zeros = np.zeros(3 * units)
    given = {"bias_ih": zeros, "bias_hh": zeros}
    gru, inputs, hidden_state = gru_hold._situation(case, given)
    reach = gru.weight_ih_l0.abs().sum(1) + gru.weight_hh_l0.abs().sum(1)
    assert reach.max() <= holding.MARGIN + 1e-5
    assert len(inputs) == holding.STEPS
    for tensor in (inputs, hidden_state):
        assert tensor.abs().max() <= 1
