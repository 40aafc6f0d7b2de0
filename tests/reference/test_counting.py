"""Chapter 6's reference: counts, the counting LSTM, units and bits."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

from reference.characters import bits_per_character, find_tracking_unit
from reference.counting import (
    BLOCKS,
    count_parameters,
    counting_lstm,
    read_counter,
)

SEEDS = [0, 1, 2]
FLAGS = list(itertools.product([True, False], repeat=2))


@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize(("bias", "bidirectional"), FLAGS)
@pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 5, 1), (7, 2, 3)])
def test_number_of_parameters_is_that_of_torch(
    kind, bias, bidirectional, sizes
):
    """Whatever the kind, the flags and the number of layers."""
    options = {"bias": bias, "bidirectional": bidirectional}
    module = getattr(nn, kind)(*sizes, **options, device="meta")
    right = sum(parameter.numel() for parameter in module.parameters())
    assert count_parameters(kind, *sizes, **options) == right


@pytest.mark.parametrize("sizes", [(1, 1), (10, 64), (300, 512)])
def test_a_gru_has_three_quarters_of_an_lstm(sizes):
    """And a vanilla RNN one quarter, exactly."""
    lstm = count_parameters("LSTM", *sizes)
    assert 4 * count_parameters("GRU", *sizes) == 3 * lstm
    assert 4 * count_parameters("RNN", *sizes) == lstm


def by_loops(parameters, string):
    """Read a string with an LSTM in plain Python and return the readout."""

    def sigmoid(z):
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0

    weights = {name: tensor.tolist() for name, tensor in parameters.items()}
    units = len(weights["readout_weight"])
    hidden, cell = [0.0] * units, [0.0] * units
    for letter in string:
        x = [float(letter == "a"), float(letter == "b")]
        sums = [
            sum(w * v for w, v in zip(weights["weight_ih"][k], x, strict=True))
            + sum(
                w * h
                for w, h in zip(weights["weight_hh"][k], hidden, strict=True)
            )
            + weights["bias_ih"][k]
            + weights["bias_hh"][k]
            for k in range(4 * units)
        ]
        for j in range(units):
            write, keep = sigmoid(sums[j]), sigmoid(sums[units + j])
            candidate = math.tanh(sums[2 * units + j])
            cell[j] = keep * cell[j] + write * candidate
        hidden = [
            sigmoid(sums[3 * units + j]) * math.tanh(cell[j])
            for j in range(units)
        ]
    return weights["readout_bias"] + sum(
        w * h for w, h in zip(weights["readout_weight"], hidden, strict=True)
    )


def test_counting_lstm_is_right_on_every_short_string():
    """All strings of up to seven letters, read by loops in float64."""
    parameters = counting_lstm(torch.float64)
    for size in range(8):
        for letters in itertools.product("ab", repeat=size):
            string = "".join(letters)
            half = size // 2
            right = half > 0 and string == "a" * half + "b" * half
            assert (by_loops(parameters, string) > 0) == right, string


@pytest.mark.parametrize("n", [50, 333, 1000])
def test_counting_lstm_is_right_next_to_long_strings(n):
    """One letter more or less is rejected, by loops in float64."""
    parameters = counting_lstm(torch.float64)
    for extra in (-1, 0, 1):
        string = "a" * n + "b" * (n + extra)
        assert (by_loops(parameters, string) > 0) == (extra == 0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_counting_lstm_counts_exactly(dtype):
    """After n letters a the count is n, not nearly n."""
    parameters = counting_lstm(dtype)
    lstm = nn.LSTM(2, 4, dtype=dtype, device="meta").to_empty(device="cpu")
    with torch.no_grad():
        for name, parameter in lstm.named_parameters():
            parameter.copy_(parameters[name.removesuffix("_l0")])
        inputs = torch.tensor([1.0, 0.0], dtype=dtype).expand(3000, 1, 2)
        _, (_, cell_state) = lstm(inputs)
    assert cell_state[0, 0, 0] == 3000
    assert all(tensor.dtype == dtype for tensor in parameters.values())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(5, 1, 1), (9, 3, 4), (40, 2, 7)])
def test_counter_is_that_of_numpy(seed, shape):
    """Correlation by corrcoef, slope by polyfit, the unit by both."""
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(shape, generator=generator).double()
    counts = torch.randint(9, shape[:2], generator=generator).double()
    states[..., -1] -= counts
    unit, correlation, slope = read_counter(states, counts)
    found = [
        np.corrcoef(states[..., k].flatten(), counts.flatten())[0, 1]
        for k in range(shape[2])
    ]
    assert unit == np.argmax(np.abs(found))
    assert correlation.item() == pytest.approx(found[int(unit)], rel=1e-10)
    line = np.polyfit(counts.flatten(), states[..., unit].flatten(), 1)
    assert slope.item() == pytest.approx(line[0], rel=1e-9)


def test_a_still_unit_has_no_correlation():
    """It is 0, not NaN, and never chosen before one that moves."""
    counts = torch.arange(6.0).double().reshape(3, 2)
    states = torch.stack([torch.full_like(counts, 0.75), -counts], dim=2)
    unit, correlation, slope = read_counter(states, counts)
    assert int(unit) == 1
    assert float(correlation) == pytest.approx(-1, rel=1e-12)
    assert float(slope) == pytest.approx(-1, rel=1e-12)
    still = read_counter(states[..., :1], counts)
    assert [float(one) for one in still] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("coarse", [True, False])
def test_score_is_the_share_of_pairs(seed, coarse):
    """Pair by pair in plain Python, with and without equal states."""
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(9, 2, 3, generator=generator).double()
    states = states.round() if coarse else states
    inside = torch.rand(9, 2, generator=generator) < 0.4
    inside[0], inside[1] = True, False
    unit, score = find_tracking_unit(states, inside)
    scores = []
    for column in states.flatten(0, 1).T.tolist():
        labels = inside.flatten().tolist()
        pairs = [
            (mine > other) + (mine == other) / 2
            for mine, within in zip(column, labels, strict=True)
            for other, beside in zip(column, labels, strict=True)
            if within and not beside
        ]
        scores.append(sum(pairs) / len(pairs))
    best = max(range(3), key=lambda k: abs(scores[k] - 0.5))
    assert int(unit) == best
    assert score.item() == pytest.approx(scores[best], rel=1e-12)


@pytest.mark.parametrize("value", [True, False])
def test_one_kind_of_steps_is_refused(value):
    """There are no pairs to compare."""
    inside = torch.full((4, 2), value)
    with pytest.raises(ValueError, match="both kinds"):
        find_tracking_unit(torch.zeros(4, 2, 3), inside)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(1, 1, 2), (4, 3, 5), (7, 2, 96)])
def test_bits_and_gradient_are_those_of_torch(seed, shape):
    """Cross-entropy over log 2, in float64."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(shape, generator=generator).double()
    targets = torch.randint(shape[2], shape[:2], generator=generator)
    logits.requires_grad_()
    bits = bits_per_character(logits, targets)
    right = nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten()
    ) / math.log(2)
    assert bits.item() == pytest.approx(right.item(), rel=1e-12)
    torch.testing.assert_close(
        torch.autograd.grad(bits, logits),
        torch.autograd.grad(right, logits),
        rtol=1e-10,
        atol=1e-14,
    )


def test_an_even_guess_costs_the_logarithm_of_the_alphabet():
    """Eight characters, three bits."""
    logits = torch.zeros(5, 2, 8, dtype=torch.float64)
    targets = torch.arange(10).reshape(5, 2) % 8
    assert bits_per_character(logits, targets).item() == pytest.approx(3)
