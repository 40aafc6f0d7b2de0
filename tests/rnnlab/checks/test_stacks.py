"""The checks of stacks: what they refuse and say."""

import pytest
import torch
from trying import changed, hidden, refusal, visible

from rnnlab.checks.outcome import Verdict
from rnnlab.stacks import rnn_layer

GRID = "gradient_by_layer_and_lag"


@pytest.mark.parametrize(
    "name", ["stacked_rnn", "stacked_rnn_with_skips", "stacked_bidirectional"]
)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda a, _: a, "is a Tensor, not a pair"),
        (lambda a, b: [a, b], "is a list, not a pair"),
        (lambda a, b: (a, b, b), "is a tuple, not a pair"),
        (lambda a, b: (a, list(b)), "last_hidden_states is a list"),
        (lambda a, _: (a, None), "last_hidden_states is None"),
        (lambda a, b: (a, b[0]), "last_hidden_states has shape"),
    ],
)
def test_wrong_kinds_of_pairs_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    assert says in refusal(name, changed(name, lambda pair: change(*pair)))


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
        (lambda norms: norms.T.contiguous(), "has shape (4, 2)"),
        (lambda norms: norms / norms[-1, 0], "differs from autograd's"),
    ],
)
def test_norms_that_are_not_quite_right_are_told_apart(change, says):
    """Layers and lags the other way round, and shares of a norm."""
    assert says in refusal(GRID, changed(GRID, change))


def test_autograd_is_no_way_around_the_formula():
    """There is no graph while the function runs, so autograd raises."""

    def asked(states, end, layers):
        del layers
        found = torch.autograd.grad(states[-1, -1], states, end)
        return found[0].norm()

    outcome = visible(GRID, asked)
    assert outcome.verdict is Verdict.RAISED
