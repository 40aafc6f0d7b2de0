"""Layers with a linear recurrence, running parity, and a causal stack."""

import pytest
import torch
from torch import nn

from rnnlab import recurrence
from rnnlab.transformer import CausalStack

SEEDS = [0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_loop_applies_gate_and_value_in_turn(seed):
    """Three steps written out."""
    generator = torch.Generator().manual_seed(seed)
    a, b = torch.randn(2, 3, 2, 4, generator=generator, dtype=torch.float64)
    h = torch.randn(2, 4, generator=generator, dtype=torch.float64)
    states = recurrence.loop(a, b, h)
    last = a[2] * (a[1] * (a[0] * h + b[0]) + b[1]) + b[2]
    torch.testing.assert_close(states[-1], last)
    torch.testing.assert_close(states[0], a[0] * h + b[0])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("signed", [False, True])
def test_layer_sees_the_past_through_its_gates_alone(seed, signed):
    """Gates lie where they should, and depend on one input each."""
    layer = recurrence.LinearRecurrence(3, 5, seed=seed, signed=signed)
    generator = torch.Generator().manual_seed(seed)
    inputs = 5 * torch.randn(6, 2, 3, generator=generator)
    gates, values = layer.gates_and_values(inputs)
    assert (gates.min() < 0) == signed
    assert gates.abs().max() < 1
    other = inputs.clone()
    other[0] += 1
    assert torch.equal(layer.gates_and_values(other)[0][1:], gates[1:])
    states, nothing = layer(inputs)
    assert nothing is None
    zero = torch.zeros(2, 5)
    assert torch.equal(states, recurrence.loop(gates, values, zero))


def test_layer_depends_on_its_seed_alone():
    """The global random state is neither read nor moved."""
    state = torch.get_rng_state()
    first, second, third = (
        recurrence.LinearRecurrence(2, 3, seed=seed).weight_ih
        for seed in (0, 0, 1)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, third)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("seed", SEEDS)
def test_running_parity_is_what_counting_gives(seed):
    """Every target of every sequence, counted one bit at a time."""
    generator = torch.Generator().manual_seed(seed)
    inputs, targets = recurrence.running_parity(9, 20, generator)
    assert inputs.shape == (9, 20, 1)
    assert set(inputs.unique().tolist()) == {0.0, 1.0}
    for n in range(20):
        ones = 0
        for t in range(9):
            ones += int(inputs[t, n, 0])
            assert targets[t, n] == ones % 2


def test_parity_loss_and_accuracy_of_known_logits():
    """Half of the steps right, with equal confidence."""
    outputs = torch.tensor([2.0, 2.0, -2.0, -2.0]).view(4, 1, 1)
    targets = torch.tensor([1.0, 0.0, 0.0, 1.0]).view(4, 1)
    assert recurrence.parity_accuracy(outputs, targets) == 0.5
    sure = nn.functional.softplus(torch.tensor([-2.0, 2.0])).mean()
    loss = recurrence.parity_loss(outputs, targets)
    torch.testing.assert_close(loss, sure)


@pytest.mark.parametrize("norm_first", [False, True])
def test_stack_is_causal_and_seeded(norm_first):
    """The future changes nothing; the seed decides all weights."""
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(7, 2, 8, generator=generator)
    state = torch.get_rng_state()
    stack, same, other = (
        CausalStack(8, 2, seed=seed, num_heads=2, norm_first=norm_first)
        for seed in (0, 0, 1)
    )
    assert torch.equal(torch.get_rng_state(), state)
    outputs, nothing = stack(inputs)
    assert nothing is None
    changed = inputs.clone()
    changed[4:] += 1
    torch.testing.assert_close(stack(changed)[0][:4], outputs[:4])
    assert not torch.allclose(stack(changed)[0][4:], outputs[4:])
    assert torch.equal(same(inputs)[0], outputs)
    assert not torch.allclose(other(inputs)[0], outputs)


def test_stack_agrees_with_torch_run_layer_by_layer():
    """With torch's own causal mask, in double precision."""
    stack = CausalStack(8, 3, seed=0, norm_first=True).double()
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(5, 2, 8, generator=generator, dtype=torch.float64)
    right = inputs
    mask = nn.Transformer.generate_square_subsequent_mask(
        5, dtype=torch.float64
    )
    for layer in stack.layers:
        right = layer(right, src_mask=mask)
    torch.testing.assert_close(stack(inputs)[0], right)
