"""The reference layers agree with scalar loops, torch and their limits."""

import itertools
import math
from fractions import Fraction

import pytest
import torch
from torch import nn

from reference.skip import (
    dense_block,
    gradient_norm_by_layer,
    highway_layer,
    log_growth,
    residual_block,
)

SEEDS = [0, 1, 2]
SHAPES = [(1, 1, 1), (2, 3, 4), (3, 5, 2)]

shapes_and_seeds = pytest.mark.parametrize(
    ("shape", "seed"), list(itertools.product(SHAPES, SEEDS))
)


def draw(generator, *shape):
    """Draw float64 numbers away from zero, with gradients."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def affine(numbers, weight, bias, row):
    """Return one unit's pre-activation, term by term."""
    total = bias[row]
    for column, number in enumerate(numbers):
        total = total + weight[row, column] * number
    return total


def positive(number):
    """Return the number where it is above 0, else 0."""
    return number if number > 0 else 0 * number


def tanh(number):
    """Return tanh from exponentials."""
    return (number.exp() - (-number).exp()) / (number.exp() + (-number).exp())


def spec_residual(x, weight_in, bias_in, weight_out, bias_out):
    """Compute a residual block, one number a time."""
    rows = []
    for row in x:
        inner = [
            positive(affine(row, weight_in, bias_in, j))
            for j in range(len(bias_in))
        ]
        outer = [
            row[i] + affine(inner, weight_out, bias_out, i)
            for i in range(len(bias_out))
        ]
        rows.append(torch.stack(outer))
    return torch.stack(rows)


def spec_dense(x, weights, biases):
    """Compute a dense block, one number a time."""
    rows = []
    for row in x:
        features = list(row)
        for weight, bias in zip(weights, biases, strict=True):
            features += [
                positive(affine(features, weight, bias, j))
                for j in range(len(bias))
            ]
        rows.append(torch.stack(features))
    return torch.stack(rows)


def spec_highway(x, weight_transform, bias_transform, weight_gate, bias_gate):
    """Compute a highway layer, one number a time."""
    rows = []
    for row in x:
        out = []
        for j, number in enumerate(row):
            gate = 1 / (1 + (-affine(row, weight_gate, bias_gate, j)).exp())
            new = tanh(affine(row, weight_transform, bias_transform, j))
            out.append(gate * new + (1 - gate) * number)
        rows.append(torch.stack(out))
    return torch.stack(rows)


def require_same(ours, theirs, leaves):
    """Assert that values and gradients agree to float64 rounding."""
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)
    weigh = torch.arange(1, ours.numel() + 1, dtype=ours.dtype).sin()
    pairs = zip(
        *(
            torch.autograd.grad((out.flatten() * weigh).sum(), leaves)
            for out in (ours, theirs)
        ),
        strict=True,
    )
    for one, other in pairs:
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@shapes_and_seeds
def test_residual_block_agrees_with_scalar_loops(shape, seed):
    """Values and gradients are those of the equation."""
    batch, size, inner = shape
    numbers = torch.Generator().manual_seed(seed)
    shapes = (batch, size), (inner, size), (inner,), (size, inner), (size,)
    leaves = [draw(numbers, *each) for each in shapes]
    require_same(residual_block(*leaves), spec_residual(*leaves), leaves)


@pytest.mark.parametrize("seed", SEEDS)
def test_residual_block_of_zeros_is_the_identity(seed):
    """So is its Jacobian, exactly."""
    numbers = torch.Generator().manual_seed(seed)
    x = draw(numbers, 1, 4)
    zeros = [torch.zeros(*s).double() for s in ((6, 4), (6,), (4, 6), (4,))]
    assert torch.equal(residual_block(x, *zeros), x)
    jacobian = torch.autograd.functional.jacobian(
        lambda row: residual_block(row, *zeros), x
    )
    assert torch.equal(jacobian.reshape(4, 4), torch.eye(4).double())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("growths", [(1,), (2, 2), (1, 3, 2)])
def test_dense_block_agrees_with_scalar_loops(growths, seed):
    """Values and gradients are those of the equation."""
    numbers = torch.Generator().manual_seed(seed)
    x, width = draw(numbers, 3, 2), 2
    weights, biases = [], []
    for growth in growths:
        weights.append(draw(numbers, growth, width))
        biases.append(draw(numbers, growth))
        width += growth
    leaves = [x, *weights, *biases]
    ours, theirs = (
        block(x, weights, biases) for block in (dense_block, spec_dense)
    )
    require_same(ours, theirs, leaves)
    assert torch.equal(ours[:, :2], x)


def test_dense_block_without_layers_is_its_input():
    """There is nothing to add."""
    x = torch.ones(2, 3)
    assert torch.equal(dense_block(x, [], []), x)


@shapes_and_seeds
def test_highway_layer_agrees_with_scalar_loops(shape, seed):
    """Values and gradients are those of the equations."""
    batch, size, _ = shape
    numbers = torch.Generator().manual_seed(seed)
    shapes = (batch, size), (size, size), (size,), (size, size), (size,)
    leaves = [draw(numbers, *each) for each in shapes]
    require_same(highway_layer(*leaves), spec_highway(*leaves), leaves)


@pytest.mark.parametrize("seed", SEEDS)
def test_highway_layer_at_its_ends(seed):
    """A shut gate gives x, an open one the candidate."""
    numbers = torch.Generator().manual_seed(seed)
    shapes = (2, 3), (3, 3), (3,), (3, 3)
    x, weight, bias, weight_gate = (draw(numbers, *each) for each in shapes)
    for bias_gate, expected in (
        (-800.0, x),
        (800.0, torch.tanh(x @ weight.T + bias)),
    ):
        gate = torch.full((3,), bias_gate, dtype=torch.float64)
        out = highway_layer(x, weight, bias, weight_gate, gate)
        torch.testing.assert_close(out, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", SEEDS)
def test_norms_by_layer_agree_with_differences(seed):
    """Each is the length of the vector of difference quotients."""
    numbers = torch.Generator().manual_seed(seed)
    weights = [draw(numbers, 3, 3).detach() for _ in range(3)]
    layers = [lambda x, w=w: torch.tanh(x @ w.T) for w in weights]
    x = draw(numbers, 2, 3).detach()

    def loss_fn(outputs):
        return (outputs**3).sum()

    found = gradient_norm_by_layer(layers, x, loss_fn)
    state = x
    for place in range(4):
        square = 0.0
        for index in range(state.numel()):
            values = []
            for step in (1e-6, -1e-6):
                moved = state.clone()
                moved.view(-1)[index] += step
                for layer in layers[place:]:
                    moved = layer(moved)
                values.append(float(loss_fn(moved)))
            square += ((values[0] - values[1]) / 2e-6) ** 2
        assert math.sqrt(square) == pytest.approx(
            float(found[place]), rel=1e-6
        )
        state = layers[place](state) if place < 3 else state


def test_norms_by_layer_leave_everything_alone():
    """No .grad is made or changed and x is no leaf of a graph."""
    linear = nn.Linear(2, 2, device="meta").to_empty(device="cpu")
    nn.init.eye_(linear.weight)
    nn.init.zeros_(linear.bias)
    linear.weight.grad = torch.full((2, 2), 7.0)
    x = torch.ones(1, 2)
    norms = gradient_norm_by_layer([linear], x, torch.sum)
    assert not x.requires_grad
    assert not norms.requires_grad
    assert linear.bias.grad is None
    assert torch.equal(linear.weight.grad, torch.full((2, 2), 7.0))


def exact_logs(gradient, jacobians):
    """Multiply rational numbers and take the logarithm at the end."""
    row = [Fraction(number) for number in gradient.tolist()]
    start = sum(number**2 for number in row)
    logs = [0.0]
    for jacobian in jacobians.tolist():
        row = [
            sum(
                number * Fraction(jacobian[i][j])
                for i, number in enumerate(row)
            )
            for j in range(len(row))
        ]
        square = sum(number**2 for number in row) / start
        top, bottom = square.numerator, square.denominator
        logs.append((math.log(top) - math.log(bottom)) / 2)
    return logs


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scale", [1e-20, 1.0, 1e20])
def test_log_growth_agrees_with_exact_arithmetic(scale, seed):
    """Where the product would leave float64, too."""
    numbers = torch.Generator().manual_seed(seed)
    gradient = draw(numbers, 2).detach()
    jacobians = scale * draw(numbers, 30, 2, 2).detach()
    found = log_growth(gradient, jacobians)
    expected = exact_logs(gradient, jacobians)
    assert found.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert (found[-1].abs() > 709) == (scale != 1.0)


def test_log_growth_stays_at_minus_infinity():
    """Behind a factor of 0 nothing comes back, and nothing is NaN."""
    jacobians = torch.eye(2).repeat(4, 1, 1)
    jacobians[1] = 0
    found = log_growth(torch.tensor([3.0, 4.0]), jacobians)
    assert found.tolist() == [0.0, 0.0, -math.inf, -math.inf, -math.inf]
