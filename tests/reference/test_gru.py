"""The reference GRUs agree with scalar loops, with torch and each other."""

import itertools
import math

import pytest
import torch
from torch import nn

from reference.gru import (
    convert_gru_parameters,
    gru_hold_forever,
    gru_step,
    lecture_gru_step,
)
from rnnlab.layout import GRU_GATES, gate_slices

SHAPES = [(1, 1, 1), (2, 3, 4), (3, 5, 2), (4, 2, 6)]
SEEDS = [0, 1, 2]
PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")

shapes_and_seeds = pytest.mark.parametrize(
    ("shape", "seed"), list(itertools.product(SHAPES, SEEDS))
)


def sigmoid(z):
    """Return 1 / (1 + e^-z) of one number."""
    return 1 / (1 + (-z).exp())


def tanh(z):
    """Return (e^z - e^-z) / (e^z + e^-z) of one number."""
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


def affine(numbers, weight, row):
    """Return one row's product with a vector, term by term."""
    total = 0 * weight[row, 0]
    for column, number in enumerate(numbers):
        total = total + weight[row, column] * number
    return total


def spec_torch(x, hidden, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance torch's form with loops, one number a time."""
    units = hidden.shape[1]
    rows = []
    for n in range(len(x)):
        row = []
        for j in range(units):
            given = [
                affine(x[n], weight_ih, k * units + j) + bias_ih[k * units + j]
                for k in range(3)
            ]
            heard = [
                affine(hidden[n], weight_hh, k * units + j)
                + bias_hh[k * units + j]
                for k in range(3)
            ]
            r = sigmoid(given[0] + heard[0])
            z = sigmoid(given[1] + heard[1])
            new = tanh(given[2] + r * heard[2])
            row.append((1 - z) * new + z * hidden[n, j])
        rows.append(torch.stack(row))
    return torch.stack(rows)


def spec_lecture(x, hidden, weight_ih, weight_hh, bias):
    """Advance the lecture's form with loops, one number a time."""
    units = hidden.shape[1]
    rows = []
    for n in range(len(x)):

        def gate(block, j, state, n=n):
            k = block * units + j
            return (
                affine(x[n], weight_ih, k)
                + affine(state, weight_hh, k)
                + bias[k]
            )

        passed = [
            sigmoid(gate(0, j, hidden[n])) * hidden[n, j] for j in range(units)
        ]
        row = []
        for j in range(units):
            u = sigmoid(gate(1, j, hidden[n]))
            new = tanh(gate(2, j, passed))
            row.append((1 - u) * hidden[n, j] + u * new)
        rows.append(torch.stack(row))
    return torch.stack(rows)


def draw(generator, *shape):
    """Draw float64 numbers away from zero."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def draw_all(seed, batch, input_size, units):
    """Draw x, the hidden state and torch's parameters."""
    generator = torch.Generator().manual_seed(seed)
    shapes = (
        (batch, input_size),
        (batch, units),
        (3 * units, input_size),
        (3 * units, units),
        (3 * units,),
        (3 * units,),
    )
    return [draw(generator, *shape) for shape in shapes]


def torch_step(x, hidden, *parameters):
    """Advance torch.nn.GRUCell by one step."""
    cell = nn.GRUCell(x.shape[1], hidden.shape[1], device="meta")
    named = dict(zip(PARAMETERS, parameters, strict=True))
    return torch.func.functional_call(cell, named, (x, hidden))


def gradients(output, leaves):
    """Return gradients of a weighted sum of the output."""
    generator = torch.Generator().manual_seed(99)
    weights = torch.rand(output.shape, generator=generator, dtype=output.dtype)
    return torch.autograd.grad((output * weights).sum(), leaves)


def require_same(ours, theirs, leaves):
    """Assert that values and gradients agree to float64 rounding."""
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)
    pairs = zip(
        gradients(ours, leaves), gradients(theirs, leaves), strict=True
    )
    for one, other in pairs:
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@shapes_and_seeds
def test_step_agrees_with_scalar_loops_and_torch(shape, seed):
    """Values and gradients are those of the equations and of GRUCell."""
    leaves = draw_all(seed, *shape)
    require_same(gru_step(*leaves), spec_torch(*leaves), leaves)
    require_same(gru_step(*leaves), torch_step(*leaves), leaves)


@shapes_and_seeds
def test_lecture_step_agrees_with_scalar_loops(shape, seed):
    """Values and gradients are those of the lecture's equations."""
    leaves = draw_all(seed, *shape)[:5]
    require_same(lecture_gru_step(*leaves), spec_lecture(*leaves), leaves)


@pytest.mark.parametrize("step", [gru_step, lecture_gru_step])
def test_gradient_of_a_step_agrees_with_differences(step):
    """Autograd through the step is what moving each number gives."""
    leaves = draw_all(3, 2, 3, 2)
    assert torch.autograd.gradcheck(step, leaves[: 6 - (step is not gru_step)])


@shapes_and_seeds
def test_hidden_state_lies_between_old_and_bounds(shape, seed):
    """It is a convex combination of the old state and of a number in +-1."""
    x, hidden, *parameters = draw_all(seed, *shape)
    for scale in (1, 5):
        new = gru_step(x, scale * hidden, *parameters)
        bound = (scale * hidden).abs().clamp(min=1)
        assert (new.abs() < bound + 1e-12).all()


def tame(parameters):
    """Make W_hn diagonal and b_hn zero."""
    weight_ih, weight_hh, bias_ih, bias_hh = (
        parameter.detach().clone() for parameter in parameters
    )
    new = gate_slices(weight_hh.shape[1], GRU_GATES)["new"]
    weight_hh[new] = torch.diag(weight_hh[new].diagonal())
    bias_hh[new] = 0
    return weight_ih, weight_hh, bias_ih, bias_hh


@shapes_and_seeds
def test_converted_parameters_give_the_same_function(shape, seed):
    """Where there is a conversion, the two steps agree everywhere."""
    x, hidden, *parameters = draw_all(seed, *shape)
    parameters = tame(parameters)
    before = [parameter.clone() for parameter in parameters]
    converted = convert_gru_parameters(*parameters)
    require_same(
        lecture_gru_step(x, hidden, *converted),
        gru_step(x, hidden, *parameters),
        [x, hidden],
    )
    for old, now in zip(before, parameters, strict=True):
        assert torch.equal(old, now)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("place", "match"),
    [((1, 8, 0), "diagonal"), ((1, 6, 2), "diagonal"), ((3, 7), "b_hn")],
)
def test_one_number_makes_it_refuse_and_the_forms_differ(seed, place, match):
    """One entry off the diagonal, or of b_hn, is another function."""
    x, hidden, *parameters = draw_all(seed, 50, 2, 3)
    parameters = tame(parameters)
    which, *index = place
    weight_ih, weight_hh, bias = convert_gru_parameters(*parameters)
    parameters[which][tuple(index)] = 0.5
    with pytest.raises(ValueError, match=match):
        convert_gru_parameters(*parameters)
    if which == 1:
        weight_hh[tuple(index)] = 0.5
    lectures = lecture_gru_step(x, hidden, weight_ih, weight_hh, bias)
    gap = (lectures - gru_step(x, hidden, *parameters)).abs().max()
    assert gap > 1e-3


def require_agreement(seed, theirs, w_ih, w_hh, bias):
    """Assert that torch's form does what the lecture's does with u = 1 - z."""
    x, hidden, *_ = draw_all(seed, 50, 2, 3)
    sign = torch.ones(9, dtype=torch.float64)
    sign[3:6] = -1
    flipped = sign[:, None] * w_ih, sign[:, None] * w_hh, sign * bias
    torch.testing.assert_close(
        lecture_gru_step(x, hidden, *flipped),
        gru_step(x, hidden, *theirs),
        rtol=1e-10,
        atol=1e-12,
    )


def exceptional(seed):
    """Return parameters of three units, and a full W_hn beside them."""
    _, _, *parameters = draw_all(seed, 50, 2, 3)
    return *tame(parameters), parameters[1].detach()[6:]


@pytest.mark.parametrize("seed", SEEDS)
def test_units_that_share_a_reset_gate_may_read_each_other(seed):
    """The first exception that the exercise names."""
    w_ih, w_hh, bias_ih, bias_hh, full = exceptional(seed)
    bias = bias_ih + bias_hh
    for tensor in (w_ih, w_hh, bias):
        tensor[:3] = tensor[:1].clone()
    w_hh[6:] = full
    theirs = w_ih, w_hh, bias, torch.zeros_like(bias)
    require_agreement(seed, theirs, w_ih, w_hh, bias)


@pytest.mark.parametrize("seed", SEEDS)
def test_constant_reset_gates_can_be_multiplied_in(seed):
    """The second exception that the exercise names."""
    w_ih, w_hh, bias_ih, _, full = exceptional(seed)
    w_ih[:3], w_hh[:3] = 0, 0
    w_hh[6:] = full
    bias_hh = torch.full_like(bias_ih, 0.25)
    gate = torch.sigmoid(bias_ih + bias_hh)[:3]
    across, bias = w_hh.clone(), bias_ih + bias_hh
    across[6:] = full * gate[:, None] / gate[None, :]
    bias[6:] = bias_ih[6:] + gate * bias_hh[6:]
    require_agreement(seed, (w_ih, w_hh, bias_ih, bias_hh), w_ih, across, bias)


@pytest.mark.parametrize("seed", SEEDS)
def test_reset_gates_can_move_where_each_unit_is_read_once(seed):
    """The third exception that the exercise names."""
    w_ih, w_hh, bias_ih, bias_hh, _ = exceptional(seed)
    order = [1, 2, 0]  # unit i reads unit order[i]
    w_hh[6:] = 0
    w_hh[[6, 7, 8], order] = torch.tensor([0.7, -0.4, 0.9]).double()
    moved = [w_ih.clone(), w_hh.clone(), bias_ih + bias_hh]
    for tensor in moved:
        tensor[order] = tensor[:3].clone()
    require_agreement(seed, (w_ih, w_hh, bias_ih, bias_hh), *moved)


@pytest.mark.parametrize("hidden_size", [1, 3, 8])
def test_held_value_survives_scalar_loops(hidden_size):
    """The worst that the bounds allow moves no state by 0.001."""
    bias_ih, bias_hh = gru_hold_forever(hidden_size)
    total = (bias_ih + bias_hh).double()
    assert total.shape == (len(GRU_GATES) * hidden_size,)
    update = gate_slices(hidden_size, GRU_GATES)["update"]
    for bias in total[update].tolist():
        update_gate = 1 / (1 + math.exp(2 - bias))
        state = -1.0
        for _ in range(10_000):
            state = (1 - update_gate) * 1.0 + update_gate * state
        assert abs(state + 1) < 1e-3


def test_one_less_would_not_hold():
    """The bias is near the smallest that does, not just huge."""
    bias_ih, _ = gru_hold_forever(1)
    bias = bias_ih[gate_slices(1, GRU_GATES)["update"]].item() - 2 - 2
    lost = 1 / (1 + math.exp(bias))
    assert 2 * (1 - (1 - lost) ** 10_000) > 1e-3
