"""Deep networks, their training, and the instruments of chapter 7."""

import math

import pytest
import torch
from torch import nn

from rnnlab import depth, depth_probes
from rnnlab.side_by_side import train_side_by_side

SEEDS = [0, 1, 2]
pytestmark = pytest.mark.usefixtures("one_thread")


def narrow(count=3, width=4, **how):
    """Return a builder of small plain networks."""
    one = depth.layer(depth.tanh_layer, (width, width), (width,), **how)
    return lambda seed: depth.repeat(one, count, width=width, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_network_is_its_layers_in_a_row(seed):
    """It agrees with torch.nn.Linear and tanh of the same weights."""
    net = narrow()(seed)
    x = torch.randn(5, 2, generator=torch.Generator().manual_seed(9))
    drawn = list(net.parameters())
    expected = x
    for place in range(0, len(drawn), 2):
        weight, bias = drawn[place : place + 2]
        linear = nn.Linear(*weight.shape[::-1], device="meta")
        named = {"weight": weight, "bias": bias}
        expected = torch.func.functional_call(linear, named, (expected,))
        if 0 < place < len(drawn) - 2:
            expected = expected.tanh()
    torch.testing.assert_close(net(x), expected)
    assert len(net.layers()) == 5


def test_weights_fill_their_range():
    """Weights and drawn biases are within the bounds and near them."""
    width = 64
    one = depth.layer(
        depth.relu_layer, (width, width), (width,), gain=math.sqrt(6)
    )
    weight, bias = list(depth.repeat(one, 1, width=width).parameters())[2:4]
    for tensor, bound in ((weight, math.sqrt(6 / width)), (bias, 1 / 8)):
        assert 0.9 * bound < tensor.abs().max() <= bound
    start = depth.layer(depth.relu_layer, (4, 4), (4,), bias=-3.0)
    bias = list(depth.repeat(start, 1, width=4).parameters())[3]
    assert torch.equal(bias.detach(), torch.full((4,), -3.0))


def test_seeds_decide_the_weights_and_nothing_else_does():
    """Same seed, same weights; the global generator is not touched."""
    before = torch.get_rng_state()
    first, again, other = (narrow()(seed) for seed in (0, 0, 1))
    for one, two, three in zip(
        first.parameters(),
        again.parameters(),
        other.parameters(),
        strict=True,
    ):
        assert torch.equal(one, two)
        assert not torch.equal(one, three)
    assert torch.equal(before, torch.get_rng_state())


def test_widening_layers_read_all_before_them():
    """Each weight is wider than the last by the growth."""
    net = depth.widen(
        lambda x, w, b: torch.cat([x, depth.relu_layer(x, w, b)], 1),
        3,
        growth=2,
        width=5,
    )
    shapes = [tuple(p.shape) for p in net.parameters() if p.dim() == 2]
    assert shapes == [(5, 2), (2, 5), (2, 7), (2, 9), (1, 11)]
    assert net(torch.zeros(4, 2)).shape == (4, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_spirals_are_two_and_wind_once(seed):
    """Without noise, the angle tells radius and spiral apart."""
    generator = torch.Generator().manual_seed(seed)
    inputs, targets = depth.spirals(200, generator, noise=0.0)
    radius = inputs.norm(dim=1) / 2
    angle = torch.atan2(inputs[:, 1], inputs[:, 0])
    turns = (angle - math.pi * (2 * radius + targets)) / (2 * math.pi)
    assert (turns - turns.round()).abs().max() < 1e-4
    assert set(targets.tolist()) == {0.0, 1.0}
    assert radius.max() <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_convolutions_keep_their_shape(seed):
    """A layer is torch's convolution with padding and a ReLU."""
    generator = torch.Generator().manual_seed(seed)
    layers = depth.conv_layers(2, generator, channels=3)
    image = torch.randn(2, 3, 5, 5, generator=generator).double()
    out = layers[0](image)
    assert out.shape == image.shape
    assert out.min() == 0
    spike = torch.zeros(1, 3, 5, 5, dtype=torch.float64)
    spike[0, 0, 2, 2] = 1
    assert (layers[1](spike)[0, :, 0] == 0).all(), "3 x 3 reaches one place"


def test_networks_side_by_side_do_not_feel_each_other():
    """Three at once learn what each learns alone."""
    build = narrow()

    def make(parameters):
        return torch.optim.Adam(parameters, lr=1e-2)

    how = {"updates": 5, "batch_size": 8}
    together = [build(seed) for seed in SEEDS]
    losses = train_side_by_side(together, [7, 8, 9], make, **how)
    assert losses.shape == (3, 5)
    for place, seed in enumerate(SEEDS):
        alone = build(seed)
        one = train_side_by_side([alone], [7 + place], make, **how)
        torch.testing.assert_close(one[0], losses[place])
        for left, right, start in zip(
            alone.parameters(),
            together[place].parameters(),
            build(seed).parameters(),
            strict=True,
        ):
            torch.testing.assert_close(left, right)
            assert not torch.equal(left, start), "it has learnt"


@pytest.mark.parametrize("seed", SEEDS)
def test_depth_factor_is_what_wide_random_layers_do(seed):
    """The root mean square over many draws is the predicted factor."""
    generator = torch.Generator().manual_seed(seed)
    size, draws, gain = 64, 400, 1.5
    weights = torch.rand(draws, size, size, generator=generator).double()
    weights = gain * (2 * weights - 1) / math.sqrt(size)
    slopes = (torch.rand(draws, size, generator=generator) < 0.5).double()
    row = torch.ones(size, dtype=torch.float64) / math.sqrt(size)
    square = ((row * slopes)[:, None] @ weights).square().sum((1, 2)).mean()
    predicted = depth_probes.depth_factor(gain, 0.5)
    assert float(square.sqrt()) == pytest.approx(predicted, rel=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_residual_bounds_hold_and_can_be_reached(seed):
    """Random transforms stay between them; scaled identities reach them."""
    generator = torch.Generator().manual_seed(seed)
    size, count = 3, 4
    one = torch.eye(size, dtype=torch.float64)
    noise = torch.randn(count, size, size, generator=generator).double()
    noise *= 0.6 / torch.linalg.matrix_norm(noise, ord=2)[:, None, None]
    row = torch.randn(size, generator=generator).double()
    for transforms in (noise, 0.5 * one.expand(count, -1, -1), -0.5 * one):
        stack = transforms.expand(count, size, size)
        stretches = torch.linalg.matrix_norm(stack, ord=2)
        low, high = depth_probes.residual_bounds(stretches)
        out = row
        for transform in stack:
            out = out @ (one + transform)
        ratio = float(out.norm() / row.norm())
        assert low - 1e-12 <= ratio <= high + 1e-12
    assert ratio == pytest.approx(low)
    assert depth_probes.residual_bounds(torch.tensor([0.5, 1.5]))[0] == 0


@pytest.mark.parametrize("size", [1, 4, 32])
@pytest.mark.parametrize("gain", [0.5, 1.0])
def test_lyapunov_rate_is_that_of_gaussian_matrices(size, gain):
    """Mean and deviation of one factor's logarithm, over many draws."""
    generator = torch.Generator().manual_seed(size)
    rows = torch.randn(40_000, size, generator=generator).double()
    logs = (gain * rows.norm(dim=1) / math.sqrt(size)).log()
    mean, deviation = depth_probes.lyapunov_rate(gain, size)
    assert float(logs.mean()) == pytest.approx(mean, abs=0.03)
    assert float(logs.std()) == pytest.approx(deviation, rel=0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_relative_updates_are_the_rate_times_the_gradient(seed):
    """With SGD; and the network is as it was."""
    net = narrow()(seed)
    inputs, targets = depth.spirals(8, torch.Generator().manual_seed(3))
    before = [p.detach().clone() for p in net.parameters()]
    found = depth_probes.relative_updates(
        net, lambda ps: torch.optim.SGD(ps, lr=0.1), inputs, targets
    )
    loss = depth.spiral_loss(net(inputs), targets)
    matrices = [p for p in net.parameters() if p.dim() == 2]
    gradients = torch.autograd.grad(loss, matrices)
    expected = [
        0.1 * float(g.norm() / p.detach().norm())
        for g, p in zip(gradients, matrices, strict=True)
    ]
    assert found.tolist() == pytest.approx(expected, rel=1e-4)
    for parameter, old in zip(net.parameters(), before, strict=True):
        assert torch.equal(parameter, old)
        assert parameter.grad is None
