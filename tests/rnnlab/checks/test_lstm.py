"""The checks of an LSTM, one step and unrolled: what they refuse and say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_lstm.py
"""

import functools
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reference import fingerprint
from reference.lstm import lstm_step, lstm_unroll
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.outcome import Verdict
from rnnlab.layout import LSTMState

GOLDEN = Path(__file__).parent / "golden"
OURS = ("lstm_step", "lstm_unroll", "open_forget_gate", "hold_forever")
#: lstm_unroll inherits the mistakes of lstm_step; one message shows them all.
INHERITED = "lstm-step-"
SHOWN = "lstm-step-input-and-forget-gate-swapped"


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


def has_golden(mistake):
    """Return whether the message of a mistake is kept."""
    inherited = mistake.id.startswith(INHERITED) and mistake.id != SHOWN
    return mistake.check in OURS and not inherited


@pytest.mark.parametrize(
    "mistake",
    [mistake for mistake in MISTAKES if has_golden(mistake)],
    ids=lambda mistake: f"{mistake.check}-{mistake.id}",
)
def test_message_is_the_one_that_was_reviewed(mistake):
    """Byte for byte."""
    # A frame says where in the catalogue the mistake stands; leave it out.
    lines = visible(mistake.check, mistake.variant).message.splitlines()
    lines = [line for line in lines if not line.startswith("  at  ")]
    text = "\n".join(lines) + "\n"
    file = GOLDEN / mistake.check / f"{mistake.id}.txt"
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    assert file.read_bytes() == text.encode()


@pytest.mark.parametrize("name", OURS)
def test_no_golden_message_is_left_over(name):
    """Each belongs to a mistake of the catalogue."""
    kept = {file.stem for file in (GOLDEN / name).glob("*.txt")}
    known = {m.id for m in MISTAKES if m.check == name and has_golden(m)}
    assert kept == known


# lstm_step and lstm_unroll


def both(change):
    """Return the two functions with something done to their result."""

    def step(*arguments):
        return LSTMState(*map(change, lstm_step(*arguments)))

    def unroll(*arguments):
        hidden_states, state = lstm_unroll(*arguments)
        return change(hidden_states), LSTMState(*map(change, state))

    return {"lstm_step": step, "lstm_unroll": unroll}


def strided(tensor):
    """Return equal numbers that do not lie row by row."""
    return tensor.transpose(0, 1).contiguous().transpose(0, 1)


@pytest.mark.parametrize("name", ["lstm_step", "lstm_unroll"])
@pytest.mark.parametrize(
    "change", [strided, lambda tensor: tensor * 1.0], ids=["strided", "copied"]
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, both(change)[name]).passed
    assert hidden(name, both(change)[name]).passed


@pytest.mark.parametrize("name", ["lstm_step", "lstm_unroll"])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.float(), "is float32, expected float64"),
        (lambda tensor: tensor.detach(), "No gradient reaches"),
        (lambda tensor: tensor.detach().requires_grad_(), "No gradient"),
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0, "),
        (lambda tensor: tensor * torch.inf, "where a finite number is right"),
        (lambda tensor: tensor.tolist(), "is a list, not a torch.Tensor"),
        (lambda tensor: tensor.detach().numpy(), "is an ndarray, not a torch"),
        (nn.Parameter, "is a Parameter, not a torch.Tensor"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_tensors_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    outcome = visible(name, both(change)[name])
    assert outcome.verdict is Verdict.NOT_YET
    assert says in " ".join(outcome.message.split())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (tuple, "is a tuple, not an LSTMState"),
        (list, "is a list, not an LSTMState"),
        (lambda state: state[0], "is a Tensor, not an LSTMState"),
        (lambda _: None, "is None, not an LSTMState"),
    ],
)
def test_step_must_return_an_lstm_state(change, says):
    """Anything else is named, with what to return."""
    outcome = visible("lstm_step", lambda *args: change(lstm_step(*args)))
    assert says in " ".join(outcome.message.split())


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
def test_unroll_must_return_a_pair(change, says):
    """Anything else is named, with what to return."""
    outcome = visible("lstm_unroll", lambda *args: change(lstm_unroll(*args)))
    assert says.lower() in " ".join(outcome.message.split()).lower()


@pytest.mark.parametrize("place", [0, 2, 3, 4, 5])
@pytest.mark.parametrize(
    ("name", "right"), [("lstm_step", lstm_step), ("lstm_unroll", lstm_unroll)]
)
def test_writing_into_an_input_is_named(name, right, place):
    """The sentence says which input was changed."""

    def writing(*arguments):
        returned = right(*arguments)
        arguments[place].data.mul_(2)
        return returned

    check = checks.CHECKS[name]
    names = list(check.arguments(check.public[0]))
    argument = names[0] if place == 0 else names[place + 1]
    message = visible(name, writing).message
    assert f"changed its input {argument} in place" in " ".join(
        message.split()
    )


def test_unroll_over_an_unwritten_step_cannot_be_checked():
    """It is not the loop's fault, and the message says whose it is."""

    def unwritten_step(*_):
        raise NotImplementedError

    def unroll(inputs, state, *parameters):
        return unwritten_step(inputs[0], state, *parameters)

    outcome = visible("lstm_unroll", unroll)
    assert outcome.verdict is Verdict.CANNOT_CHECK
    assert "calls unwritten_step" in outcome.message


def test_truncation_shows_in_the_gradient_alone():
    """Cutting the graph between steps leaves every value right."""
    (mistake,) = (
        m
        for m in MISTAKES
        if m.check == "lstm_unroll" and m.id == "state-detached-between-steps"
    )
    check = checks.lstm_unroll
    case = check.public[1]
    (report,) = check.reports(mistake.variant, [case])
    expected = check.expected(case)
    for name, right in expected.items():
        same = name in report.tensors and np.allclose(
            report.tensors[name], right
        )
        assert same == (not name.startswith("gradient")), name
