"""The checks of chapter 8: what they accept, refuse and say."""

import pytest
import torch
from trying import changed, each, hidden, refusal, right, visible

from rnnlab import checks
from rnnlab.checks import ahead_models
from rnnlab.checks.case import Case
from rnnlab.checks.outcome import Verdict

every_padded = pytest.mark.parametrize(
    "name", ["bidirectional_rnn", "final_states", "encode_sentence"]
)


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


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("bidirectional_rnn", lambda t: t.chunk(2, 2), "one tensor"),
        ("final_states", lambda t: t.chunk(2, 1), "one tensor"),
        ("encode_sentence", lambda pair: pair[0], "not a pair"),
        (
            "encode_sentence",
            lambda pair: (None, pair[1]),
            "encoding by maximum is None",
        ),
        ("looks_ahead", torch.Tensor.double, "dtype float64"),
        ("looks_ahead", torch.Tensor.tolist, "a list"),
    ],
)
def test_odd_answers_get_a_sentence(name, change, says):
    """A pair or one alone, and what is no truth value."""
    assert says in refusal(name, changed(name, change))


def test_writing_into_what_a_model_reads_is_named():
    """It is an input like any other."""

    def wasteful(model, inputs):
        found = right("looks_ahead")(model, inputs)
        inputs += 1
        return found

    said = refusal("looks_ahead", wasteful)
    assert "changed its input inputs in place" in said


@every_padded
def test_writing_into_the_lengths_is_named(name):
    """Lengths are an input as well."""

    def careless(batch, lengths, *others):
        returned = right(name)(batch, lengths.clone(), *others)
        lengths -= 1
        return returned

    assert "its input lengths in place" in refusal(name, careless)


@every_padded
def test_a_dtype_of_its_own_is_named(name):
    """The inputs are float32 as well, and so are the results then."""
    said = refusal(name, changed(name, each(torch.Tensor.double)))
    assert "is float64, expected float32" in said


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
