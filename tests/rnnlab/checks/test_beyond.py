"""The checks of linear recurrences and of text to text: what they say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_beyond.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from reference import beyond, fingerprint
from reference.mistakes import MISTAKES
from rnnlab import checks, recurrence
from rnnlab.checks import linear_recurrence
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
OURS = (
    "combine",
    "parallel_scan",
    "linear_recurrence_gradient",
    "min_gru",
    "log_space_scan",
    "as_text_to_text",
)
#: Those that return one tensor.
STATES = OURS[1:5]
DIFFERENTIATED = ("parallel_scan", "min_gru", "log_space_scan")


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


def flat(outcome):
    """Return a message as one line."""
    return " ".join(outcome.message.split())


@pytest.mark.parametrize(
    "mistake",
    [mistake for mistake in MISTAKES if mistake.check in OURS],
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
    assert kept == {m.id for m in MISTAKES if m.check == name}


def changed(name, change):
    """Return a right function with something done to its result."""

    def function(*arguments):
        return change(getattr(beyond, name)(*arguments))

    return function


def strided(tensor):
    """Return equal numbers that do not lie row by row."""
    return tensor.transpose(0, 1).contiguous().transpose(0, 1)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(
    "change", [strided, lambda tensor: tensor * 1.0], ids=["strided", "copied"]
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0, "),
        (lambda tensor: tensor.float(), "is float32, expected float64"),
        (lambda tensor: tensor * torch.inf, "where a finite number is right"),
        (lambda tensor: tensor * torch.nan, "where a finite number is right"),
        (lambda tensor: tensor.tolist(), "is a list, not a torch"),
        (lambda tensor: (tensor, tensor), "is a tuple, not a torch"),
        (lambda tensor: tensor.detach().numpy(), "is an ndarray, not a torch"),
        (nn.Parameter, "is a Parameter, not a torch.Tensor"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_results_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    outcome = visible(name, changed(name, change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says.lower() in flat(outcome).lower()


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_a_cut_graph_is_named(name):
    """Values alone are not enough where gradients are asked for."""
    outcome = visible(name, changed(name, torch.Tensor.detach))
    assert outcome.verdict is Verdict.NOT_YET
    assert "No gradient reaches" in flat(outcome)


@pytest.mark.parametrize("name", STATES)
def test_writing_into_an_input_is_named(name):
    """The sentence says which input was changed."""

    def writing(*arguments):
        returned = getattr(beyond, name)(*arguments)
        arguments[0].data.mul_(2)
        return returned

    check = checks.CHECKS[name]
    argument = next(iter(check.arguments(check.public[0])))
    message = flat(visible(name, writing))
    assert f"changed its input {argument} in place" in message


def test_autograd_is_off_where_a_formula_is_asked_for():
    """A gradient that is left to autograd raises."""

    def lazy(gates):
        values = torch.zeros_like(gates).requires_grad_()
        state = recurrence.loop(gates, values, torch.zeros_like(gates[0]))[-1]
        return torch.autograd.grad(state.sum(), values)[0]

    outcome = visible("linear_recurrence_gradient", lazy)
    assert outcome.verdict is Verdict.RAISED


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        (list, "is a list, not a pair"),
        (lambda pair: (*pair, pair[0]), "is a tuple of 3, not a pair"),
        (lambda pair: pair[0], "is a Tensor, not a pair"),
        (lambda pair: (pair[0], 0.5), "value of what it returns is a float"),
        (lambda _: None, "is None, not a pair"),
    ],
)
def test_what_combine_returns_must_be_a_pair(returned, says):
    """Each sentence says what came back."""
    outcome = visible("combine", changed("combine", returned))
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("shape", [(1,), (2, 3), (4, 1, 2)])
def test_matrices_compose_two_steps(seed, shape):
    """What judges is what applying both steps to a state gives."""
    generator = torch.Generator().manual_seed(seed)
    a, b, c, d, state = torch.randn(
        5, *shape, generator=generator, dtype=torch.float64
    )
    gate, value = linear_recurrence.compose((a, b), (c, d))
    torch.testing.assert_close(
        gate * state + value, c * (a * state + b) + d, rtol=1e-12, atol=1e-14
    )


def called_with(*given):
    """Return a scan that gives combine something odd."""

    def function(gates, values, initial_state, combine):
        combine(*given)
        return beyond.parallel_scan(gates, values, initial_state, combine)

    return function


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((None, None), "the earlier pair is None, not a pair"),
        (((torch.ones(1),) * 2, 3), "the later pair is an int, not a pair"),
        ((torch.ones(1),) * 4, "calls combine with 4 arguments"),
        (([1, 2], (1, 2)), "the earlier pair is a list, not a pair"),
    ],
)
def test_odd_arguments_of_combine_get_a_sentence(given, says):
    """The sentence says which of the two is odd, and what it is."""
    function = called_with(*given)

    def after_the_first_step(gates, *rest):
        if len(gates) == 1:
            return beyond.parallel_scan(gates, *rest)
        return function(gates, *rest)

    outcome = visible("parallel_scan", after_the_first_step)
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


def test_one_more_call_of_combine_is_counted():
    """A right answer in too many rounds is not yet right."""

    def wasteful(gates, values, initial_state, combine):
        combine((gates, values), (gates, values))
        return beyond.parallel_scan(gates, values, initial_state, combine)

    outcome = visible("parallel_scan", wasteful)
    assert outcome.verdict is Verdict.NOT_YET
    assert "in 3 calls of combine. For 4 steps 2 are enough" in flat(outcome)
    outcome = hidden("parallel_scan", wasteful)
    assert "calls combine too often or not often enough" in flat(outcome)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "calls scan with 0 arguments"),
        ((1.0, 2.0, 3.0), "gives scan a float as gates"),
    ],
)
def test_odd_arguments_of_scan_get_a_sentence(given, says):
    """The sentence says which argument is odd."""

    def function(*arguments):
        return arguments[-1](*given)

    assert says in flat(visible("min_gru", function))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda pair: pair[0], "is a str, not a pair"),
        (list, "is a list, not a pair"),
        (lambda pair: (pair[0], 3), "target text is an int, not a str"),
        (lambda pair: (None, pair[1]), "input text is None, not a str"),
        (lambda pair: (pair[0] + " ", pair[1]), "input text is another one"),
        (lambda pair: (pair[0], ""), "target text is another one"),
        (lambda pair: (pair[0], "\u00e9" * 9999), "target text is another"),
        (lambda pair: (pair[0], "\ud800"), "target text is another one"),
    ],
)
def test_odd_texts_get_a_sentence(change, says):
    """What is no text, an empty one, a huge one and half a character."""
    outcome = visible("as_text_to_text", changed("as_text_to_text", change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)
    assert outcome.message.isascii()


def test_changing_the_fields_is_named():
    """The caller's dict stays as it is."""

    def writing(task, fields, target, labels=()):
        returned = beyond.as_text_to_text(task, fields, target, labels)
        fields.clear()
        return returned

    message = flat(visible("as_text_to_text", writing))
    assert "changed its argument fields" in message
