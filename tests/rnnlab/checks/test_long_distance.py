"""The checks of chapter 2: what is odd gets its own sentence.

Golden messages: REGENERATE=1 pytest tests/rnnlab/checks/test_long_distance.py
"""

import functools
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from reference import fingerprint, long_distance
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
OURS = (
    "truncated_bptt",
    "recall_by_lag",
    "recency_baseline",
    "agreement_error_by_attractors",
)
VALUES = OURS[1:]

each_of_values = pytest.mark.parametrize("name", VALUES)


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
        return change(getattr(long_distance, name)(*arguments, **options))

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


@each_of_values
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.int().float(), "is float32, expected"),
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0,)"),
        (lambda tensor: tensor.tolist(), "is a list, not a torch.Tensor"),
        (lambda tensor: tensor.numpy(), "is an ndarray, not a torch.Tensor"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_results_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    outcome = visible(name, changed(name, change))
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


@each_of_values
def test_writing_into_an_input_is_named(name):
    """The sentence says which input was changed."""
    check = checks.CHECKS[name]
    for place, argument in enumerate(check.arguments(check.public[0])):

        def writing(*arguments, place=place):
            returned = getattr(long_distance, name)(*arguments)
            arguments[place].add_(1)
            return returned

        message = flat(visible(name, writing))
        assert f"changed its input {argument} in place" in message


@pytest.mark.parametrize(
    "name", ["recall_by_lag", "agreement_error_by_attractors"]
)
def test_nan_where_a_number_is_right_is_named(name):
    """And a number where NaN is right is not passed either."""
    spoilt = changed(name, lambda tensor: tensor * torch.nan)
    assert "holds nan where a finite number" in flat(visible(name, spoilt))
    filled = changed(name, lambda tensor: tensor.nan_to_num(0.5))
    assert not visible(name, filled).passed
    assert not hidden(name, filled).passed


@pytest.mark.parametrize("kind", ["lists", "loop"])
def test_other_ways_to_the_right_recall_pass(kind):
    """Counting in Python is as good as masks."""

    def recall(outputs, targets, lags, max_lag):
        answers = outputs.argmax(dim=2)
        found = []
        for lag in range(max_lag + 1):
            asked = (lags == lag) & (lags > 0)
            right = (answers == targets) & asked
            if kind == "lists":
                count, of = int(right.sum()), int(asked.sum())
                found.append(count / of if of else float("nan"))
            else:
                found.append(float(right[asked].double().mean()))
        return torch.tensor(found, dtype=outputs.dtype)

    assert visible("recall_by_lag", recall).passed
    assert hidden("recall_by_lag", recall).passed


# truncated_bptt


def reference(*arguments, **options):
    """Run the right function."""
    return long_distance.truncated_bptt(*arguments, **options)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda states, _: states, "is a Tensor, not a pair"),
        (lambda states, state: [states, state], "is a list, not a pair"),
        (lambda states, state: (states.float(), state), "is float32"),
        (lambda states, state: (states[1:], state), "has shape (5, 2, 4)"),
        (lambda states, state: (states, (state, state)), "nn.RNN is one"),
        (lambda states, _: (states, None), "final hidden_state is None"),
        (
            lambda states, state: (states, state[0]),
            "final hidden_state has shape (2, 4)",
        ),
    ],
)
def test_wrong_kinds_of_pairs_are_told_apart(change, says):
    """The sentence says what is odd about them."""

    def function(*arguments, **options):
        return change(*reference(*arguments, **options))

    outcome = visible("truncated_bptt", function)
    assert outcome.verdict is Verdict.NOT_YET
    assert says in flat(outcome)


def test_an_lstm_state_must_be_a_pair():
    """The hidden state alone is half of it."""

    def half(layer, *arguments, **options):
        states, state = reference(layer, *arguments, **options)
        return states, state[0] if isinstance(layer, nn.LSTM) else state

    assert "An LSTM's is a pair" in flat(visible("truncated_bptt", half))


def test_a_final_state_with_a_history_is_not_right():
    """It must not require a gradient."""

    def attached(*arguments, **options):
        states, state = reference(*arguments, **options)
        parts = state if isinstance(state, tuple) else (state,)
        parts = tuple(part.requires_grad_() for part in parts)
        return states, parts if len(parts) > 1 else parts[0]

    outcome = visible("truncated_bptt", attached)
    assert outcome.verdict is Verdict.NOT_YET
    assert "final_state_requires_grad" in outcome.message


def test_changing_the_layer_is_named():
    """An update is the caller's business."""

    def updating(layer, *arguments, **options):
        returned = reference(layer, *arguments, **options)
        with torch.no_grad():
            layer.weight_hh_l0 -= 0.1
        return returned

    message = flat(visible("truncated_bptt", updating))
    assert "changed the layer's parameters" in message


def test_changing_the_inputs_is_named():
    """The inputs are the caller's."""

    def writing(layer, inputs, *arguments, **options):
        returned = reference(layer, inputs, *arguments, **options)
        inputs.mul_(2)
        return returned

    message = flat(visible("truncated_bptt", writing))
    assert "changed its input inputs in place" in message


def test_detaching_before_the_chunk_is_as_good_as_after_it():
    """And one loss for all chunks, summed, is as good as many."""

    def other(layer, inputs, state, loss_fn, *, truncation_length):
        total, found = 0, []
        for k, chunk in enumerate(inputs.split(truncation_length)):
            if isinstance(state, tuple):
                state = tuple(part.detach() for part in state)
            else:
                state = state.detach()
            states, state = layer(chunk, state)
            total = total + loss_fn(states, k * truncation_length)
            found.append(states.detach())
        total.backward()
        if isinstance(state, tuple):
            return torch.cat(found), tuple(part.detach() for part in state)
        return torch.cat(found), state.detach()

    assert visible("truncated_bptt", other).passed
    assert hidden("truncated_bptt", other).passed
