"""The checks of chapter 7: what they refuse and say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_skip.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from reference import fingerprint, skip
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
BLOCKS = {
    "residual_block": skip.residual_block,
    "dense_block": skip.dense_block,
    "highway_layer": skip.highway_layer,
}
OURS = (*BLOCKS, "gradient_norm_by_layer", "log_growth")

every_block = pytest.mark.parametrize("name", BLOCKS)


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


# The three blocks


def changed(name, change):
    """Return a block with something done to its result."""

    def block(*arguments):
        return change(BLOCKS[name](*arguments))

    return block


def strided(tensor):
    """Return equal numbers that do not lie row by row."""
    return tensor.transpose(0, 1).contiguous().transpose(0, 1)


@every_block
@pytest.mark.parametrize(
    "change", [strided, lambda tensor: tensor * 1.0], ids=["strided", "copied"]
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


@every_block
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.float(), "is float32, expected float64"),
        (lambda tensor: tensor.detach(), "No gradient reaches"),
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0, "),
        (lambda tensor: tensor * torch.inf, "where a finite number is right"),
        (lambda tensor: tensor.tolist(), "is a list. Return one tensor"),
        (lambda tensor: (tensor, tensor), "is a tuple. Return one tensor"),
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


@every_block
def test_writing_into_x_is_named(name):
    """The sentence says which input was changed."""

    def writing(x, *parameters):
        returned = BLOCKS[name](x, *parameters)
        x.data.mul_(2)
        return returned

    assert "changed its input x in place" in flat(visible(name, writing))


def test_relu_after_the_addition_fails_at_zero():
    """The case whose parameters are all 0 sees it, whatever else does."""
    check = checks.residual_block
    case = check.public[2]

    def block(*arguments):
        return skip.residual_block(*arguments).relu()

    (report,) = check.reports(block, [case])
    assert check.judge(report, case) is not None


# The norms


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda norms: norms.tolist(), "is a list"),
        (lambda norms: norms[0], "has shape ()"),
        (lambda norms: norms.float(), "is float32, expected float64"),
        (lambda norms: norms.requires_grad_(), "still part of a graph"),
        (lambda norms: norms * torch.nan, "where a finite number is right"),
        (lambda _: None, "is None"),
    ],
)
def test_norms_of_wrong_kinds_are_told_apart(change, says):
    """The sentence says what is odd about them."""

    def norms(*arguments):
        return change(skip.gradient_norm_by_layer(*arguments))

    assert says in flat(visible("gradient_norm_by_layer", norms))


def test_clearing_the_weights_gradients_is_seen():
    """A .grad that was there must be there afterwards."""

    def clearing(layers, x, loss_fn):
        for layer in layers:
            if isinstance(layer, nn.Module):
                layer.zero_grad()
        return skip.gradient_norm_by_layer(layers, x, loss_fn)

    message = flat(visible("gradient_norm_by_layer", clearing))
    assert "changed the .grad of a layer's weights" in message


def test_scaling_x_in_place_is_seen():
    """The sentence names x."""

    def scaling(layers, x, loss_fn):
        norms = skip.gradient_norm_by_layer(layers, x, loss_fn)
        x.mul_(2)
        return norms

    message = flat(visible("gradient_norm_by_layer", scaling))
    assert "changed its input x in place" in message


# The logarithms


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda logs: logs.tolist(), "is a list"),
        (lambda logs: logs[-1], "has shape ()"),
        (lambda logs: logs.float(), "is float32, expected float64"),
        (lambda logs: logs * torch.nan, "where a finite number is right"),
        (lambda logs: logs.clamp(min=-50), "differs from the exact"),
        (lambda _: None, "is None"),
    ],
)
def test_logarithms_of_wrong_kinds_are_told_apart(change, says):
    """The sentence says what is odd about them."""

    def growth(*arguments):
        return change(skip.log_growth(*arguments))

    assert says in flat(visible("log_growth", growth))


@pytest.mark.parametrize("place", [0, 1])
def test_writing_into_the_factors_is_named(place):
    """The sentence says which input was changed."""

    def writing(*arguments):
        returned = skip.log_growth(*arguments)
        arguments[place].mul_(2)
        return returned

    argument = ("gradient", "jacobians")[place]
    message = flat(visible("log_growth", writing))
    assert f"changed its input {argument} in place" in message
