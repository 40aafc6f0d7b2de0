"""Readers of words: an embedding, one layer or two, a readout.

How two layers are run and joined is handed in as a function, so the same
reader serves a network that reads to the right alone and one that reads both
ways.
"""

import functools
from typing import NamedTuple

import torch
from torch import nn

from rnnlab import train
from rnnlab.sentiment import IGNORED


def unroll_of(layer):
    """Return a function that runs a layer from a state of zeros.

    Args:
        layer: torch.nn.RNN, GRU or LSTM, time-major, in one direction.

    Returns:
        function: inputs, (seq_len, batch, input_size), to hidden states,
        (seq_len, batch, hidden_size).
    """
    return lambda inputs: layer(inputs)[0]


def rightwards(inputs, lengths, unroll):
    """Run one layer over a padded batch, from the left to the right.

    What it reads in the padding comes after all that counts, so it need not
    know the lengths.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        lengths: (batch,)
        returns: (seq_len, batch, hidden_size)
    """
    del lengths
    return unroll(inputs)


class WordReader(nn.Module):
    """An embedding, LSTMs of one or both directions, and a linear readout.

    Args:
        run: Called with the embedded words, their lengths and an unroll for
            each layer; returns hidden states, those of all layers side by
            side.
        sizes: Number of words, of features of a word, of units of each
            layer, and of outputs.
        directions: Number of layers.
        seed: Of all first weights.

    Shapes:
        batch.words:   (seq_len, batch), int64
        batch.lengths: (batch,), int64
        returns:       (seq_len, batch, outputs)
    """

    def __init__(self, run, sizes, *, directions, seed):
        super().__init__()
        num_words, width, units, outputs = sizes
        self.run = run
        generator = torch.Generator().manual_seed(seed)
        # On "meta" a constructor leaves the global random state alone.
        make = {"device": "meta"}
        self.embedding = nn.Embedding(num_words, width, **make)
        self.readout = nn.Linear(directions * units, outputs, **make)
        self.to_empty(device="cpu")
        nn.init.normal_(self.embedding.weight, generator=generator)
        bound = (directions * units) ** -0.5
        for parameter in self.readout.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
        self.layers = nn.ModuleList(
            train.seeded(nn.LSTM, width, units, seed=1000 * seed + k)
            for k in range(directions)
        )

    def states_of(self, embedded, lengths):
        """Return the hidden states of words that are embedded already."""
        return self.run(embedded, lengths, *map(unroll_of, self.layers))

    def hidden_states(self, batch):
        """Return the hidden states at every word."""
        return self.states_of(self.embedding(batch.words), batch.lengths)

    def forward(self, batch):
        """Return the readout at every word."""
        return self.readout(self.hidden_states(batch))


class SentenceReader(WordReader):
    """A WordReader whose readout sees one encoding of each sentence.

    Args:
        encode: Called with hidden states and lengths; returns the encoding.
        *arguments: Those of WordReader.
        **options: Those of WordReader.

    Shapes:
        returns: (batch, outputs)
    """

    def __init__(self, encode, *arguments, **options):
        super().__init__(*arguments, **options)
        self.encode = encode

    def forward(self, batch):
        """Return the readout of each sentence."""
        states = self.hidden_states(batch)
        return self.readout(self.encode(states, batch.lengths))


class Text(NamedTuple):
    """Words of sequences that are all equally long.

    Shapes:
        words:   (seq_len, batch), int64
        lengths: (batch,), int64
    """

    words: torch.Tensor
    lengths: torch.Tensor


def dice(num_words, seq_len, batch_size, *, generator):
    """Sample texts in which nothing tells what comes next.

    Every word is drawn on its own, each as likely as the others, so that no
    honest prediction of the next word has a mean loss below log(num_words).

    Args:
        num_words: Size of the vocabulary.
        seq_len: Number of words that are read.
        batch_size: Number of texts.
        generator: Where the random numbers come from.

    Shapes:
        targets: (seq_len, batch), the word after each word

    Returns:
        tuple: Text and targets.
    """
    sizes = seq_len + 1, batch_size
    words = torch.randint(num_words, sizes, generator=generator)
    lengths = torch.full((batch_size,), seq_len)
    return Text(words[:-1], lengths), words[1:]


def label_loss(outputs, labels):
    """Return the cross-entropy of all labels, in nats.

    Shapes:
        outputs: (..., number of labels), logits
        labels:  (...), int64; negative ones are left out
    """
    return nn.functional.cross_entropy(
        outputs.flatten(0, -2), labels.flatten(), ignore_index=IGNORED
    )


def label_accuracy(outputs, labels):
    """Return the fraction of labels that are guessed right.

    Shapes:
        outputs: (..., number of labels), logits
        labels:  (...), int64; negative ones are left out
    """
    right = (outputs.argmax(dim=-1) == labels)[labels >= 0]
    return right.double().mean()


def stacked(num_layers, input_size, hidden_size, *, bidirectional, seed):
    """Return an LSTM of torch whose first weights depend on the seed alone.

    Args:
        num_layers: Number of layers.
        input_size: Number of features.
        hidden_size: Number of units of each layer and direction.
        bidirectional: Whether it reads both ways.
        seed: Any integer.
    """
    layer_class = functools.partial(
        nn.LSTM, num_layers=num_layers, bidirectional=bidirectional
    )
    return train.seeded(layer_class, input_size, hidden_size, seed=seed)
