"""The reference LSTM agrees with scalar loops and with torch."""

import itertools
import math

import pytest
import torch
from torch import nn

from reference.lstm import (
    hold_forever,
    lstm_step,
    lstm_unroll,
    open_forget_gate,
)
from rnnlab.layout import LSTM_GATES, LSTMState, gate_slices

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


def spec_step(x, hidden, cell, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance one step with loops over batch and units, one number a time."""
    batch, input_size = x.shape
    units = hidden.shape[1]
    new_hidden = [[None] * units for _ in range(batch)]
    new_cell = [[None] * units for _ in range(batch)]
    for n in range(batch):
        for j in range(units):
            z = []
            for block in range(4):
                row = block * units + j
                total = bias_ih[row] + bias_hh[row]
                for d in range(input_size):
                    total = total + weight_ih[row, d] * x[n, d]
                for k in range(units):
                    total = total + weight_hh[row, k] * hidden[n, k]
                z.append(total)
            i, f, g, o = (
                sigmoid(z[0]),
                sigmoid(z[1]),
                tanh(z[2]),
                sigmoid(z[3]),
            )
            new_cell[n][j] = f * cell[n, j] + i * g
            new_hidden[n][j] = o * tanh(new_cell[n][j])
    return grid(new_hidden), grid(new_cell)


def grid(numbers):
    """Put numbers into a matrix, with their history."""
    return torch.stack([torch.stack(row) for row in numbers])


def draw(generator, *shape):
    """Draw float64 numbers away from zero."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def draw_parameters(generator, input_size, units):
    """Draw the parameters of a layer by name."""
    shapes = (4 * units, input_size), (4 * units, units), (4 * units,)
    return [draw(generator, *shape) for shape in (*shapes, shapes[2])]


def gradients(outputs, leaves):
    """Return gradients of a weighted sum of the outputs."""
    generator = torch.Generator().manual_seed(99)
    total = sum(
        (t * torch.rand(t.shape, generator=generator, dtype=t.dtype)).sum()
        for t in outputs
    )
    return torch.autograd.grad(total, leaves)


def require_close(first, second):
    """Assert that two sequences of tensors agree to float64 rounding."""
    for one, other in zip(first, second, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@shapes_and_seeds
def test_step_agrees_with_scalar_loops(shape, seed):
    """Values and gradients are those of the equations, number by number."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    x, hidden, cell = (
        draw(generator, batch, size) for size in (input_size, units, units)
    )
    parameters = draw_parameters(generator, input_size, units)
    leaves = [x, hidden, cell, *parameters]
    state = lstm_step(x, LSTMState(hidden, cell), *parameters)
    expected = spec_step(x, hidden, cell, *parameters)
    require_close(state, expected)
    require_close(gradients(state, leaves), gradients(expected, leaves))


@shapes_and_seeds
def test_step_agrees_with_torch(shape, seed):
    """Values and gradients are those of torch.nn.LSTMCell."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    x, hidden, cell = (
        draw(generator, batch, size) for size in (input_size, units, units)
    )
    parameters = draw_parameters(generator, input_size, units)
    leaves = [x, hidden, cell, *parameters]
    state = lstm_step(x, LSTMState(hidden, cell), *parameters)
    torch_cell = nn.LSTMCell(input_size, units, device="meta")
    expected = torch.func.functional_call(
        torch_cell,
        dict(zip(PARAMETERS, parameters, strict=True)),
        (x, (hidden, cell)),
    )
    require_close(state, expected)
    require_close(gradients(state, leaves), gradients(expected, leaves))


def test_gradient_of_a_step_agrees_with_differences():
    """Autograd through the step is what moving each number gives."""
    generator = torch.Generator().manual_seed(3)
    leaves = [draw(generator, 2, size) for size in (3, 2, 2)]
    leaves += draw_parameters(generator, 3, 2)

    def step(x, hidden, cell, *parameters):
        return tuple(lstm_step(x, LSTMState(hidden, cell), *parameters))

    assert torch.autograd.gradcheck(step, leaves)


@pytest.mark.parametrize("seq_len", [1, 2, 5])
@shapes_and_seeds
def test_unroll_agrees_with_scalar_loops_and_torch(shape, seed, seq_len):
    """All hidden states, the final state and all gradients agree."""
    batch, input_size, units = shape
    generator = torch.Generator().manual_seed(seed)
    inputs = draw(generator, seq_len, batch, input_size)
    hidden, cell = (draw(generator, batch, units) for _ in range(2))
    parameters = draw_parameters(generator, input_size, units)
    leaves = [inputs, hidden, cell, *parameters]
    hidden_states, state = lstm_unroll(
        inputs, LSTMState(hidden, cell), *parameters
    )
    ours = hidden_states, *state

    layer = nn.LSTM(input_size, units, device="meta")
    names = [f"{name}_l0" for name in PARAMETERS]
    outputs, (last_hidden, last_cell) = torch.func.functional_call(
        layer,
        dict(zip(names, parameters, strict=True)),
        (inputs, (hidden[None], cell[None])),
    )
    torchs = outputs, last_hidden[0], last_cell[0]

    trace, h, c = [], hidden, cell
    for t in range(seq_len):
        h, c = spec_step(inputs[t], h, c, *parameters)
        trace.append(h)
    spec = torch.stack(trace), h, c

    require_close(ours, torchs)
    require_close(ours, spec)
    ours, torchs, spec = (
        gradients(returned, leaves) for returned in (ours, torchs, spec)
    )
    require_close(ours, torchs)
    require_close(ours, spec)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [-1.5, 0.0, 3.0])
def test_forget_gate_is_opened_and_nothing_else(
    seed, num_layers, bidirectional, bias
):
    """Both forget blocks add up to the bias; every other number stays."""
    lstm = nn.LSTM(
        3,
        4,
        num_layers=num_layers,
        bidirectional=bidirectional,
        dtype=torch.float64,
        device="meta",
    ).to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.copy_(draw(generator, *parameter.shape))
    before = {name: p.detach().clone() for name, p in lstm.named_parameters()}
    objects = {name: id(p) for name, p in lstm.named_parameters()}
    assert open_forget_gate(lstm, bias) is None
    after = dict(lstm.named_parameters())
    assert {name: id(p) for name, p in after.items()} == objects
    assert all(p.requires_grad for p in after.values())
    forget = gate_slices(4)["forget"]
    pairs = 0
    for name, parameter in after.items():
        others = torch.ones(len(parameter), dtype=torch.bool)
        if name.startswith("bias"):
            others[forget] = False
        assert torch.equal(parameter[others], before[name][others])
        if name.startswith("bias_ih"):
            partner = after[name.replace("_ih_", "_hh_")]
            total = (parameter + partner)[forget]
            torch.testing.assert_close(total, torch.full_like(total, bias))
            pairs += 1
    assert pairs == num_layers * (1 + bidirectional)


def test_lstm_without_biases_is_refused():
    """The message says what to do."""
    lstm = nn.LSTM(3, 4, bias=False)
    with pytest.raises(ValueError, match="bias=True"):
        open_forget_gate(lstm, 1.0)


@pytest.mark.parametrize("hidden_size", [1, 3, 8])
def test_held_value_survives_scalar_loops(hidden_size):
    """The worst that the bounds allow moves no cell by 0.001."""
    bias_ih, bias_hh = hold_forever(hidden_size)
    total = (bias_ih + bias_hh).double()
    assert total.shape == (len(LSTM_GATES) * hidden_size,)
    rows = gate_slices(hidden_size)
    for unit in range(hidden_size):
        forget_bias = total[rows["forget"]][unit].item() - 2
        input_bias = total[rows["input"]][unit].item() + 2
        forget_gate = 1 / (1 + math.exp(-forget_bias))
        input_gate = 1 / (1 + math.exp(-input_bias))
        cell_state = -1.0
        for _ in range(10_000):
            cell_state = forget_gate * cell_state + input_gate
        assert abs(cell_state + 1) < 1e-3


def test_one_less_would_not_hold():
    """The bias is near the smallest that does, not just huge."""
    bias_ih, _ = hold_forever(1)
    bias = bias_ih[gate_slices(1)["forget"]].item() - 2 - 2
    lost = 1 / (1 + math.exp(bias))
    assert 1 - (1 - lost) ** 10_000 > 1e-3
