"""The checks of chapter 8: what they accept, refuse and say.

The messages that name a mistake are kept in ``golden/``. After a change of
a sentence, a case or a layout, write them anew and read the difference:

    REGENERATE=1 pytest tests/rnnlab/checks/test_bidirectional.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch

from reference import bidirectional, fingerprint
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks import ahead_models
from rnnlab.checks.case import Case
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
OURS = ("bidirectional_rnn", "final_states", "encode_sentence", "looks_ahead")


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


def right(name):
    """Return the reference."""
    return getattr(bidirectional, name)


@pytest.mark.parametrize(
    "mistake",
    [mistake for mistake in MISTAKES if mistake.check in OURS],
    ids=lambda mistake: f"{mistake.check}-{mistake.id}",
)
def test_message_is_the_one_that_was_reviewed(mistake):
    """Byte for byte."""
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


# Other right answers


def one_by_one(inputs, lengths, forward_unroll, backward_unroll):
    """Run each sequence alone, without its padding."""
    columns = []
    for n, length in enumerate(lengths.tolist()):
        alone = inputs[:length, n : n + 1]
        left = forward_unroll(alone)
        back = backward_unroll(alone.flip(0)).flip(0)
        both = torch.cat([left, back], dim=2)
        rest = both.new_zeros(len(inputs) - length, 1, both.shape[2])
        columns.append(torch.cat([both, rest]))
    return torch.cat(columns, dim=1)


def masked_loops(hidden_states, lengths):
    """Encode sentences one after the other."""
    found = [
        (hidden_states[:end, n].amax(0), hidden_states[:end, n].mean(0))
        for n, end in enumerate(lengths.tolist())
    ]
    largest, mean = zip(*found, strict=True)
    return torch.stack(largest), torch.stack(mean)


def by_cutting_off(model, inputs):
    """Compare with the output of what has been read so far."""
    outputs = model(inputs)
    found = [
        (model(inputs[: t + 1])[t] != outputs[t]).any()
        for t in range(len(inputs))
    ]
    return torch.stack(found)


def by_filling_with_nan(model, inputs):
    """See whether a NaN comes through."""
    found = []
    for t in range(len(inputs)):
        filled = inputs.clone()
        filled[t + 1 :] = torch.nan
        found.append(model(filled)[t].isnan().any())
    return torch.stack(found)


def by_gradients(model, inputs):
    """Differentiate each output, weighed at random."""
    leaf = inputs.clone().requires_grad_()
    outputs, found = model(leaf), []
    generator = torch.Generator().manual_seed(0)
    for t in range(len(inputs)):
        weights = torch.rand(outputs[t].shape, generator=generator)
        (slope,) = torch.autograd.grad(
            (outputs[t] * weights).sum(), leaf, retain_graph=True
        )
        found.append((slope[t + 1 :] != 0).any())
    return torch.stack(found)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("bidirectional_rnn", one_by_one),
        ("encode_sentence", masked_loops),
        ("looks_ahead", by_cutting_off),
        ("looks_ahead", by_filling_with_nan),
        ("looks_ahead", by_gradients),
    ],
)
def test_other_ways_to_be_right_pass(name, function):
    """The check judges results, not the way to them."""
    for outcome in (
        visible(name, function),
        *(hidden(name, function, f"nonce {k}") for k in range(5)),
    ):
        assert outcome.passed, outcome.message


# What each check refuses


def test_a_pair_of_directions_is_refused_with_a_sentence():
    """The states belong into one tensor."""
    outcome = visible(
        "bidirectional_rnn",
        lambda *a: right("bidirectional_rnn")(*a).chunk(2, 2),
    )
    assert outcome.verdict is Verdict.NOT_YET
    assert "one tensor" in flat(outcome)
    outcome = visible(
        "final_states", lambda *a: right("final_states")(*a).chunk(2, 1)
    )
    assert "one tensor" in flat(outcome)


def test_one_encoding_is_refused_with_a_sentence():
    """Two are asked for."""
    outcome = visible(
        "encode_sentence", lambda *a: right("encode_sentence")(*a)[0]
    )
    assert "not a pair" in flat(outcome)
    outcome = visible(
        "encode_sentence", lambda *a: (None, right("encode_sentence")(*a)[1])
    )
    assert "encoding by maximum is None" in flat(outcome)


def test_answers_that_are_no_truth_values_are_refused():
    """Zeros and ones of another dtype are not bool."""
    outcome = visible(
        "looks_ahead", lambda *a: right("looks_ahead")(*a).double()
    )
    assert "dtype float64" in flat(outcome)
    outcome = visible(
        "looks_ahead", lambda *a: right("looks_ahead")(*a).tolist()
    )
    assert "a list" in flat(outcome)


@pytest.mark.parametrize("name", OURS)
def test_writing_into_an_input_is_noticed(name):
    """The message names the argument."""

    def wasteful(*arguments):
        returned = right(name)(*arguments)
        first = arguments[1] if name == "looks_ahead" else arguments[0]
        first += 1
        return returned

    outcome = visible(name, wasteful)
    assert outcome.verdict is Verdict.NOT_YET
    assert "in place" in flat(outcome)


@pytest.mark.parametrize("name", OURS[:3])
def test_writing_into_the_lengths_is_noticed(name):
    """Lengths are an input as well."""

    def careless(batch, lengths, *others):
        returned = right(name)(batch, lengths.clone(), *others)
        lengths -= 1
        return returned

    assert "its input lengths in place" in flat(visible(name, careless))


@pytest.mark.parametrize("name", OURS[:3])
def test_cut_graph_and_other_dtype_are_named(name):
    """No gradient, and double where float is right."""

    def changed(change):
        def function(*arguments):
            returned = right(name)(*arguments)
            if isinstance(returned, tuple):
                return tuple(map(change, returned))
            return change(returned)

        return function

    cut = flat(visible(name, changed(torch.Tensor.detach)))
    assert "No gradient reaches" in cut
    wide = flat(visible(name, changed(torch.Tensor.double)))
    assert "is float64, expected float32" in wide
    holes = flat(visible(name, changed(lambda x: x * torch.nan)))
    assert "holds nan" in holes


def test_helpers_that_raise_are_the_learners():
    """An error inside names the learner's line."""

    def broken(inputs, lengths, forward_unroll, backward_unroll):
        del lengths, backward_unroll
        return forward_unroll(inputs.T)

    outcome = visible("bidirectional_rnn", broken)
    assert outcome.verdict is Verdict.RAISED
    assert "forward_unroll(inputs.T)" in outcome.message


# The models of looks_ahead


@pytest.mark.parametrize("name", ahead_models.GAZES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_models_look_where_they_say(name, seed):
    """The Jacobian of each model is zero exactly where it must be."""
    sizes = {"seq_len": 5, "batch": 2, "input_size": 3, "model": name}
    inputs, model = ahead_models.build(Case("", sizes, seed))
    slopes = torch.autograd.functional.jacobian(model, inputs)
    reads = (slopes != 0).sum(dim=(1, 2, 4, 5)) > 0
    expected = ahead_models.truth(name, 5)
    assert torch.equal(reads.triu(1).any(dim=1), expected)
    assert reads.diagonal().all()


def test_public_models_are_told_apart_by_no_single_shortcut():
    """Guilty and innocent, far and near, faint and cancelling are there."""
    names = {case.sizes["model"] for case in checks.looks_ahead.public}
    guilty = {name: ahead_models.truth(name, 5).any() for name in names}
    assert len(names) == 6
    assert not guilty.pop("left to right")
    assert all(guilty.values())
