"""The checks of chapter 2: what is odd gets its own sentence."""

import pytest
import torch
from torch import nn
from trying import changed, hidden, refusal, visible

from reference.long_distance import truncated_bptt
from rnnlab.checks.outcome import Verdict


@pytest.mark.parametrize(
    "name", ["recall_by_lag", "agreement_error_by_attractors"]
)
def test_a_number_where_nan_is_right_does_not_pass(name):
    """What was never asked has no share."""
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
    function = changed("truncated_bptt", lambda pair: change(*pair))
    assert says in refusal("truncated_bptt", function)


def test_an_lstm_state_must_be_a_pair():
    """The hidden state alone is half of it."""

    def half(layer, *arguments, **options):
        states, state = truncated_bptt(layer, *arguments, **options)
        return states, state[0] if isinstance(layer, nn.LSTM) else state

    assert "An LSTM's is a pair" in refusal("truncated_bptt", half)


def test_a_final_state_with_a_history_is_not_right():
    """It must not require a gradient."""

    def attached(*arguments, **options):
        states, state = truncated_bptt(*arguments, **options)
        parts = state if isinstance(state, tuple) else (state,)
        parts = tuple(part.requires_grad_() for part in parts)
        return states, parts if len(parts) > 1 else parts[0]

    outcome = visible("truncated_bptt", attached)
    assert outcome.verdict is Verdict.NOT_YET
    assert "final_state_requires_grad" in outcome.message


def test_changing_the_layer_is_named():
    """An update is the caller's business."""

    def updating(layer, *arguments, **options):
        returned = truncated_bptt(layer, *arguments, **options)
        with torch.no_grad():
            layer.weight_hh_l0 -= 0.1
        return returned

    assert "changed the layer's parameters" in refusal(
        "truncated_bptt", updating
    )


def test_changing_the_inputs_is_named():
    """The inputs are the caller's."""

    def writing(layer, inputs, *arguments, **options):
        returned = truncated_bptt(layer, inputs, *arguments, **options)
        inputs.mul_(2)
        return returned

    assert "changed its input inputs in place" in refusal(
        "truncated_bptt", writing
    )


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
