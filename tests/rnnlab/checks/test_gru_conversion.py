"""The check of the conversion between the two forms of a GRU."""

import pytest
import torch
from trying import changed, flat, hidden, refusal, strided, visible

from reference.gru import convert_gru_parameters
from rnnlab import checks
from rnnlab.checks import drive
from rnnlab.checks.outcome import Verdict
from rnnlab.layout import GRU_GATES, gate_slices

NAME = "convert_gru_parameters"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (list, "is a list. Return three tensors"),
        (lambda three: three[:2], "is a tuple of 2. Return three tensors"),
        (lambda three: (*three, three[2]), "is a tuple of 4"),
        (lambda three: three[0], "is a Tensor. Return three tensors"),
        (lambda three: (*three[:2], three[2].tolist()), "bias is a list"),
        (lambda three: (*three[:2], three[2].float()), "bias is float32"),
        (lambda three: (*three[:2], three[2][None]), "has shape (1, 9)"),
        (lambda three: (three[0].T, *three[1:]), "weight_ih has shape (2, 9)"),
        (lambda three: (*three[:2], three[2] * torch.nan), "bias holds nan"),
        (lambda three: (three[1], three[0], three[2]), "weight_ih has shape"),
    ],
)
def test_wrong_kinds_of_parameters_are_told_apart(change, says):
    """The sentence says what is odd about them."""
    said = refusal(NAME, changed(NAME, change))
    assert says.lower() in said.lower()


@pytest.mark.parametrize(
    ("gate", "part"),
    [("update", "update gate"), ("reset", "reset gate"), ("new", "candidate")],
)
@pytest.mark.parametrize("which", range(3))
def test_the_part_that_differs_is_named(gate, part, which):
    """One changed number is traced to the gate that it belongs to."""

    def spoil(three):
        rows_of_gate = gate_slices(three[1].shape[1], GRU_GATES)[gate]
        three[which][rows_of_gate] += 0.3
        return three

    assert f"Converted, the {part} is not what it was" in refusal(
        NAME, changed(NAME, spoil)
    )
    report = hidden(NAME, changed(NAME, spoil))
    assert f"the {part} is not what it was" in flat(report)


@pytest.mark.parametrize(
    "change",
    [
        lambda three: tuple(strided(t) for t in three),
        lambda three: tuple(t.requires_grad_() for t in three),
    ],
    ids=["strided", "requires grad"],
)
def test_layout_and_gradients_of_parameters_are_free(change):
    """Neither costs a point."""
    assert visible(NAME, changed(NAME, change)).passed
    assert hidden(NAME, changed(NAME, change)).passed


def test_every_hidden_kind_of_parameters_is_what_it_says():
    """W_hn and b_hn are as the case's sentence has them."""
    check = checks.convert_gru_parameters
    refusals = 0
    for case in check.challenge("a nonce"):
        given = []

        def keep(*parameters, given=given):
            given.extend(parameters)

        drive.observe(check.drive, keep, case)
        new = gate_slices(given[1].shape[1], GRU_GATES)["new"]
        across, bias = given[1][new], given[3][new]
        off = across - torch.diag(across.diagonal())
        refuse = bool(off.any() or bias.any())
        refusals += refuse
        assert refuse == case.kind.startswith(
            ("one entry", "the entries", "no entry", "hidden_size is 1 and")
        ), case.kind
        if "add up to 0" in case.kind:
            assert off.sum().abs() < 1e-12
            assert bias.sum().abs() < 1e-12
        if case.kind.startswith("one entry"):
            assert off.count_nonzero() + bias.count_nonzero() == 1
    assert refusals == 7


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (KeyError("new"), "raised KeyError"),
        (TypeError("cannot"), "raised TypeError"),
        (ValueError(), "your ValueError has no message"),
    ],
)
def test_refusing_in_another_way_is_not_right(error, says):
    """A ValueError with a message is asked for."""

    def refusing(*parameters):
        try:
            return convert_gru_parameters(*parameters)
        except ValueError:
            raise error from None

    outcome = visible(NAME, refusing)
    assert not outcome.passed
    assert says in flat(outcome)


def test_a_crash_with_a_value_error_is_not_called_a_refusal():
    """Only a raise statement of the learner's own is a refusal."""

    def crashing(*parameters):
        _, _ = parameters

    outcome = visible(NAME, crashing)
    assert outcome.verdict is Verdict.RAISED
    assert outcome.mistake == ""


def test_refusals_in_any_words_are_known():
    """The mistake is in the refusing, not in the message."""

    def refusing(*_):
        raise ValueError("I would rather not")

    outcome = visible(NAME, refusing)
    assert outcome.mistake == "everything-refused"
