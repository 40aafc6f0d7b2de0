"""The reference of chapter 1 agrees with scalar loops and with torch."""

import itertools
import math

import pytest
import torch
from torch import nn

from reference.vanishing import (
    gradient_by_lag,
    linear_gradient,
    linear_gradient_by_modes,
    rnn_step,
    rnn_unroll,
    step_jacobian,
    vanishing_bound,
)

SHAPES = [(1, 1, 1), (2, 3, 4), (3, 5, 2), (4, 2, 6)]
SEEDS = [0, 1, 2]
PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")

shapes_and_seeds = pytest.mark.parametrize(
    ("shape", "seed"), list(itertools.product(SHAPES, SEEDS))
)
every_seed = pytest.mark.parametrize("seed", SEEDS)


def tanh(z):
    """Return (e^z - e^-z) / (e^z + e^-z) of one number."""
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


def spec_step(x, hidden, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance one step with loops over batch and units, one number a time."""
    rows = []
    for n in range(len(x)):
        row = []
        for i in range(hidden.shape[1]):
            total = bias_ih[i] + bias_hh[i]
            for d in range(x.shape[1]):
                total = total + weight_ih[i, d] * x[n, d]
            for j in range(hidden.shape[1]):
                total = total + weight_hh[i, j] * hidden[n, j]
            row.append(tanh(total))
        rows.append(torch.stack(row))
    return torch.stack(rows)


def draw(generator, *shape):
    """Draw float64 numbers away from zero."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def draw_parameters(generator, input_size, units):
    """Draw the parameters of a layer, in torch's order."""
    shapes = (units, input_size), (units, units), (units,), (units,)
    return [draw(generator, *shape) for shape in shapes]


def gradients(outputs, leaves):
    """Return gradients of a weighted sum of the outputs."""
    generator = torch.Generator().manual_seed(99)
    total = sum(
        (t * torch.rand(t.shape, generator=generator, dtype=t.dtype)).sum()
        for t in outputs
    )
    return torch.autograd.grad(total, leaves, retain_graph=True)


def require_close(first, second):
    """Assert that two sequences of tensors agree to float64 rounding."""
    for one, other in zip(first, second, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@shapes_and_seeds
def test_step_agrees_with_scalar_loops_and_torch(shape, seed):
    """Values and gradients are those of the equation and of RNNCell."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    leaves = [
        draw(generator, batch, input_size),
        draw(generator, batch, units),
        *draw_parameters(generator, input_size, units),
    ]
    ours, spec = [rnn_step(*leaves)], [spec_step(*leaves)]
    cell = nn.RNNCell(input_size, units, device="meta")
    named = dict(zip(PARAMETERS, leaves[2:], strict=True))
    torchs = [torch.func.functional_call(cell, named, (*leaves[:2],))]
    for other in (spec, torchs):
        require_close(ours, other)
        require_close(gradients(ours, leaves), gradients(other, leaves))


@pytest.mark.parametrize("seq_len", [1, 2, 5])
@shapes_and_seeds
def test_unroll_agrees_with_scalar_loops_and_torch(shape, seed, seq_len):
    """All hidden states, the last one and all gradients agree."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    inputs = draw(generator, seq_len, batch, input_size)
    initial = draw(generator, batch, units)
    parameters = draw_parameters(generator, input_size, units)
    leaves = [inputs, initial, *parameters]
    ours = rnn_unroll(*leaves)

    layer = nn.RNN(input_size, units, device="meta")
    names = [f"{name}_l0" for name in PARAMETERS]
    named = dict(zip(names, parameters, strict=True))
    outputs, last = torch.func.functional_call(
        layer, named, (inputs, initial[None])
    )
    trace, state = [], initial
    for x in inputs:
        state = spec_step(x, state, *parameters)
        trace.append(state)
    for other in ((outputs, last[0]), (torch.stack(trace), state)):
        require_close(ours, other)
        require_close(gradients(ours, leaves), gradients(other, leaves))


@shapes_and_seeds
def test_jacobian_agrees_with_autograd_and_with_differences(shape, seed):
    """It is what moving one unit before the step does to one after it."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    x = draw(generator, batch, input_size).detach()
    before = draw(generator, batch, units).detach()
    parameters = [
        p.detach() for p in draw_parameters(generator, input_size, units)
    ]
    ours = step_jacobian(rnn_step(x, before, *parameters), parameters[1])
    for n in range(batch):
        exact = torch.autograd.functional.jacobian(
            lambda state, n=n: rnn_step(x[n : n + 1], state, *parameters)[0],
            before[n : n + 1],
        )[:, 0]
        torch.testing.assert_close(ours[n], exact, rtol=1e-10, atol=1e-12)
    for j in range(units):
        little = torch.zeros(units, dtype=torch.float64)
        little[j] = 1e-6
        ahead = rnn_step(x, before + little, *parameters)
        behind = rnn_step(x, before - little, *parameters)
        slope = (ahead - behind) / 2e-6
        torch.testing.assert_close(ours[:, :, j], slope, rtol=0, atol=1e-8)


@pytest.mark.parametrize("seq_len", [1, 2, 7, 40])
@shapes_and_seeds
def test_norm_at_each_lag_agrees_with_autograd(shape, seed, seq_len):
    """Each is the norm of the gradient that autograd finds there."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    inputs = draw(generator, seq_len, batch, input_size)
    state = initial = draw(generator, batch, units)
    parameters = draw_parameters(generator, input_size, units)
    at_the_end = draw(generator, batch, units).detach()
    states = []
    for x in inputs:
        state = rnn_step(x, state, *parameters)
        states.append(state)
    exact = torch.autograd.grad(state, states, at_the_end)
    exact = torch.stack([gradient.norm() for gradient in exact]).flip(0)
    with torch.no_grad():
        ours = gradient_by_lag(inputs, initial, *parameters, at_the_end)
    assert ours.shape == (seq_len,)
    torch.testing.assert_close(ours, exact, rtol=1e-9, atol=0)


@every_seed
@pytest.mark.parametrize("lag", [0, 1, 2, 9])
@pytest.mark.parametrize(("batch", "units"), [(1, 1), (2, 4), (3, 3)])
def test_linear_gradient_agrees_with_loops_modes_and_autograd(
    batch, units, lag, seed
):
    """A product of scalars, a sum of modes and autograd give the same."""
    generator = torch.Generator().manual_seed(seed)
    weight_hh = draw(generator, units, units).detach()
    gradient = draw(generator, batch, units).detach()
    ours = linear_gradient(gradient, weight_hh, lag)

    looped = gradient.tolist()
    for _ in range(lag):
        looped = [
            [
                sum(row[i] * weight_hh[i, j].item() for i in range(units))
                for j in range(units)
            ]
            for row in looped
        ]
    first = state = torch.zeros_like(gradient).requires_grad_()
    for _ in range(lag):
        state = state @ weight_hh.T
    (exact,) = torch.autograd.grad(state, first, gradient)
    by_modes = linear_gradient_by_modes(gradient, weight_hh, lag)
    for other in (torch.tensor(looped, dtype=torch.float64), exact, by_modes):
        torch.testing.assert_close(ours, other, rtol=1e-8, atol=1e-10)


@every_seed
@pytest.mark.parametrize("units", [1, 2, 5])
def test_bound_is_the_largest_stretch(units, seed):
    """No direction is stretched by more, and one is stretched by as much."""
    generator = torch.Generator().manual_seed(seed)
    weight_hh = draw(generator, units, units).detach()
    stretch = vanishing_bound(weight_hh, 1.0, torch.tensor([1])).item()
    shape = 2000, units
    rows = torch.randn(shape, generator=generator, dtype=torch.float64)
    stretched = (rows @ weight_hh).norm(dim=1) / rows.norm(dim=1)
    assert stretched.max() <= stretch * (1 + 1e-12)
    # Power iteration finds the direction itself.
    row = rows[:1]
    for _ in range(3000):
        row = row @ weight_hh @ weight_hh.T
        row = row / row.norm()
    assert math.isclose((row @ weight_hh).norm(), stretch, rel_tol=1e-9)


@every_seed
@pytest.mark.parametrize("max_slope", [1.0, 0.25])
@pytest.mark.parametrize("gain", [0.3, 1.0, 3.0])
def test_bound_holds_for_gradients_on_any_inputs(gain, max_slope, seed):
    """No measured gradient is longer, with tanh and with the sigmoid."""
    generator = torch.Generator().manual_seed(seed)
    inputs = gain * draw(generator, 30, 4, 3).detach()
    initial = draw(generator, 4, 5).detach()
    weight_ih, weight_hh, *biases = (
        p.detach() for p in draw_parameters(generator, 3, 5)
    )
    activation = torch.tanh if max_slope == 1.0 else torch.sigmoid
    state = initial.requires_grad_()
    states = [state]
    for x in inputs:
        state = activation(x @ weight_ih.T + sum(biases) + state @ weight_hh.T)
        states.append(state)
    at_the_end = torch.ones_like(state)
    found = torch.autograd.grad(state, states, at_the_end)
    norms = torch.stack([gradient.norm() for gradient in found]).flip(0)
    lags = torch.arange(len(states))
    bound = vanishing_bound(weight_hh, max_slope, lags)
    assert (norms <= at_the_end.norm() * bound * (1 + 1e-9)).all()


def test_eigenvalues_below_one_do_not_stop_a_gradient_from_growing():
    """A matrix that is not normal lengthens it before it vanishes."""
    sheared = torch.tensor([[0.8, 2.0], [0.0, 0.8]], dtype=torch.float64)
    gradient = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    norms = [
        linear_gradient(gradient, sheared, lag).norm() for lag in range(200)
    ]
    assert max(norms) > 4
    assert norms[-1] < 1e-15


def test_an_eigenvalue_above_one_does_not_make_every_gradient_grow():
    """A gradient without a part along the growing mode vanishes."""
    symmetric = torch.tensor([[0.95, 0.25], [0.25, 0.95]], dtype=torch.float64)
    assert torch.linalg.eigvalsh(symmetric).max() > 1.19
    across = torch.tensor([[1.0, -1.0]], dtype=torch.float64)
    along = torch.tensor([[1.0, 1.0]], dtype=torch.float64)
    assert linear_gradient(across, symmetric, 60).norm() < 1e-9
    assert linear_gradient(along, symmetric, 60).norm() > 1e4
