"""There and back through time: nudges forward, gradients backward."""

import pytest
import torch
from torch import nn

from rnnlab import through_time, train

SEEDS = (0, 1, 2)


def network(seed, seq_len=7, batch=3):
    """Return an RNN and what it reads, in double precision."""
    rnn = train.seeded(nn.RNN, 2, 5, seed=seed).double()
    generator = torch.Generator().manual_seed(seed)
    draw = {"generator": generator, "dtype": torch.float64}
    return (
        rnn,
        torch.randn(seq_len, batch, 2, **draw),
        torch.randn(batch, 5, **draw),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_loss_gradients_equal_the_product_of_jacobians(seed):
    """Each norm is that of the row times all Jacobians after the state."""
    rnn, inputs, towards = network(seed)
    norms = through_time.loss_gradients(
        rnn, inputs, lambda hidden_state: (hidden_state * towards).sum()
    )
    assert norms.shape == (7, 3)
    states = rnn(inputs)[0].detach()
    weight_hh = rnn.weight_hh_l0.detach()
    for b in range(3):
        row = towards[b]
        for lag in range(7):
            torch.testing.assert_close(norms[lag, b], row.norm())
            row = row * (1 - states[6 - lag, b] ** 2) @ weight_hh


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_nudge_follows_the_derivative(seed):
    """Forward, a nudge grows as the product of Jacobians says."""
    rnn, inputs, nudge = network(seed)
    sizes = through_time.nudge_sizes(rnn, inputs, 1e-7 * nudge)
    assert sizes.shape == (8, 3)
    states = rnn(inputs)[0].detach()
    weight_hh = rnn.weight_hh_l0.detach()
    column = nudge
    for step in range(8):
        expected = column.norm(dim=1) / nudge.norm(dim=1)
        torch.testing.assert_close(sizes[step], expected, rtol=1e-4, atol=0)
        if step < 7:
            column = (1 - states[step] ** 2) * (column @ weight_hh.T)


def test_neither_leaves_a_trace():
    """Parameters get no gradient, inputs stay as they were."""
    rnn, inputs, nudge = network(0)
    before = inputs.clone()
    through_time.loss_gradients(rnn, inputs, lambda h: h.square().sum())
    through_time.nudge_sizes(rnn, inputs, nudge)
    assert all(p.grad is None for p in rnn.parameters())
    assert torch.equal(inputs, before)
    assert not inputs.requires_grad
