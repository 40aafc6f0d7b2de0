"""The checks of an LSTM's biases: what they accept and refuse."""

import functools
import math

import numpy as np
import pytest
import torch
from torch import nn

from reference import fingerprint
from reference.lstm import hold_forever, open_forget_gate
from rnnlab import checks
from rnnlab.checks import hold
from rnnlab.checks.outcome import Verdict
from rnnlab.layout import gate_slices


@pytest.fixture(autouse=True)
def _one_thread():
    """Run small tensors on one thread, which is faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@functools.cache
def rows(name):
    """Return the fingerprints of a check's mistakes."""
    return fingerprint.rows(checks.CHECKS[name])


def visible(name, function):
    """Return the outcome of the visible check."""
    check = checks.CHECKS[name]
    reports = check.reports(function, check.public)
    return check.judge_visible(reports, check.public, rows(name))


def hidden(name, function, nonce="a nonce"):
    """Return the outcome of the hidden check for a nonce."""
    check = checks.CHECKS[name]
    cases = check.challenge(nonce)
    return check.judge_hidden(check.reports(function, cases), cases)


# open_forget_gate


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, -2.0])
def test_any_split_between_the_two_biases_passes(share):
    """What counts is the sum."""

    @torch.no_grad()
    def split(lstm, bias):
        if not lstm.bias:
            raise ValueError("no biases")
        forget = gate_slices(lstm.hidden_size)["forget"]
        for name, parameter in lstm.named_parameters():
            if name.startswith("bias"):
                part = share if "_ih_" in name else 1 - share
                parameter[forget] = part * bias

    assert visible("open_forget_gate", split).passed
    assert hidden("open_forget_gate", split).passed


def test_returning_the_lstm_gets_a_sentence():
    """It works in place, so it returns None."""

    def returning(lstm, bias):
        open_forget_gate(lstm, bias)
        return lstm

    message = visible("open_forget_gate", returning).message
    assert "It returned an LSTM. It changes the LSTM in place" in message


@pytest.mark.parametrize(
    ("error", "verdict", "says"),
    [
        (ValueError(), Verdict.NOT_YET, "has no message"),
        (KeyError("bias_ih_l0"), Verdict.RAISED, "raised KeyError"),
        (AssertionError("no bias"), Verdict.RAISED, "raised AssertionError"),
    ],
)
def test_refusing_in_another_way_is_not_right(error, verdict, says):
    """A ValueError with a message is asked for."""

    def refusing(lstm, bias):
        if not lstm.bias:
            raise error
        open_forget_gate(lstm, bias)

    outcome = visible("open_forget_gate", refusing)
    assert outcome.verdict is verdict
    assert says in outcome.message


def test_renamed_parameters_get_a_sentence():
    """A parameter that is gone is noticed."""

    def deleting(lstm, bias):
        open_forget_gate(lstm, bias)
        lstm.extra = nn.Parameter(torch.zeros(1))

    message = visible("open_forget_gate", deleting).message
    assert "other parameters than before" in message


# hold_forever


def biases(hidden_size, far, share=1.0, dtype=torch.float32):
    """Return biases of a given size, shared between the two."""
    rows = gate_slices(hidden_size)
    total = torch.zeros(4 * hidden_size, dtype=dtype)
    total[rows["forget"]], total[rows["input"]] = far, -far
    return share * total, (1 - share) * total


@pytest.mark.parametrize("far", [19.5, 25.0, 1e4, 1e30])
def test_every_bias_that_is_large_enough_holds(far):
    """The property decides, not a number that somebody chose."""

    def hold_them(hidden_size):
        return biases(hidden_size, far)

    assert visible("hold_forever", hold_them).passed
    assert hidden("hold_forever", hold_them).passed


@pytest.mark.parametrize("far", [2.0, 12.0, 18.0, 18.7])
def test_every_bias_that_is_too_small_is_named(far):
    """The visible check catches what the hidden one would, by name."""

    def hold_them(hidden_size):
        return biases(hidden_size, far)

    assert visible("hold_forever", hold_them).mistake == "too-small"
    assert not hidden("hold_forever", hold_them).passed


@pytest.mark.parametrize("share", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_biases_may_be_shared_and_of_either_dtype(share, dtype):
    """What counts is the sum."""

    def hold_them(hidden_size):
        return biases(hidden_size, 25.0, share, dtype)

    assert visible("hold_forever", hold_them).passed


def test_the_other_two_blocks_are_free():
    """Neither the candidate nor the output gate touches what is kept."""

    def hold_them(hidden_size):
        bias_ih, bias_hh = hold_forever(hidden_size)
        rows = gate_slices(hidden_size)
        bias_hh[rows["cell"]], bias_hh[rows["output"]] = 5.0, -3.0
        return bias_ih, bias_hh

    assert visible("hold_forever", hold_them).passed


def test_integers_get_a_sentence():
    """A bias of integers cannot be trained."""

    def hold_them(hidden_size):
        return tuple(bias.long() for bias in hold_forever(hidden_size))

    message = visible("hold_forever", hold_them).message
    assert "bias_ih is int64. Return floating point numbers." in message


@pytest.mark.parametrize("far", [10.0, 14.0, 17.0])
def test_judge_runs_what_scalar_loops_run(far):
    """The cell state it finds is that of eq-lstm-cell-state, step by step."""
    case = checks.hold_forever.public[1]
    (units,) = case.sizes.values()
    given = dict(
        zip(
            ("bias_ih", "bias_hh"),
            (bias.numpy() for bias in biases(units, far)),
            strict=True,
        )
    )
    lstm, inputs, state = hold._situation(case, given)
    with torch.no_grad():
        _, (_, cell_state) = lstm(inputs, state)
    forget_gate = 1 / (1 + math.exp(-(far - hold.MARGIN)))
    write = math.tanh(hold.MARGIN) / (1 + math.exp(far - hold.MARGIN))
    expected = -1.0
    for _ in range(hold.STEPS):
        expected = forget_gate * expected + write
    torch.testing.assert_close(
        cell_state, torch.full_like(cell_state, expected), rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("number", range(3))
def test_judge_stays_within_the_bounds_of_the_task(number):
    """Weights, inputs and first states are what the exercise promises."""
    case = checks.hold_forever.public[number]
    (units,) = case.sizes.values()
    zeros = np.zeros(4 * units)
    given = {"bias_ih": zeros, "bias_hh": zeros}
    lstm, inputs, (hidden_state, cell_state) = hold._situation(case, given)
    reach = lstm.weight_ih_l0.abs().sum(1) + lstm.weight_hh_l0.abs().sum(1)
    assert reach.max() <= hold.MARGIN + 1e-5
    assert len(inputs) == hold.STEPS
    for tensor in (inputs, hidden_state, cell_state):
        assert tensor.abs().max() <= 1
