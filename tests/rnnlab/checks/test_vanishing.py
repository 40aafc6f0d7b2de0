"""The checks of chapter 1: what they refuse, and what they say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_vanishing.py
"""

import functools
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from reference import fingerprint, vanishing
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
DIFFERENTIATED = ("rnn_step", "rnn_unroll")
VALUES = (
    "step_jacobian",
    "gradient_by_lag",
    "linear_gradient",
    "vanishing_bound",
)
OURS = DIFFERENTIATED + VALUES
#: Some tasks inherit the mistakes of others; one message shows them all.
INHERITED = ("rnn-step-", "step-jacobian-")
SHOWN = {
    "rnn-step-weight-hh-not-transposed",
    "step-jacobian-slope-on-the-columns",
}


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


def right(name):
    """Return the reference implementation."""
    return getattr(vanishing, name)


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


def words(outcome):
    """Return a message without its line breaks."""
    return " ".join(outcome.message.split())


def changed(name, change):
    """Return the right function with something done to each tensor."""

    def function(*arguments):
        returned = right(name)(*arguments)
        if isinstance(returned, tuple):
            return tuple(map(change, returned))
        return change(returned)

    return function


def has_golden(mistake):
    """Return whether the message of a mistake is kept."""
    inherited = mistake.id.startswith(INHERITED) and mistake.id not in SHOWN
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


def strided(tensor):
    """Return equal numbers that do not lie row by row."""
    if tensor.ndim < 2:
        return torch.stack([tensor, tensor], dim=-1)[..., 0]
    return tensor.transpose(0, 1).contiguous().transpose(0, 1)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "change", [strided, lambda tensor: tensor * 1.0], ids=["strided", "copied"]
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("graph", [True, False])
def test_values_alone_are_judged_where_a_formula_is_asked_for(name, graph):
    """With a graph or without one, the numbers are the numbers."""

    def change(tensor):
        tensor = tensor.detach()
        return tensor.requires_grad_() if graph else tensor

    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.float(), "is float32, expected float64"),
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0"),
        (lambda tensor: tensor * torch.inf, "where a finite number is right"),
        (lambda tensor: tensor * torch.nan, "where a finite number is right"),
        (lambda tensor: tensor.tolist(), "is a list, not a torch.Tensor"),
        (lambda tensor: tensor.detach().numpy(), "is an ndarray, not a torch"),
        (nn.Parameter, "is a Parameter, not a torch.Tensor"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_tensors_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    outcome = visible(name, changed(name, change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says in words(outcome)


@pytest.mark.parametrize("name", DIFFERENTIATED)
@pytest.mark.parametrize(
    "change",
    [torch.Tensor.detach, lambda tensor: tensor.detach().requires_grad_()],
)
def test_a_cut_graph_is_noticed(name, change):
    """A step that no gradient passes is not a step."""
    outcome = visible(name, changed(name, change))
    assert "No gradient reaches" in words(outcome)


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
def test_unroll_must_return_a_pair(change, says):
    """Anything else is named, with what to return."""
    outcome = visible(
        "rnn_unroll", lambda *args: change(vanishing.rnn_unroll(*args))
    )
    assert says in words(outcome)


@pytest.mark.parametrize("name", OURS)
def test_writing_into_an_input_is_named(name):
    """The sentence says which input was changed, for each of them."""
    check = checks.CHECKS[name]
    for place, argument in enumerate(check.arguments(check.public[0])):

        def writing(*arguments, place=place):
            returned = right(name)(*arguments)
            given = [a for a in arguments if isinstance(a, torch.Tensor)]
            given[place].data.add_(1)
            return returned

        message = words(visible(name, writing))
        assert f"changed its input {argument} in place" in message


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("rnn_unroll", "rnn_step"),
        ("gradient_by_lag", "rnn_unroll"),
        ("gradient_by_lag", "step_jacobian"),
    ],
)
def test_nothing_over_an_unwritten_part_can_be_checked(
    name, part, monkeypatch
):
    """It is not this task's fault, and the message says whose it is."""

    def unwritten(*_):
        raise NotImplementedError

    monkeypatch.setattr(vanishing, part, unwritten)
    outcome = visible(name, right(name))
    assert outcome.verdict is Verdict.CANNOT_CHECK
    assert "calls unwritten" in outcome.message


def test_truncation_shows_in_the_gradient_alone():
    """Cutting the graph between steps leaves every value right."""
    (mistake,) = (
        m
        for m in MISTAKES
        if m.check == "rnn_unroll" and m.id == "state-detached-between-steps"
    )
    check = checks.rnn_unroll
    case = check.public[1]
    (report,) = check.reports(mistake.variant, [case])
    for name, expected in check.expected(case).items():
        same = name in report.tensors and np.allclose(
            report.tensors[name], expected
        )
        assert same == (not name.startswith("gradient")), name


def test_a_far_gradient_must_be_right_though_it_is_tiny():
    """An entry of 1e-9 that is off by one part in a thousand is wrong."""
    check = checks.gradient_by_lag
    cases = [c for c in check.challenge("far") if c.sizes["seq_len"] == 60]
    (case,) = cases
    smallest = check.expected(case)["gradient_norms"].min()
    assert smallest < 1e-9

    def rounded(*arguments):
        norms = vanishing.gradient_by_lag(*arguments)
        return torch.where(norms == norms.min(), norms * 1.001, norms)

    assert check.judge_hidden(
        check.reports(vanishing.gradient_by_lag, cases), cases
    ).passed
    assert not check.judge_hidden(check.reports(rounded, cases), cases).passed


def test_hidden_check_catches_what_only_long_lags_show():
    """A function that stops multiplying after 20 steps does not pass."""

    def lazy(grad_hidden_state, weight_hh, lag):
        return vanishing.linear_gradient(
            grad_hidden_state, weight_hh, min(lag, 20)
        )

    assert visible("linear_gradient", lazy).passed
    outcome = hidden("linear_gradient", lazy)
    assert "fails when lag is large" in words(outcome)


@pytest.mark.parametrize("name", VALUES)
def test_asking_autograd_back_on_is_allowed(name):
    """Whoever switches it on again and is right, is right."""

    def stubborn(*arguments):
        with torch.enable_grad():
            return right(name)(*arguments)

    assert visible(name, stubborn).passed
