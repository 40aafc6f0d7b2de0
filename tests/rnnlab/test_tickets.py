"""The tickets task is what its docstring says."""

import math

import pytest
import torch

from rnnlab import tickets

SEEDS = [0, 1, 2]
seeds = pytest.mark.parametrize("seed", SEEDS)


def sample(seed, batch_size=200, shortest=3, longest=9):
    """Return a batch from a seed."""
    generator = torch.Generator().manual_seed(seed)
    return tickets.sample_tickets(
        batch_size, shortest, longest, generator=generator
    )


@seeds
def test_the_seventh_word_is_asked_for_once_at_its_lag(seed):
    """One word, one cue, as many steps apart as the lag says."""
    inputs, targets, lags = sample(seed)
    tokens = inputs.argmax(dim=2)
    assert inputs.sum(dim=2).eq(1).all()
    words, cue = len(tickets.WORDS), tickets.TOKENS.index(tickets.CUE)
    is_word, is_cue = tokens < words, tokens == cue
    assert is_word.sum(dim=0).eq(1).all()
    assert is_word[6].all()
    assert is_cue.sum(dim=0).eq(1).all()
    asked = lags > 0
    assert torch.equal(asked, is_cue)
    steps = is_cue.int().argmax(dim=0)
    assert torch.equal(steps - 6, lags.amax(dim=0))
    assert torch.equal(targets.amax(dim=0), tokens[6])
    assert (targets[~asked] == 0).all()


@seeds
def test_every_lag_and_word_occurs_and_no_other(seed):
    """From the shortest to the longest, in sentences of one length."""
    batch = sample(seed)
    assert batch.inputs.shape == (6 + 9 + 1, 200, len(tickets.TOKENS))
    assert set(batch.lags.amax(dim=0).tolist()) == set(range(3, 10))
    assert set(batch.targets.amax(dim=0).tolist()) == {0, 1, 2, 3}


def test_it_follows_from_the_generator_alone():
    """Same seed, same batch; the global generator is left alone."""
    before = torch.random.get_rng_state()
    first, second, other = sample(0), sample(0), sample(1)
    assert all(map(torch.equal, first, second))
    assert not torch.equal(first.inputs, other.inputs)
    assert torch.equal(before, torch.random.get_rng_state())


@seeds
def test_loss_and_accuracy_look_at_the_questions_alone(seed):
    """Other steps may hold anything; guessing costs ln 4."""
    batch = sample(seed)
    outputs = torch.zeros(*batch.lags.shape, len(tickets.WORDS))
    assert float(tickets.asked_loss(outputs, batch)) == pytest.approx(
        math.log(4)
    )
    asked = batch.lags > 0
    outputs[asked, batch.targets[asked]] = 50.0
    outputs[~asked] = torch.tensor([0.0, 0.0, 9.0, 0.0])
    assert float(tickets.asked_loss(outputs, batch)) < 1e-6
    assert float(tickets.asked_accuracy(outputs, batch)) == 1
    wrong = outputs.roll(1, dims=2)
    assert float(tickets.asked_accuracy(wrong, batch)) == 0
