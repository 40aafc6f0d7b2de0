"""The checks of chapter 6: what they refuse and say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_comparing.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch

from reference import fingerprint
from reference.characters import bits_per_character, find_tracking_unit
from reference.counting import count_parameters, counting_lstm, read_counter
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
OURS = {
    "count_parameters": count_parameters,
    "counting_lstm": counting_lstm,
    "read_counter": read_counter,
    "bits_per_character": bits_per_character,
    "find_tracking_unit": find_tracking_unit,
}
UNITS = ("read_counter", "find_tracking_unit")

both_units = pytest.mark.parametrize("name", UNITS)


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


def changed(name, change):
    """Return the right function with something done to its result."""

    def function(*arguments, **options):
        return change(OURS[name](*arguments, **options))

    return function


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


# count_parameters


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (float, "is a float, not an int"),
        (torch.tensor, "is a Tensor, not an int"),
        (str, "is a str, not an int"),
        (lambda _: None, "is None, not an int"),
        (lambda _: True, "is a bool, not an int"),
        (lambda number: number << 70, "far too large"),
        (lambda number: -number, "differs from torch's"),
    ],
)
def test_what_is_no_number_of_parameters_is_told_apart(change, says):
    """The sentence says what came back."""
    outcome = visible("count_parameters", changed("count_parameters", change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


# counting_lstm


def with_one(name, change):
    """Return the right parameters with one of them changed."""

    def function(dtype):
        parameters = counting_lstm(dtype)
        parameters[name] = change(parameters[name])
        return parameters

    return function


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda _: None, "is None. Return a dict"),
        (lambda _: [], "is a list. Return a dict"),
        (lambda dtype: {"weight_ih": counting_lstm(dtype)}, "not a torch"),
        (lambda _: {}, "your dict has no weight_ih"),
        (with_one("bias_hh", torch.Tensor.tolist), "is a list"),
        (with_one("readout_bias", float), "is a float"),
        (with_one("weight_ih", torch.Tensor.double), "is float64, expected"),
        (with_one("weight_ih", torch.Tensor.long), "is int64, expected"),
        (with_one("weight_hh", lambda w: w[:, :3]), "4 * hidden_size rows"),
        (with_one("weight_hh", lambda w: w[:0, :0]), "4 * hidden_size rows"),
        (with_one("bias_ih", lambda b: b[:4]), "has shape (4,), expected"),
        (with_one("readout_weight", lambda w: w[None]), "has shape (1, 4)"),
        (with_one("readout_bias", lambda b: b[None]), "has shape (1,)"),
        (with_one("bias_ih", lambda b: b + torch.nan), "holds nan"),
        (with_one("weight_hh", lambda w: w / 0), "where a finite number"),
        (
            with_one("weight_hh", lambda w: torch.zeros(400, 100).to(w)),
            "with 1 to 16 units",
        ),
    ],
)
def test_what_is_no_lstm_gets_a_sentence(function, says):
    """Missing, misshapen, of another type or not finite."""
    outcome = visible("counting_lstm", function)
    assert outcome.verdict is Verdict.NOT_YET
    assert says.lower() in flat(outcome).lower()


@pytest.mark.parametrize(
    "name", ["weight_ih", "weight_hh", "bias_ih", "readout_weight"]
)
def test_another_way_to_count_passes(name):
    """Strides and a needless unit are nobody's mistake."""

    def strided(tensor):
        return torch.stack([tensor, tensor], -1)[..., 0]

    assert visible("counting_lstm", with_one(name, strided)).passed


def test_a_network_of_two_counters_passes():
    """What is judged is the language, not the design."""

    def split(dtype):
        parameters = counting_lstm(dtype)
        half = parameters["bias_ih"] / 2
        return {**parameters, "bias_ih": half, "bias_hh": half.clone()}

    assert visible("counting_lstm", split).passed
    assert hidden("counting_lstm", split).passed


def test_a_leak_that_short_strings_do_not_show_is_found():
    """Right up to n = 1,000 is not right up to n = 10,000."""

    def leaky(dtype):
        parameters = counting_lstm(dtype)
        parameters["bias_ih"][4] = 15.5
        return parameters

    assert visible("counting_lstm", leaky).passed
    outcome = hidden("counting_lstm", leaky)
    assert "fails when n is 10,000" in flat(outcome)


def test_rejection_of_a_long_string_is_short():
    """Runs of one letter are written as powers."""

    def deaf(dtype):
        parameters = counting_lstm(dtype)
        parameters["bias_ih"][4] = 9.0
        return parameters

    assert "rejects a^100 b^100" in flat(visible("counting_lstm", deaf))


# read_counter and find_tracking_unit


@both_units
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: found[0], "is a Tensor. Return unit"),
        (list, "is a list. Return unit"),
        (lambda found: (*found, found[0]), "is a tuple of"),
        (lambda found: (int(found[0]), *found[1:]), "unit is an int"),
        (lambda found: (found[0].int(), *found[1:]), "unit is int32"),
        (lambda found: (found[0][None], *found[1:]), "unit has shape (1,)"),
        (lambda found: (found[0], *(f.item() for f in found[1:])), "a float"),
        (
            lambda found: (found[0], *(f.float() for f in found[1:])),
            "is float32, expected float64",
        ),
        (
            lambda found: (found[0], *(f * torch.nan for f in found[1:])),
            "is nan where",
        ),
    ],
)
def test_wrong_kinds_of_units_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    outcome = visible(name, changed(name, change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says.lower() in flat(outcome).lower()


@both_units
@pytest.mark.parametrize("place", [0, 1])
def test_writing_into_an_input_is_named(name, place):
    """The sentence says which input was changed."""

    def writing(*arguments):
        returned = OURS[name](*arguments)
        arguments[place][0] = ~arguments[place][0].bool()
        return returned

    check = checks.CHECKS[name]
    argument = list(check.arguments(check.public[0]))[place]
    assert f"changed its input {argument} in place" in flat(
        visible(name, writing)
    )


def test_a_refusal_needs_a_message():
    """A bare ValueError helps nobody."""

    def bare(cell_states, inside):
        if inside.all() or not inside.any():
            raise ValueError
        return find_tracking_unit(cell_states, inside)

    assert "has no message" in flat(visible("find_tracking_unit", bare))


# bits_per_character


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda bits: bits.float(), "is float32, expected float64"),
        (lambda bits: bits.detach(), "No gradient reaches logits"),
        (lambda bits: bits[None], "has shape (1,)"),
        (lambda bits: bits.item(), "is a float"),
        (lambda bits: bits * torch.nan, "is nan where"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_bits_are_told_apart(change, says):
    """The sentence says what is odd about them."""
    outcome = visible(
        "bits_per_character", changed("bits_per_character", change)
    )
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


def test_writing_into_the_targets_is_named():
    """They are an input as well, though no gradient reaches them."""

    def writing(logits, targets):
        bits = bits_per_character(logits, targets)
        targets += 1
        return bits

    outcome = visible("bits_per_character", writing)
    assert "changed its input targets in place" in flat(outcome)
