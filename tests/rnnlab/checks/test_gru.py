"""The checks of a GRU in two forms: what they refuse and say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_gru.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from reference import fingerprint
from reference.gru import gru_step, lecture_gru_step
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks import gru
from rnnlab.checks.outcome import Verdict
from rnnlab.layout import LSTMState

GOLDEN = Path(__file__).parent / "golden"
STEPS = {"gru_step": gru_step, "lecture_gru_step": lecture_gru_step}
OURS = (*STEPS, "convert_gru_parameters", "gru_hold_forever")
SEEDS = [0, 1, 2]

both_steps = pytest.mark.parametrize("name", STEPS)


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


# The two steps


def changed(name, change):
    """Return a step with something done to its result."""

    def step(*arguments):
        return change(STEPS[name](*arguments))

    return step


def strided(tensor):
    """Return equal numbers that do not lie row by row."""
    return tensor.transpose(0, 1).contiguous().transpose(0, 1)


@both_steps
@pytest.mark.parametrize(
    "change", [strided, lambda tensor: tensor * 1.0], ids=["strided", "copied"]
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


@both_steps
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.float(), "is float32, expected float64"),
        (lambda tensor: tensor.detach(), "No gradient reaches"),
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0, "),
        (lambda tensor: tensor * torch.inf, "where a finite number is right"),
        (lambda tensor: tensor.tolist(), "is a list. A GRU has no cell state"),
        (lambda tensor: (tensor, tensor), "is a tuple. A GRU has no cell"),
        (lambda tensor: LSTMState(tensor, tensor), "is an LSTMState. A GRU"),
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


@both_steps
@pytest.mark.parametrize("place", range(5))
def test_writing_into_an_input_is_named(name, place):
    """The sentence says which input was changed."""

    def writing(*arguments):
        returned = STEPS[name](*arguments)
        arguments[place].data.mul_(2)
        return returned

    check = checks.CHECKS[name]
    argument = list(check.arguments(check.public[0]))[place]
    message = flat(visible(name, writing))
    assert f"changed its input {argument} in place" in message


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 3, 4), (4, 2, 6)])
def test_rewired_cells_are_the_lectures_form(seed, sizes):
    """What judges, torch's cell run twice, is what the equations say."""
    check = checks.lecture_gru_step
    case = type(check.public[0])("any", gru.sizes_of(*sizes), seed)
    arguments = list(check.arguments(case).values())
    torch.testing.assert_close(
        gru.rewired_step(*arguments),
        lecture_gru_step(*arguments),
        rtol=1e-12,
        atol=1e-14,
    )


def test_a_bias_never_used_is_known_by_its_numbers():
    """Whether it is left out or multiplied by 0 makes no difference."""

    def without(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
        del bias_hh
        nothing = torch.zeros_like(bias_ih)
        return gru_step(x, state, weight_ih, weight_hh, bias_ih, nothing)

    assert visible("gru_step", without).mistake == "bias-hh-dropped"
