"""Readers of words: an embedding, one layer or two, a readout.

How two layers are run and joined is handed in as a function, so the same
reader serves a network that reads to the right alone and one that reads both
ways.
"""

import functools

import torch
from torch import nn

from rnnlab import train


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
        words:   (seq_len, batch), int64
        lengths: (batch,), int64
        returns: (seq_len, batch, outputs)
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

    def hidden_states(self, words, lengths):
        """Return the hidden states at every word."""
        unrolls = map(unroll_of, self.layers)
        return self.run(self.embedding(words), lengths, *unrolls)

    def forward(self, words, lengths):
        """Return the readout at every word."""
        return self.readout(self.hidden_states(words, lengths))


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
