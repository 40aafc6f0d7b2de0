"""The checks of chapter 6: what they refuse and say."""

import pytest
import torch
from trying import changed, flat, hidden, refusal, visible

from reference.characters import bits_per_character, find_tracking_unit
from reference.counting import counting_lstm

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
    assert says in refusal(
        "count_parameters", changed("count_parameters", change)
    )


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
    said = refusal("counting_lstm", function)
    assert says.lower() in said.lower()


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

    assert "rejects a^100 b^100" in refusal("counting_lstm", deaf)


# read_counter and find_tracking_unit


@pytest.mark.parametrize("name", ["read_counter", "find_tracking_unit"])
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
    said = refusal(name, changed(name, change))
    assert says.lower() in said.lower()


def test_a_refusal_needs_a_message():
    """A bare ValueError helps nobody."""

    def bare(cell_states, inside):
        if inside.all() or not inside.any():
            raise ValueError
        return find_tracking_unit(cell_states, inside)

    assert "has no message" in refusal("find_tracking_unit", bare)


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
    assert says in refusal(
        "bits_per_character", changed("bits_per_character", change)
    )


def test_writing_into_the_targets_is_named():
    """They are an input as well, though no gradient reaches them."""

    def writing(logits, targets):
        bits = bits_per_character(logits, targets)
        targets += 1
        return bits

    assert "changed its input targets in place" in refusal(
        "bits_per_character", writing
    )
