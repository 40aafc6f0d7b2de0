"""The translator's functions against loops over numbers, and by property."""

import math

import pytest
import torch
from num2words import num2words
from torch import nn

from reference import number_rules, translation
from rnnlab.layout import LSTMState
from rnnlab.translation.pieces import END, PADDING, START

SIZES = [(1, 1, 1), (2, 4, 3), (5, 3, 2), (3, 7, 6)]
sizes = pytest.mark.parametrize("size", SIZES)
seeds = pytest.mark.parametrize("seed", range(3))


def drawn(seed, *shape):
    """Return float64 numbers from a seed, with gradient."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator).double().requires_grad_()


def padding(length, batch):
    """Return a mask: each sentence is one shorter than the one before."""
    ends = torch.tensor([max(length - row, 1) for row in range(batch)])
    return torch.arange(length)[:, None] >= ends


def attend_in_loops(query, keys, values, is_padding):
    """Compute attention with Python's numbers alone."""
    contexts, columns = [], []
    for n, asked in enumerate(query):
        positions = [s for s in range(len(keys)) if not is_padding[s][n]]
        scores = {
            s: sum(a * b for a, b in zip(asked, keys[s][n], strict=True))
            / math.sqrt(len(asked))
            for s in positions
        }
        total = sum(math.exp(score) for score in scores.values())
        weights = [
            math.exp(scores[s]) / total if s in scores else 0.0
            for s in range(len(keys))
        ]
        columns.append(weights)
        contexts.append(
            [
                sum(w * values[s][n][u] for s, w in enumerate(weights))
                for u in range(len(asked))
            ]
        )
    return contexts, columns


@sizes
@seeds
def test_attention_equals_loops(size, seed):
    """Context and weights are those of the sums written out."""
    batch, length, units = size
    query = drawn(seed, batch, units)
    keys, values = (drawn(seed + k, length, batch, units) for k in (1, 2))
    mask = padding(length, batch)
    context, weights = translation.attention(query, keys, values, mask)
    right, columns = attend_in_loops(
        *(t.tolist() for t in (query, keys, values, mask))
    )
    assert torch.allclose(context, torch.tensor(right).double())
    assert torch.allclose(weights.T, torch.tensor(columns).double())


@sizes
@seeds
def test_attention_has_the_gradient_of_finite_differences(size, seed):
    """Autograd agrees with small steps."""
    batch, length, units = size
    leaves = [
        drawn(seed, batch, units),
        drawn(seed + 1, length, batch, units),
        drawn(seed + 2, length, batch, units),
    ]
    mask = padding(length, batch)
    assert torch.autograd.gradcheck(
        lambda *given: translation.attention(*given, mask), leaves
    )


@seeds
def test_padding_does_not_count(seed):
    """What stands at padded positions changes nothing and gets no gradient."""
    query, keys = drawn(seed, 3, 4), drawn(seed + 1, 5, 3, 4)
    mask = padding(5, 3)
    context, weights = translation.attention(query, keys, keys, mask)
    other = torch.where(mask[:, :, None], torch.tensor(99.0), keys)
    assert torch.equal(
        context, translation.attention(query, other, other, mask)[0]
    )
    assert (weights[mask] == 0).all()
    (gradient,) = torch.autograd.grad(context.sum(), keys)
    assert (gradient[mask] == 0).all()


@sizes
@seeds
def test_decoder_step_equals_torchs_modules(size, seed):
    """Values and gradients are those of cell, loops and linear map."""
    batch, length, units = size
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        cell = nn.LSTMCell(2 + units, units).double()
        combine = nn.Linear(2 * units, units, bias=False).double()
    x, fed = drawn(seed, batch, 2), drawn(seed + 1, batch, units)
    state = LSTMState(*(drawn(seed + k, batch, units) for k in (2, 3)))
    memory = drawn(seed + 4, length, batch, units)
    mask = padding(length, batch)
    output, new, weights = translation.decoder_step(
        x, fed, state, memory, mask, cell, combine
    )
    hidden, kept = cell(torch.cat((x, fed), 1), state)
    each = [
        nn.functional.scaled_dot_product_attention(
            hidden[n : n + 1],
            memory[~mask[:, n], n],
            memory[~mask[:, n], n],
        )
        for n in range(batch)
    ]
    right = torch.tanh(
        torch.cat([hidden, torch.cat(each)], 1) @ combine.weight.T
    )
    assert torch.allclose(output, right)
    assert torch.equal(new.hidden_state, hidden)
    assert torch.equal(new.cell_state, kept)
    assert torch.allclose(weights.sum(0), torch.ones(batch).double())
    leaves = [x, fed, *state, memory, *cell.parameters(), combine.weight]
    for ours, theirs in zip(
        torch.autograd.grad(output.sum(), leaves, retain_graph=True),
        torch.autograd.grad(right.sum(), leaves),
        strict=True,
    ):
        assert torch.allclose(ours, theirs)


@seeds
@pytest.mark.parametrize("padding_index", [0, 2, 4])
def test_masked_loss_equals_loops(seed, padding_index):
    """The mean is over tokens that are no padding, of all sentences."""
    logits = drawn(seed, 4, 3, 5)
    generator = torch.Generator().manual_seed(seed)
    targets = torch.randint(5, (4, 3), generator=generator)
    targets[0, 0] = (padding_index + 1) % 5
    costs = []
    for t, row in enumerate(targets.tolist()):
        for n, token in enumerate(row):
            if token != padding_index:
                scores = logits[t, n].tolist()
                total = sum(math.exp(score) for score in scores)
                costs.append(math.log(total) - scores[token])
    loss = translation.masked_loss(logits, targets, padding_index)
    assert loss.item() == pytest.approx(sum(costs) / len(costs))
    assert torch.autograd.gradcheck(
        lambda given: translation.masked_loss(given, targets, padding_index),
        [logits],
    )


def test_greedy_decode_follows_a_script():
    """Three sentences of 3, 1 and 2 tokens; the model is asked three times."""
    script = [[5, END, 6], [7, 8, END], [END, 8, 9]]
    asked = []

    def next_logits(tokens, state):
        asked.append(tokens.tolist())
        return nn.functional.one_hot(
            torch.tensor(script[state]), 10
        ), state + 1

    first = torch.full((3,), START)
    tokens = translation.greedy_decode(next_logits, 0, first, 9)
    assert tokens.tolist() == [
        [5, END, 6],
        [7, PADDING, END],
        [END, PADDING, PADDING],
    ]
    assert asked[0] == [START] * 3
    assert asked[1] == [5, END, 6]
    assert len(asked) == 3


@pytest.mark.parametrize("max_len", [1, 2, 5])
def test_greedy_decode_stops_at_max_len(max_len):
    """A model that never ends is asked max_len times."""
    calls = []

    def next_logits(tokens, state):
        calls.append(tokens)
        return torch.eye(8)[torch.full_like(tokens, 5)], state

    first = torch.full((2,), START)
    tokens = translation.greedy_decode(next_logits, None, first, max_len)
    assert tokens.tolist() == [[5, 5]] * max_len
    assert len(calls) == max_len


def test_rules_say_what_num2words_says():
    """Every third name below 10,000 is the same."""
    for number in range(0, 10_000, 3):
        ruled = number_rules.german(num2words(number))
        assert ruled == num2words(number, lang="de")
