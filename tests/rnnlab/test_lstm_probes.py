"""The probes of the LSTM chapter against independent calculations."""

import pytest
import torch
from torch import nn

from rnnlab import probes, train
from rnnlab.layout import gate_slices

SIZES = [(1, 1, 1, 1), (5, 2, 3, 4), (12, 3, 2, 7)]


def noise(*shape, seed):
    """Return standard normal numbers in double precision."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def scalar_gates(lstm, x, hidden):
    """Compute the gates of one unit after the other, in plain Python."""
    rows = gate_slices(lstm.hidden_size)
    gates = {}
    for gate in ("input", "forget", "output"):
        gates[gate] = []
        for row in range(rows[gate].start, rows[gate].stop):
            total = float(lstm.bias_ih_l0[row] + lstm.bias_hh_l0[row])
            for weight, value in zip(lstm.weight_ih_l0[row], x, strict=True):
                total += float(weight * value)
            for weight, value in zip(
                lstm.weight_hh_l0[row], hidden, strict=True
            ):
                total += float(weight * value)
            gates[gate].append(1 / (1 + 2.718281828459045**-total))
    return gates


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", SIZES)
def test_traced_gates_equal_a_sum_written_out(size, seed):
    """Each gate is the sigmoid of its row, input, hidden state and bias."""
    seq_len, batch, input_size, hidden_size = size
    lstm = train.seeded(nn.LSTM, input_size, hidden_size, seed=seed).double()
    inputs = noise(seq_len, batch, input_size, seed=seed)
    trace = probes.gate_trace(lstm, inputs)
    with torch.no_grad():
        hidden_states = lstm(inputs)[0]
        for step in range(seq_len):
            before = (
                hidden_states[step - 1, 0]
                if step
                else torch.zeros(hidden_size).double()
            )
            gates = scalar_gates(lstm, inputs[step, 0], before)
            for gate in ("input", "forget", "output"):
                traced = getattr(trace, f"{gate}_gate")[step, 0]
                expected = torch.tensor(gates[gate], dtype=torch.float64)
                torch.testing.assert_close(
                    traced, expected, rtol=1e-12, atol=1e-12
                )


@pytest.mark.parametrize("seed", range(3))
def test_traced_cells_give_the_hidden_states_back(seed):
    """Output gate times tanh of the cell is torch's hidden state."""
    lstm = train.seeded(nn.LSTM, 3, 5, seed=seed).double()
    inputs = noise(8, 2, 3, seed=seed)
    trace = probes.gate_trace(lstm, inputs)
    shown = trace.output_gate * trace.cell_states.tanh()
    torch.testing.assert_close(shown, lstm(inputs)[0].detach())
    last_cell = lstm(inputs)[1][1][0].detach()
    torch.testing.assert_close(trace.cell_states[-1], last_cell)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("radius", [0.5, 1.0, 1.1])
def test_a_linear_network_has_a_gradient_of_powers(radius, seed):
    """With a recurrent matrix r I and weak inputs the ratio is r^k."""
    rnn = train.seeded(nn.RNN, 3, 4, seed=seed).double()
    with torch.no_grad():
        rnn.weight_hh_l0.copy_(radius * torch.eye(4).double())
        rnn.bias_ih_l0.zero_()
        rnn.bias_hh_l0.zero_()
    inputs = 1e-9 * noise(21, 5, 3, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    ratio = probes.gradient_by_lag(rnn, inputs, generator=generator)
    expected = radius ** torch.arange(21, dtype=torch.float64)
    torch.testing.assert_close(ratio, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("module", [nn.RNN, nn.LSTM, nn.GRU])
def test_gradients_agree_with_finite_differences(module):
    """Nudging the input of lag k moves the projection as promised."""
    layer = train.seeded(module, 2, 3, seed=4).double()
    inputs = noise(6, 1, 2, seed=5)
    ratio = probes.gradient_by_lag(
        layer, inputs, generator=torch.Generator().manual_seed(6)
    )
    direction = torch.randn(
        1, 3, generator=torch.Generator().manual_seed(6), dtype=torch.float64
    )

    def projection(nudged):
        with torch.no_grad():
            return float((layer(nudged)[0][-1] * direction).sum())

    norms = []
    for lag in range(6):
        slopes = []
        for feature in range(2):
            step = torch.zeros_like(inputs)
            step[-1 - lag, 0, feature] = 1e-6
            rise = projection(inputs + step) - projection(inputs - step)
            slopes.append(rise / 2e-6)
        norms.append(sum(slope**2 for slope in slopes) ** 0.5)
    expected = torch.tensor(norms, dtype=torch.float64) / norms[0]
    torch.testing.assert_close(ratio, expected, rtol=1e-6, atol=1e-9)


def test_a_probe_leaves_module_and_inputs_as_they_were():
    """No gradient is left behind, and the inputs keep their flag."""
    layer = train.seeded(nn.LSTM, 2, 3, seed=0).double()
    inputs = noise(4, 2, 2, seed=0)
    probes.gradient_by_lag(
        layer, inputs, generator=torch.Generator().manual_seed(0)
    )
    probes.gate_trace(layer, inputs)
    assert all(p.grad is None for p in layer.parameters())
    assert not inputs.requires_grad


def test_the_direct_path_is_the_product_of_the_last_gates():
    """With equal gates per step it is their running product."""
    by_step = torch.tensor([0.1, 0.5, 0.9, 0.8], dtype=torch.float64)
    gates = by_step[:, None, None].expand(4, 2, 3)
    path = probes.direct_path(gates)
    expected = torch.tensor([1.0, 0.8, 0.72, 0.36], dtype=torch.float64)
    torch.testing.assert_close(path, expected)


@pytest.mark.parametrize("seed", range(3))
def test_the_direct_path_is_the_gradient_where_there_is_no_other(seed):
    """Without recurrent weights, the cell's gradient is the product."""
    lstm = train.seeded(nn.LSTM, 2, 1, seed=seed).double()
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
    inputs = noise(7, 1, 2, seed=seed)
    start = torch.zeros(1, 1, 1, dtype=torch.float64, requires_grad=True)
    _, (_, cell_state) = lstm(inputs, (torch.zeros_like(start), start))
    (slope,) = torch.autograd.grad(cell_state.sum(), start)
    gates = probes.gate_trace(lstm, inputs).forget_gate
    product = probes.direct_path(gates)[-1] * gates[0, 0, 0]
    torch.testing.assert_close(slope[0, 0, 0], product)


@pytest.mark.parametrize("steps", [0, 1, 37])
def test_the_held_fraction_is_a_power_of_the_gate(steps):
    """Step by step and by a power agree in double precision."""
    bias = torch.tensor([-2.0, 0.0, 3.0, 9.0], dtype=torch.float64)
    held = probes.held_fraction(bias, steps, torch.float64)
    expected = (1 / (1 + torch.exp(-bias))) ** steps
    torch.testing.assert_close(held, expected)


def test_float32_holds_for_ever_where_its_sigmoid_is_one():
    """Rounding makes the gate exactly 1 for a bias of 20, not of 10."""
    bias = torch.tensor([10.0, 20.0])
    held = probes.held_fraction(bias, 1000, torch.float32)
    assert held.dtype == torch.float32
    assert held[0] < 1
    assert held[1] == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_readable_bit_is_read_and_an_absent_one_is_guessed(seed):
    """States that carry the bit give 1, pure noise gives about a half."""
    bits = (noise(1000, seed=seed) > 0).double()
    states = noise(2, 1000, 4, seed=seed + 10)
    states[0, :, 2] = 0.3 * (2 * bits - 1)
    states[0, :, :2] = 5.0
    accuracy = probes.readout_accuracy(states, bits)
    assert accuracy.shape == (2,)
    assert accuracy[0] > 0.99
    assert 0.42 < accuracy[1] < 0.58
