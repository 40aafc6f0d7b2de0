"""Chapter 2's references agree with plain loops and with autograd."""

import itertools
import math

import pytest
import torch
from torch import nn

from reference.long_distance import (
    agreement_error_by_attractors,
    recall_by_lag,
    recency_baseline,
    truncated_bptt,
)

SEEDS = [0, 1, 2]
LAYERS = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
CHUNKS = [1, 2, 3, 7, 50]

seeds = pytest.mark.parametrize("seed", SEEDS)


def draw(generator, *shape):
    """Draw float64 numbers."""
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def situation(kind, seed, seq_len=7, batch=2, width=3, units=4):
    """Return a layer with drawn weights, inputs, state and targets."""
    generator = torch.Generator().manual_seed(seed)
    layer = LAYERS[kind](width, units, device="meta").double()
    layer = layer.to_empty(device="cpu")
    for parameter in layer.parameters():
        parameter.data.copy_(draw(generator, *parameter.shape))
    inputs = draw(generator, seq_len, batch, width)
    halves = [draw(generator, 1, batch, units) for _ in range(2)]
    state = tuple(halves) if kind == "LSTM" else halves[0]
    return layer, inputs, state, draw(generator, seq_len, batch, units)


def loss_against(targets):
    """Return a sum of losses of a chunk."""

    def loss_fn(hidden_states, first_step):
        last = first_step + len(hidden_states)
        return ((hidden_states - targets[first_step:last]) ** 3).sum()

    return loss_fn


def gradients(layer):
    """Return copies of all gradients."""
    return [parameter.grad.clone() for parameter in layer.parameters()]


@pytest.mark.parametrize(
    ("kind", "seed", "chunk"), list(itertools.product(LAYERS, SEEDS, CHUNKS))
)
def test_truncated_gradient_is_the_sum_over_chunks_alone(kind, seed, chunk):
    """States are the unbroken run's, gradients each chunk's with a constant.

    The constants are taken from a run over a prefix, not from chunk to chunk.
    """
    layer, inputs, state, targets = situation(kind, seed)
    loss_fn = loss_against(targets)
    ours, final = truncated_bptt(
        layer, inputs, state, loss_fn, truncation_length=chunk
    )
    found = gradients(layer)
    layer.zero_grad()
    for first in range(0, len(inputs), chunk):
        begin = state
        if first:
            with torch.no_grad():
                _, begin = layer(inputs[:first], state)
        states, _ = layer(inputs[first : first + chunk], begin)
        loss_fn(states, first).backward()
    with torch.no_grad():
        whole, end = layer(inputs, state)
    torch.testing.assert_close(ours, whole, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(final, end, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(found, gradients(layer))
    halves = final if kind == "LSTM" else (final,)
    assert not any(t.requires_grad for t in (ours, *halves))


@pytest.mark.parametrize("kind", LAYERS)
def test_without_a_cut_it_is_the_whole_gradient(kind):
    """One chunk as long as the sequence; earlier gradients are added to."""
    layer, inputs, state, targets = situation(kind, 3)
    loss_against(targets)(layer(inputs, state)[0], 0).backward()
    whole = gradients(layer)
    truncated_bptt(
        layer, inputs, state, loss_against(targets), truncation_length=7
    )
    torch.testing.assert_close(gradients(layer), [2 * g for g in whole])


@seeds
def test_truncated_gradient_agrees_with_differences(seed):
    """Moving a weight in one chunk alone changes its loss as it says.

    The states before each chunk are held, which is what a cut means.
    """
    layer, inputs, state, targets = situation("LSTM", seed)
    loss_fn = loss_against(targets)
    truncated_bptt(layer, inputs, state, loss_fn, truncation_length=3)
    weight = layer.weight_hh_l0
    found = weight.grad[5, 1].item()
    with torch.no_grad():
        later = [layer(inputs[:first], state)[1] for first in (3, 6)]
        begins = [state, *later]

        def total(step):
            weight[5, 1] += step
            losses = [
                loss_fn(layer(inputs[f : f + 3], b)[0], f).item()
                for f, b in zip((0, 3, 6), begins, strict=True)
            ]
            weight[5, 1] -= step
            return math.fsum(losses)

        slope = (total(1e-5) - total(-1e-5)) / 2e-5
    assert abs(slope - found) < 1e-5 * max(1, abs(slope))


@seeds
@pytest.mark.parametrize("shape", [(1, 1, 2), (6, 4, 3), (3, 40, 5)])
def test_recall_agrees_with_counting(shape, seed):
    """Question by question, with NaN where nobody asked."""
    generator = torch.Generator().manual_seed(seed)
    outputs = draw(generator, *shape)
    targets = torch.randint(shape[2], shape[:2], generator=generator)
    lags = torch.randint(0, 7, shape[:2], generator=generator)
    recall = recall_by_lag(outputs, targets, lags, 5)
    assert recall.shape == (6,)
    assert recall[0].isnan()
    for lag in range(1, 6):
        places = [
            (t, b)
            for t in range(shape[0])
            for b in range(shape[1])
            if lags[t, b] == lag
        ]
        right = sum(
            max(range(shape[2]), key=lambda w, p=p: outputs[p][w].item())
            == targets[p]
            for p in places
        )
        if places:
            assert recall[lag].item() == pytest.approx(right / len(places))
        else:
            assert recall[lag].isnan()


@seeds
def test_recency_agrees_with_reading_back(seed):
    """Word by word from the verb to the left."""
    generator = torch.Generator().manual_seed(seed)
    nouns = torch.randint(-1, 2, (9, 50), generator=generator)
    nouns[torch.rand(9, 50, generator=generator) < 0.5] = -1
    steps = torch.randint(0, 9, (50,), generator=generator)
    found = recency_baseline(nouns, steps)
    kinds = set()
    for b in range(50):
        step = int(steps[b]) - 1
        while step >= 0 and nouns[step, b] < 0:
            step -= 1
        expected = int(nouns[step, b]) if step >= 0 else -1
        kinds.add(expected)
        assert found[b] == expected
    assert kinds == {-1, 0, 1}


@seeds
def test_agreement_error_agrees_with_comparing(seed):
    """Sentence by sentence; a tie is an error."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randint(0, 4, (60, 5), generator=generator).double()
    verbs = torch.randint(5, (60,), generator=generator)
    others = (verbs + 1 + torch.randint(4, (60,), generator=generator)) % 5
    counts = torch.randint(0, 5, (60,), generator=generator)
    counts[counts == 2] = 4
    errors = agreement_error_by_attractors(logits, verbs, others, counts, 3)
    ties = 0
    for count in range(4):
        rows = [k for k in range(60) if counts[k] == count]
        wrong = [logits[k, verbs[k]] <= logits[k, others[k]] for k in rows]
        ties += sum(
            int(logits[k, verbs[k]] == logits[k, others[k]]) for k in rows
        )
        if rows:
            expected = sum(map(int, wrong)) / len(rows)
            assert errors[count].item() == pytest.approx(expected)
        else:
            assert errors[count].isnan()
    assert errors[2].isnan()
    assert ties > 0
