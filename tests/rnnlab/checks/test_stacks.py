"""The checks of stacks: what they refuse and say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_stacks.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch

from reference import fingerprint, stacks
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.outcome import Verdict
from rnnlab.stacks import rnn_layer

GOLDEN = Path(__file__).parent / "golden"
STACKS = ("stacked_rnn", "stacked_rnn_with_skips", "stacked_bidirectional")
GRID = "gradient_by_layer_and_lag"
OURS = (*STACKS, GRID)

every_stack = pytest.mark.parametrize("name", STACKS)


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
    """Return a stack with something done to its two results."""

    def stack(*arguments):
        return change(*getattr(stacks, name)(*arguments))

    return stack


@every_stack
@pytest.mark.parametrize(
    "change",
    [
        lambda a, b: (a.mT.contiguous().mT, b),
        lambda a, b: (a * 1.0, b * 1.0),
    ],
    ids=["strided", "copied"],
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


@every_stack
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda a, _: a, "is a Tensor, not a pair"),
        (lambda a, b: [a, b], "is a list, not a pair"),
        (lambda a, b: (a, b, b), "is a tuple, not a pair"),
        (lambda a, b: (a, list(b)), "last_hidden_states is a list"),
        (lambda a, _: (a, None), "last_hidden_states is None"),
        (lambda a, b: (a.float(), b), "is float32, expected float64"),
        (lambda a, b: (a, b[0]), "last_hidden_states has shape"),
        (lambda a, b: (a * torch.nan, b), "where a finite number is right"),
        (
            lambda a, b: (a.detach(), b.detach()),
            "No gradient reaches inputs",
        ),
        (lambda a, b: (a.detach().numpy(), b), "is an ndarray"),
    ],
)
def test_wrong_kinds_of_results_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    outcome = visible(name, changed(name, change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


@every_stack
def test_writing_into_a_parameter_is_named(name):
    """The sentence says which one, by torch's name."""

    def writing(inputs, initial, layers):
        returned = getattr(stacks, name)(inputs, initial, layers)
        layer = layers[-1] if name != STACKS[2] else layers[-1][0]
        layer.weight_hh.data.mul_(2)
        return returned

    message = flat(visible(name, writing))
    assert "changed its input weight_hh_l1 in place" in message


@every_stack
def test_writing_into_the_inputs_is_named(name):
    """The sentence says which one."""

    def writing(inputs, initial, layers):
        returned = getattr(stacks, name)(inputs, initial, layers)
        inputs.data.mul_(2)
        return returned

    assert "changed its input inputs in place" in flat(visible(name, writing))


def test_the_kits_layer_may_be_used_cell_by_cell():
    """All layers at a step, then the next step: the same numbers pass."""

    def by_columns(inputs, initial, layers):
        states, outputs = list(initial), []
        for x in inputs:
            read = x
            for k, parameters in enumerate(layers):
                _, states[k] = rnn_layer(read[None], states[k], parameters)
                read = states[k]
            outputs.append(read)
        return torch.stack(outputs), torch.stack(states)

    assert visible("stacked_rnn", by_columns).passed
    assert hidden("stacked_rnn", by_columns).passed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda norms: norms.tolist(), "is a list"),
        (lambda norms: (norms, norms), "is a tuple"),
        (lambda norms: norms.T.contiguous(), "has shape (4, 2)"),
        (lambda norms: norms.float(), "is float32, expected float64"),
        (lambda norms: norms / norms[-1, 0], "differs from autograd's"),
        (lambda norms: norms * torch.inf, "where a finite number is right"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_norms_are_told_apart(change, says):
    """The sentence says what is odd about them."""

    def grid(*arguments):
        return change(stacks.gradient_by_layer_and_lag(*arguments))

    outcome = visible(GRID, grid)
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


def test_autograd_is_no_way_around_the_formula():
    """There is no graph while the function runs, so autograd raises."""

    def asked(states, end, layers):
        del layers
        found = torch.autograd.grad(states[-1, -1], states, end)
        return found[0].norm()

    outcome = visible(GRID, asked)
    assert outcome.verdict is Verdict.RAISED
