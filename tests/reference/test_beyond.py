"""The references of chapter 11 agree with scalar loops and with autograd."""

import math

import pytest
import torch

from reference.beyond import (
    as_text_to_text,
    combine,
    linear_recurrence_gradient,
    log_space_scan,
    min_gru,
    parallel_scan,
)
from rnnlab.layout import gate_slices
from rnnlab.recurrence import MIN_GRU_GATES

SHAPES = [(1, 1, 1), (2, 3, 2), (5, 2, 3), (8, 1, 2), (9, 2, 1), (33, 1, 1)]
SEEDS = [0, 1, 2]

shapes = pytest.mark.parametrize("shape", SHAPES)
seeds = pytest.mark.parametrize("seed", SEEDS)


def draw(generator, *shape):
    """Draw float64 numbers away from zero."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def draw_recurrence(seed, seq_len, batch, units):
    """Draw gates, values and the state before the first step."""
    generator = torch.Generator().manual_seed(seed)
    shape = seq_len, batch, units
    return [draw(generator, *s) for s in (shape, shape, shape[1:])]


def spec(gates, values, state):
    """Run the recurrence one number at a time."""
    seq_len, batch, units = gates.shape
    rows = {}
    for n in range(batch):
        for j in range(units):
            number = state[n, j]
            for t in range(seq_len):
                number = gates[t, n, j] * number + values[t, n, j]
                rows[t, n, j] = number
    return torch.stack([rows[i] for i in sorted(rows)]).view(gates.shape)


def require_same(ours, theirs, leaves):
    """Assert that values and gradients agree to float64 rounding."""
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)
    generator = torch.Generator().manual_seed(99)
    weights = torch.rand(ours.shape, generator=generator, dtype=ours.dtype)
    one, other = (
        torch.autograd.grad((states * weights).sum(), leaves)
        for states in (ours, theirs)
    )
    for left, right in zip(one, other, strict=True):
        torch.testing.assert_close(left, right, rtol=1e-9, atol=1e-11)


@shapes
@seeds
def test_scan_agrees_with_scalar_loops(shape, seed):
    """Values and gradients, whether T is a power of 2 or not."""
    leaves = draw_recurrence(seed, *shape)
    require_same(parallel_scan(*leaves, combine), spec(*leaves), leaves)


@pytest.mark.parametrize("seq_len", [*range(1, 20), 63, 64, 65, 1000])
def test_scan_takes_as_many_rounds_as_are_necessary(seq_len):
    """The smallest number whose power of 2 is at least T."""
    calls = []

    def counted(earlier, later):
        calls.append(1)
        return combine(earlier, later)

    ones = torch.ones(seq_len, 1, 1)
    states = parallel_scan(ones, ones, torch.zeros(1, 1), counted)
    assert states.flatten().tolist() == list(range(1, seq_len + 1))
    assert 2 ** len(calls) >= seq_len
    assert not calls or 2 ** (len(calls) - 1) < seq_len


@seeds
def test_gates_of_zero_forget_everything(seed):
    """What came before a gate of 0 changes nothing after it."""
    gates, values, state = (
        leaf.detach() for leaf in draw_recurrence(seed, 7, 2, 3)
    )
    gates[3] = 0
    states = parallel_scan(gates, values, state, combine)
    other = parallel_scan(gates, values, 5 * state, combine)
    assert torch.equal(states[3:], other[3:])
    assert not torch.allclose(states[2], other[2])


@seeds
def test_combine_is_associative_and_not_commutative(seed):
    """Brackets may move; steps may not."""
    generator = torch.Generator().manual_seed(seed)
    one, two, three = (
        (draw(generator, 2, 3), draw(generator, 2, 3)) for _ in range(3)
    )
    for left, right in zip(
        combine(combine(one, two), three),
        combine(one, combine(two, three)),
        strict=True,
    ):
        torch.testing.assert_close(left, right, rtol=1e-12, atol=1e-14)
    swapped = combine(two, one)[1] - combine(one, two)[1]
    assert swapped.abs().max() > 1e-3


@shapes
@seeds
def test_gradient_is_autograds(shape, seed):
    """The products of gates are the gradients of the last state."""
    gates, values, state = draw_recurrence(seed, *shape)
    last = spec(gates, values, state)[-1].sum()
    (gradient,) = torch.autograd.grad(last, values)
    torch.testing.assert_close(
        linear_recurrence_gradient(gates.detach()),
        gradient,
        rtol=1e-10,
        atol=1e-14,
    )


def spec_min_gru(inputs, state, weight_ih, bias_ih):
    """Run a minimal GRU one number at a time."""
    seq_len, batch, width = inputs.shape
    rows = gate_slices(state.shape[1], MIN_GRU_GATES)
    found = {}
    for n in range(batch):
        for j in range(state.shape[1]):
            number = state[n, j]
            for t in range(seq_len):
                update, new = (
                    bias_ih[rows[gate].start + j]
                    + sum(
                        weight_ih[rows[gate].start + j, k] * inputs[t, n, k]
                        for k in range(width)
                    )
                    for gate in MIN_GRU_GATES
                )
                z = 1 / (1 + (-update).exp())
                number = z * number + (1 - z) * new
                found[t, n, j] = number
    shape = seq_len, batch, state.shape[1]
    return torch.stack([found[i] for i in sorted(found)]).view(shape)


@shapes
@seeds
def test_min_gru_agrees_with_scalar_loops(shape, seed):
    """On the scan and on the loop, values and gradients."""
    seq_len, batch, units = shape
    generator = torch.Generator().manual_seed(seed)
    leaves = [
        draw(generator, *s)
        for s in ((seq_len, batch, 3), (batch, units), (2 * units, 3))
    ]
    leaves.append(draw(generator, 2 * units))

    def scan(gates, values, state):
        return parallel_scan(gates, values, state, combine)

    for how in (scan, spec):
        right = spec_min_gru(*leaves)
        require_same(min_gru(*leaves, how), right, leaves)


@shapes
@seeds
def test_log_space_scan_agrees_with_scalar_loops(shape, seed):
    """Logarithms of the states, and their gradients."""
    leaves = [
        (0.5 * leaf).detach().requires_grad_()
        for leaf in draw_recurrence(seed, *shape)
    ]
    right = spec(*(leaf.exp() for leaf in leaves)).log()
    require_same(log_space_scan(*leaves), right, leaves)


def test_log_space_scan_goes_on_where_products_underflow():
    """With gates of e^-10 a product of 200 of them is 0 in float64."""
    log_gates = torch.full((200, 1, 1), -10.0, dtype=torch.float64)
    assert log_gates.exp().prod() == 0
    states = log_space_scan(log_gates, 0 * log_gates, log_gates[0])
    limit = -math.log1p(-math.exp(-10))
    assert abs(states[-1].item() - limit) < 1e-12
    silent = torch.full_like(log_gates, -1e6)
    states = log_space_scan(log_gates, silent, 0 * log_gates[0])
    assert abs(states[-1].item() + 2000) < 1e-9


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (
            ("cola", {"sentence": "The book fell."}, 1, ("bad", "good")),
            ("cola sentence: The book fell.", "good"),
        ),
        (
            ("stsb", {"sentence1": "a", "sentence2": "b"}, 2.57),
            ("stsb sentence1: a sentence2: b", "2.6"),
        ),
        (("t", {"x": "a"}, 3.8), ("t x: a", "3.8")),
        (("t", {"x": "a"}, 0.09), ("t x: a", "0.0")),
        (("t", {"x": "a"}, 4.91), ("t x: a", "5.0")),
        (("count", {"letters": "aba"}, 2), ("count letters: aba", "2")),
        (("reverse", {"text": "ab"}, "ba"), ("reverse text: ab", "ba")),
        (("t", {"x": "a"}, 0, ("no", "yes")), ("t x: a", "no")),
    ],
)
def test_examples_become_the_texts_they_should(given, right):
    """Each row of the exercise's table, and T5's own example of a score."""
    assert as_text_to_text(*given) == right
