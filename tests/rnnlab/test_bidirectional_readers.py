"""Readers of words: what they compute, and what they leave alone."""

import math

import pytest
import torch
from torch import nn

from reference.bidirectional import bidirectional_rnn, encode_sentence
from rnnlab import bidirectional as readers
from rnnlab import sentiment, train

SEEDS = [0, 1, 2]
SIZES = (len(sentiment.VOCABULARY), 6, 4, 2)


def batch_of(seed, count=5):
    """Sample a batch of reviews."""
    generator = torch.Generator().manual_seed(seed)
    return sentiment.sample_reviews(count, generator=generator)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_direction_is_torchs_layer(seed):
    """Embedding, LSTM and readout, nothing else."""
    model = readers.WordReader(
        readers.rightwards, SIZES, directions=1, seed=seed
    )
    batch = batch_of(seed)
    states, _ = model.layers[0](model.embedding(batch.words))
    assert torch.equal(model.hidden_states(batch), states)
    assert torch.equal(model(batch), model.readout(states))


@pytest.mark.parametrize("seed", SEEDS)
def test_two_directions_have_weights_of_their_own(seed):
    """And the states of both layers stand side by side."""
    model = readers.WordReader(
        bidirectional_rnn, SIZES, directions=2, seed=seed
    )
    first, second = (layer.weight_ih_l0 for layer in model.layers)
    assert not torch.equal(first, second)
    batch = batch_of(seed)
    assert model.hidden_states(batch).shape == (*batch.words.shape, 8)
    assert model(batch).shape == (*batch.words.shape, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_sentence_reader_reads_one_encoding(seed):
    """Its readout sees what the encoding returns."""

    def by_mean(states, lengths):
        return encode_sentence(states, lengths)[1]

    model = readers.SentenceReader(
        by_mean, bidirectional_rnn, SIZES, directions=2, seed=seed
    )
    batch = batch_of(seed)
    encoding = by_mean(model.hidden_states(batch), batch.lengths)
    assert torch.equal(model(batch), model.readout(encoding))


def test_first_weights_depend_on_the_seed_alone():
    """The global random state is neither read nor changed."""
    state = torch.random.get_rng_state()
    one, same, other = (
        readers.WordReader(bidirectional_rnn, SIZES, directions=2, seed=seed)
        for seed in (0, 0, 1)
    )
    assert torch.equal(state, torch.random.get_rng_state())
    for left, right, third in zip(
        one.parameters(), same.parameters(), other.parameters(), strict=True
    ):
        assert torch.equal(left, right)
        assert not torch.equal(left, third)


def test_budgets_of_the_chapter_are_equal():
    """24 units in one direction are 16 in each of two, with 6 features."""
    one, two = (
        sum(
            p.numel()
            for layer in range(directions)
            for p in train.seeded(nn.LSTM, 6, units, seed=layer).parameters()
        )
        for units, directions in ((24, 1), (16, 2))
    )
    assert one == two == 3072


@pytest.mark.parametrize("seed", SEEDS)
def test_dice_are_fair_and_targets_are_the_next_words(seed):
    """Every face is equally likely; the target is one word later."""
    generator = torch.Generator().manual_seed(seed)
    text, targets = readers.dice(8, 50, 400, generator=generator)
    assert torch.equal(text.words[1:], targets[:-1])
    assert (text.lengths == 50).all()
    shares = torch.bincount(targets.flatten(), minlength=8) / targets.numel()
    assert (shares - 1 / 8).abs().max() < 0.01


def test_loss_and_accuracy_leave_out_what_has_no_label():
    """Only labels from 0 on count."""
    outputs = torch.tensor([[[0.0, 3.0]], [[9.0, 0.0]], [[0.0, 1.0]]])
    labels = torch.tensor([[1], [sentiment.IGNORED], [0]])
    losses = [math.log(1 + math.exp(-3)), math.log(1 + math.exp(1))]
    assert float(readers.label_loss(outputs, labels)) == pytest.approx(
        sum(losses) / 2
    )
    assert float(readers.label_accuracy(outputs, labels)) == 0.5
    flat = readers.label_loss(outputs[:, 0], labels[:, 0])
    assert float(flat) == pytest.approx(sum(losses) / 2)


@pytest.mark.parametrize("layers", [1, 2])
def test_stacked_is_torchs_layer_with_seeded_weights(layers):
    """Its shape is what was asked for; equal seeds give equal weights."""
    one, two = (
        readers.stacked(layers, 3, 4, bidirectional=True, seed=5)
        for _ in range(2)
    )
    assert one.num_layers == layers
    assert one.bidirectional
    for left, right in zip(one.parameters(), two.parameters(), strict=True):
        assert torch.equal(left, right)
