"""The reference stacks agree with scalar loops and with torch."""

import itertools

import pytest
import torch
from torch import nn

from reference.stacks import (
    gradient_by_layer_and_lag,
    stacked_bidirectional,
    stacked_rnn,
    stacked_rnn_with_skips,
)
from rnnlab.stacks import RNNParameters, split_parameters

#: Layers, steps, batch, input size, hidden size.
SHAPES = [(1, 1, 1, 1, 1), (2, 3, 2, 3, 2), (3, 2, 1, 2, 3), (2, 4, 2, 2, 2)]
SEEDS = [0, 1, 2]

shapes_and_seeds = pytest.mark.parametrize(
    ("shape", "seed"), list(itertools.product(SHAPES, SEEDS))
)


def tanh(z):
    """Return (e^z - e^-z) / (e^z + e^-z) of one number."""
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


def spec_step(read, hidden, parameters):
    """Advance one sequence by one step, one number a time."""
    weight_ih, weight_hh, bias_ih, bias_hh = parameters
    new = []
    for j in range(len(hidden)):
        total = bias_ih[j] + bias_hh[j]
        for i, number in enumerate(read):
            total = total + weight_ih[j, i] * number
        for i, number in enumerate(hidden):
            total = total + weight_hh[j, i] * number
        new.append(tanh(total))
    return new


def spec(inputs, initial, layers, *, skips):
    """Run a stack step by step, all layers at each step.

    Returns:
        tuple: outputs, the grid of hidden states by layer and step.
    """
    seq_len, batch, _ = inputs.shape
    outputs, grid = [], []
    for n in range(batch):
        states = [list(initial[k, n]) for k in range(len(layers))]
        for t in range(seq_len):
            read = list(inputs[t, n])
            for k, parameters in enumerate(layers):
                states[k] = spec_step(read, states[k], parameters)
                grid.append(torch.stack(states[k]))
                if skips and k > 0:
                    read = [read[j] + new for j, new in enumerate(states[k])]
                else:
                    read = states[k]
            outputs.append(torch.stack(read))
    units = len(layers[0].bias_ih)
    outputs = torch.stack(outputs).reshape(batch, seq_len, units)
    grid = torch.stack(grid).reshape(batch, seq_len, len(layers), units)
    return outputs.transpose(0, 1), grid.permute(2, 1, 0, 3)


def draw(generator, *shape):
    """Draw float64 numbers away from zero, with gradients."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def draw_stack(seed, shape, directions=1):
    """Draw inputs, initial hidden states and parameters."""
    num_layers, seq_len, batch, width, units = shape
    generator = torch.Generator().manual_seed(seed)
    inputs = draw(generator, seq_len, batch, width)
    initial = draw(generator, directions * num_layers, batch, units)
    layers = []
    for _ in range(num_layers):
        each = [
            RNNParameters(
                draw(generator, units, width),
                draw(generator, units, units),
                draw(generator, units),
                draw(generator, units),
            )
            for _ in range(directions)
        ]
        layers.append(tuple(each) if directions > 1 else each[0])
        width = directions * units
    return inputs, initial, layers


def torch_stack(shape, inputs, initial, layers):
    """Run torch.nn.RNN with these parameters."""
    num_layers, _, _, width, units = shape
    two = isinstance(layers[0][0], RNNParameters)
    rnn = nn.RNN(width, units, num_layers, bidirectional=two, device="meta")
    flat = [p for layer in layers for p in layer]
    if two:
        flat = [p for direction in flat for p in direction]
    named = dict(zip(dict(rnn.named_parameters()), flat, strict=True))
    return torch.func.functional_call(rnn, named, (inputs, initial)), flat


def require_same(ours, theirs, leaves):
    """Assert that values and gradients agree to float64 rounding."""
    totals = []
    for tensors in (ours, theirs):
        generator = torch.Generator().manual_seed(99)
        totals.append(
            sum(
                (t * torch.rand(t.shape, generator=generator).double()).sum()
                for t in tensors
            )
        )
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)
    for one, other in zip(
        *(torch.autograd.grad(total, leaves) for total in totals), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-11)


@shapes_and_seeds
def test_stack_agrees_with_scalar_loops_and_torch(shape, seed):
    """Values and gradients are the equation's and those of torch.nn.RNN."""
    inputs, initial, layers = draw_stack(seed, shape)
    ours = stacked_rnn(inputs, initial, layers)
    theirs, flat = torch_stack(shape, inputs, initial, layers)
    leaves = [inputs, initial, *flat]
    require_same(ours, theirs, leaves)
    ours = stacked_rnn(inputs, initial, layers)
    outputs, grid = spec(inputs, initial, layers, skips=False)
    require_same(ours, (outputs, grid[:, -1]), leaves)


@shapes_and_seeds
def test_skips_agree_with_scalar_loops(shape, seed):
    """Each layer but the first adds to what it reads, step by step."""
    inputs, initial, layers = draw_stack(seed, shape)
    ours = stacked_rnn_with_skips(inputs, initial, layers)
    outputs, grid = spec(inputs, initial, layers, skips=True)
    leaves = [inputs, initial, *(p for layer in layers for p in layer)]
    require_same(ours, (outputs, grid[:, -1]), leaves)


@pytest.mark.parametrize("seed", SEEDS)
def test_upper_layers_of_zeros_leave_the_first(seed):
    """With skips they do nothing; without skips nothing comes through."""
    inputs, initial, layers = draw_stack(seed, (3, 4, 2, 3, 3))
    initial = initial.detach().clone()
    initial[1:] = 0
    quiet = [layers[0]] + [
        RNNParameters(*(torch.zeros_like(p) for p in layer))
        for layer in layers[1:]
    ]
    first, _ = stacked_rnn(inputs, initial[:1], layers[:1])
    skipped, _ = stacked_rnn_with_skips(inputs, initial, quiet)
    torch.testing.assert_close(skipped, first, rtol=0, atol=0)
    plain, _ = stacked_rnn(inputs, initial, quiet)
    assert not plain.any()


@shapes_and_seeds
def test_bidirectional_stack_agrees_with_torch(shape, seed):
    """Values and gradients are those of torch.nn.RNN in both directions."""
    inputs, initial, layers = draw_stack(seed, shape, directions=2)
    ours = stacked_bidirectional(inputs, initial, layers)
    theirs, flat = torch_stack(shape, inputs, initial, layers)
    require_same(ours, theirs, [inputs, initial, *flat])


def test_bidirectional_layer_is_two_stacks_of_scalars():
    """One layer is a forward run and a run on the reversed sequence."""
    inputs, initial, layers = draw_stack(5, (1, 4, 2, 3, 2), directions=2)
    ours, _ = stacked_bidirectional(inputs, initial, layers)
    ((ahead, behind),) = layers
    forward, _ = spec(inputs, initial[:1], [ahead], skips=False)
    backward, _ = spec(inputs.flip(0), initial[1:], [behind], skips=False)
    expected = torch.cat([forward, backward.flip(0)], dim=2)
    torch.testing.assert_close(ours, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(1, 3, 2, 2), (3, 4, 2, 2), (2, 1, 1, 3)])
def test_gradient_grid_agrees_with_autograd_through_loops(shape, seed):
    """Each norm is that of autograd's gradient by the state, in loops."""
    num_layers, seq_len, batch, units = shape
    inputs, initial, layers = draw_stack(
        seed, (num_layers, seq_len, batch, units, units)
    )
    states = [initial[k] for k in range(num_layers)]
    grid = [[] for _ in layers]
    for t in range(seq_len):
        read = inputs[t]
        for k, parameters in enumerate(layers):
            rows = [
                torch.stack(spec_step(list(r), list(h), parameters))
                for r, h in zip(read, states[k], strict=True)
            ]
            read = states[k] = torch.stack(rows)
            grid[k].append(read)
    end = draw(torch.Generator().manual_seed(7), batch, units).detach()
    flat = [state for row in grid for state in row]
    found = torch.autograd.grad(read, flat, end)
    expected = torch.stack([g.norm() for g in found])
    expected = expected.reshape(num_layers, seq_len).flip(1)
    hidden_states = torch.stack([torch.stack(row) for row in grid])
    ours = gradient_by_layer_and_lag(hidden_states, end, layers)
    torch.testing.assert_close(ours, expected, rtol=1e-9, atol=0)


def test_torchs_parameters_come_apart_in_torchs_order():
    """What split_parameters returns runs as the module itself does."""
    generator = torch.Generator().manual_seed(3)
    rnn = nn.RNN(3, 2, 2, bidirectional=True, device="meta").to_empty(
        device="cpu"
    )
    for parameter in rnn.parameters():
        nn.init.uniform_(parameter, -1, 1, generator=generator)
    inputs = torch.randn(5, 4, 3, generator=generator)
    initial = torch.randn(4, 4, 2, generator=generator)
    for one, other in zip(
        stacked_bidirectional(inputs, initial, split_parameters(rnn)),
        rnn(inputs, initial),
        strict=True,
    ):
        torch.testing.assert_close(one, other)
