"""Angles, clipped angles, gradients through time, responses to a spike."""

import math

import pytest
import torch

from rnnlab import gradients
from rnnlab.models import IdentityRNN

SEEDS = (0, 1, 2)


def random(seed):
    """Return a generator of its own."""
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("degrees", [0.0, 1e-7, 30.0, 90.0, 150.0, 180.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_angle_is_the_one_the_vectors_were_made_with(degrees, dtype):
    """Known angles come back, whatever the lengths of the vectors."""
    turn = math.radians(degrees)
    first = torch.tensor([7.0, 0.0], dtype=torch.float64)
    second = 0.01 * torch.tensor(
        [math.cos(turn), math.sin(turn)], dtype=torch.float64
    )
    angle = gradients.angle_between(first.to(dtype), second.to(dtype))
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    assert angle == pytest.approx(degrees, abs=tolerance, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [2, 5, 100])
def test_angle_equals_the_arc_cosine(seed, size):
    """Away from 0 and 180 degrees both formulas agree."""
    generator = random(seed)
    first, second = torch.randn(
        2, size, generator=generator, dtype=torch.float64
    )
    cosine = (first @ second) / (first.norm() * second.norm())
    expected = math.degrees(math.acos(cosine.item()))
    assert gradients.angle_between(first, second) == pytest.approx(expected)


def parameters_with_gradients(seed):
    """Return parameters of several shapes, one of them without gradient."""
    generator = random(seed)
    parameters = []
    for scale, shape in ((5.0, (3, 4)), (0.2, (6,)), (1.0, (2, 2, 2))):
        parameter = torch.nn.Parameter(torch.zeros(shape, dtype=torch.float64))
        parameter.grad = scale * torch.randn(
            shape, generator=generator, dtype=torch.float64
        )
        parameters.append(parameter)
    parameters.append(torch.nn.Parameter(torch.zeros(2)))
    return parameters


def flat(tensors):
    """Return all entries as one vector."""
    return torch.cat([tensor.flatten() for tensor in tensors])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fraction", [0.9, 0.5, 0.05])
def test_clipping_angles_equal_those_by_hand(seed, fraction):
    """An independent search of the threshold finds the same angles."""
    parameters = parameters_with_gradients(seed)
    tensors = [p.grad.clone() for p in parameters if p.grad is not None]
    vector = flat(tensors)
    measured = gradients.clipping_angles(parameters, [fraction])
    ways = {
        "global norm": lambda c: vector * min(1, c / vector.norm()),
        "norm per tensor": lambda c: flat(
            [t * min(1, c / t.norm()) for t in tensors]
        ),
        "value": lambda c: vector.clamp(-c, c),
    }
    for name, way in ways.items():
        low, high = 0.0, vector.norm().item()
        for _ in range(80):
            middle = (low + high) / 2
            short = way(middle).norm() < fraction * vector.norm()
            low, high = (middle, high) if short else (low, middle)
        after = way(high)
        cosine = (vector @ after) / (vector.norm() * after.norm())
        expected = math.degrees(math.acos(min(1.0, cosine.item())))
        assert measured[name][0] == pytest.approx(expected, abs=1e-3)


def test_clipping_angles_leave_the_gradients_alone():
    """After the measurement every gradient is what it was."""
    parameters = parameters_with_gradients(0)
    before = [None if p.grad is None else p.grad.clone() for p in parameters]
    gradients.clipping_angles(parameters, [0.5, 0.1])
    for parameter, gradient in zip(parameters, before, strict=True):
        if gradient is None:
            assert parameter.grad is None
        else:
            assert torch.equal(parameter.grad, gradient)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("size", "lags"), [(1, 1), (3, 6), (5, 20)])
def test_norms_through_time_equal_matrix_powers(seed, size, lags):
    """In the linear case the gradient is the transposed power times it."""
    draw = {"generator": random(seed), "dtype": torch.float64}
    weight = torch.randn(size, size, **draw)
    gradient = torch.randn(size, **draw)
    measured = gradients.state_gradient_norms(
        lambda hidden_state, x: weight @ hidden_state + x,
        torch.randn(lags, size, **draw),
        gradient,
    )
    expected = torch.stack(
        [
            (torch.linalg.matrix_power(weight.T, lag) @ gradient).norm()
            for lag in range(lags + 1)
        ]
    )
    torch.testing.assert_close(measured, expected / gradient.norm())


@pytest.mark.parametrize("seed", SEEDS)
def test_radius_examples_have_the_radius_of_their_names(seed):
    """What is known in closed form: the growing and the crossing mode."""
    curves = gradients.radius_examples(seed, lags=30)
    lag = torch.arange(31, dtype=torch.float64)
    names = list(curves)
    torch.testing.assert_close(curves[names[0]], 1.2**lag)
    torch.testing.assert_close(
        curves[names[2]], 0.7**lag, rtol=1e-6, atol=1e-11
    )
    assert curves[names[1]].max() > 5
    assert curves[names[3]][-1] < 1e-6


def test_sgd_answers_a_spike_by_its_own_size():
    """The step at the spike is the spike; no other step knows of it."""
    ways = {
        factor: gradients.spike_response(
            lambda p: torch.optim.SGD(p, lr=0.1),
            random(0),
            factor=factor,
            spike_step=5,
            num_steps=12,
        )
        for factor in (1.0, 1000.0)
    }
    ratio = ways[1000.0] / ways[1.0]
    expected = torch.ones(12, dtype=torch.float64)
    expected[5] = 1000
    torch.testing.assert_close(ratio, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_adam_answers_a_spike_as_its_equations_say(seed):
    """Every step length equals Adam written out by hand."""
    spike_step, num_steps, size = 6, 20, 7
    measured = gradients.spike_response(
        lambda p: torch.optim.Adam(p, lr=0.1, eps=0.0),
        random(seed),
        factor=50.0,
        spike_step=spike_step,
        num_steps=num_steps,
        size=size,
    )
    generator = random(seed)
    mean = square = torch.zeros(size, dtype=torch.float64)
    lengths = []
    for step in range(num_steps):
        gradient = torch.randn(size, generator=generator).double()
        gradient = gradient * (50.0 if step == spike_step else 1.0)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        move = (mean / (1 - 0.9 ** (step + 1))) / (
            square / (1 - 0.999 ** (step + 1))
        ).sqrt()
        lengths.append(0.1 * move.norm())
    lengths = torch.stack(lengths)
    expected = lengths / lengths[:spike_step].median()
    torch.testing.assert_close(measured, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_identity_rnn_adds_up_at_first(seed):
    """With identity recurrence and ReLU the states equal running sums."""
    model = IdentityRNN(2, 4, random(seed)).double()
    inputs = torch.rand(6, 3, 2, dtype=torch.float64)
    with torch.no_grad():
        model.rnn.weight_ih_l0.abs_()
        added = (inputs @ model.rnn.weight_ih_l0.T).sum(dim=0)
        expected = added @ model.readout.weight[0] + model.readout.bias
    torch.testing.assert_close(model(inputs), expected)


def test_identity_rnn_depends_on_its_generator_alone():
    """Same seed, same weights; the global random state stays untouched."""
    state = torch.random.get_rng_state()
    first, second = IdentityRNN(1, 5, random(3)), IdentityRNN(1, 5, random(3))
    assert torch.equal(torch.random.get_rng_state(), state)
    for one, other in zip(
        first.parameters(), second.parameters(), strict=True
    ):
        assert torch.equal(one, other)
    assert first.readout.weight.abs().max() <= 5**-0.5
