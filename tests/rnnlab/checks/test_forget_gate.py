"""The check of an LSTM's open forget gate: what it accepts and refuses."""

import pytest
import torch
from torch import nn
from trying import hidden, visible

from reference.lstm import open_forget_gate
from rnnlab.checks.outcome import Verdict
from rnnlab.layout import gate_slices

NAME = "open_forget_gate"


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

    assert visible(NAME, split).passed
    assert hidden(NAME, split).passed


def test_returning_the_lstm_gets_a_sentence():
    """It works in place, so it returns None."""

    def returning(lstm, bias):
        open_forget_gate(lstm, bias)
        return lstm

    message = visible(NAME, returning).message
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

    outcome = visible(NAME, refusing)
    assert outcome.verdict is verdict
    assert says in outcome.message


def test_renamed_parameters_get_a_sentence():
    """A parameter that is gone is noticed."""

    def deleting(lstm, bias):
        open_forget_gate(lstm, bias)
        lstm.extra = nn.Parameter(torch.zeros(1))

    message = visible(NAME, deleting).message
    assert "other parameters than before" in message
