"""The instruments for far gradients measure what they say."""

import pytest
import torch
from torch import nn

from rnnlab import long_distance, train

SEEDS = [0, 1, 2]
LAYERS = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
seeds = pytest.mark.parametrize("seed", SEEDS)
every_layer = pytest.mark.parametrize("kind", LAYERS)


def draw(seed, *shape):
    """Draw float64 numbers."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def make(kind, seed):
    """Build a small layer in double precision."""
    return train.seeded(LAYERS[kind], 3, 5, seed=seed).double()


@every_layer
@seeds
def test_parts_add_up_to_the_gradient_of_the_weights(kind, seed):
    """Their sum is what autograd gives for the shared weights."""
    layer, inputs = make(kind, seed), draw(seed, 6, 4, 3)

    def loss_fn(hidden_state):
        return (hidden_state**3).sum()

    parts = long_distance.weight_gradient_parts(layer, inputs, loss_fn)
    (whole,) = torch.autograd.grad(
        loss_fn(layer(inputs)[0][-1]), layer.weight_hh_l0
    )
    assert parts.shape == (6, *layer.weight_hh_l0.shape)
    torch.testing.assert_close(parts.sum(dim=0), whole)
    assert (parts[-1] == 0).all(), "the first step's state is 0"


def test_a_part_is_that_of_its_step():
    """Two linear-ish steps by hand: lag 0 is the last step's outer product."""
    layer, inputs = make("RNN", 0), draw(0, 3, 1, 3)
    states = layer(inputs)[0]
    slope = 1 - states[-1, 0] ** 2
    expected = slope[:, None] * states[-2, 0][None, :]
    parts = long_distance.weight_gradient_parts(
        layer, inputs, lambda h: h.sum()
    )
    torch.testing.assert_close(parts[0], expected)


def test_ordered_fraction_is_strict_and_of_whole_sequences():
    """An equal pair breaks the order, and so does one step of many."""
    norms = torch.tensor(
        [[4.0, 4.0, 4.0, 4.0], [3.0, 4.0, 3.0, 5.0], [2.0, 3.0, 3.5, 1.0]]
    )
    assert long_distance.ordered_fraction(norms) == 0.25


@every_layer
@seeds
def test_signal_is_the_difference_of_the_two_tasks(kind, seed):
    """The formula agrees with averaging both tasks over all targets."""
    layer, inputs = make(kind, seed), draw(seed, 4, 6, 3)
    readout = nn.Linear(5, 1, device="meta").double().to_empty(device="cpu")
    readout.weight.data.copy_(draw(seed + 9, 1, 5))
    readout.bias.data.fill_(0.3)
    told = long_distance.tell_apart(layer, readout, inputs)
    loss_fn = nn.functional.binary_cross_entropy_with_logits

    def gradient(bit, target):
        given = inputs.clone()
        given[0, :, 0] = 2.0 * bit - 1
        logits = readout(layer(given)[0][-1])[:, 0]
        loss = loss_fn(logits, torch.full_like(logits, float(target)))
        parts = torch.autograd.grad(loss, list(layer.parameters()))
        return torch.cat([part.flatten() for part in parts])

    with_bit = (gradient(0, 0) + gradient(1, 1)) / 2
    with_coin = sum(gradient(b, y) for b in (0, 1) for y in (0, 1)) / 4
    expected = float((with_bit - with_coin).norm())
    assert told.signal == pytest.approx(expected, rel=1e-9)
    assert told.sequences == pytest.approx((told.noise / told.signal) ** 2)


def test_without_an_effect_no_number_of_sequences_is_enough():
    """A layer that ignores the bit has no signal and infinite need."""
    layer, inputs = make("RNN", 0), draw(0, 4, 6, 3)
    layer.weight_ih_l0.data[:, 0] = 0
    readout = nn.Linear(5, 1, device="meta").double().to_empty(device="cpu")
    readout.weight.data.fill_(1.0)
    readout.bias.data.fill_(0.0)
    layer.weight_hh_l0.data.zero_()
    told = long_distance.tell_apart(layer, readout, inputs)
    assert told.signal == 0
    assert told.sequences == float("inf")
    assert told.noise > 0
