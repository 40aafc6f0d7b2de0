"""Short training loops: seeded by what you pass in, on any device."""

import time
from typing import NamedTuple

import torch
from torch import nn


class History(NamedTuple):
    """What a training loop measured.

    Attributes:
        losses: Loss of each batch, before the update on it.
        scores: Score of each batch, before the update on it.
        seconds: Wall time of the loop.
    """

    losses: list
    scores: list
    seconds: float


class Reader(nn.Module):
    """A recurrent layer and a linear readout of each of its hidden states.

    Args:
        layer: torch.nn.RNN, GRU or LSTM, time-major, in one direction.
        output_size: Number of outputs.
        generator: Where the readout's first weights come from.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        returns: (seq_len, batch, output_size)
    """

    def __init__(self, layer, output_size, *, generator):
        super().__init__()
        self.layer = layer
        sizes = layer.hidden_size, output_size
        # On "meta" a constructor leaves the global random state alone.
        self.readout = nn.Linear(*sizes, device="meta").to_empty(device="cpu")
        bound = layer.hidden_size**-0.5
        for parameter in self.readout.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)

    def forward(self, inputs):
        """Return the readout at every step."""
        return self.readout(self.layer(inputs)[0])


def fit(model, batches, loss_fn, score_fn, *, learning_rate, max_norm=1.0):
    """Train a model with Adam and norm clipping, one update a batch.

    Args:
        model: What to train, in place.
        batches: Pairs of inputs and targets; there are as many updates.
        loss_fn: Maps outputs and targets to a scalar to minimise.
        score_fn: Maps outputs and targets to a number to report.
        learning_rate: Adam's.
        max_norm: Largest gradient norm of an update.

    Returns:
        History: losses and scores of the batches, each new to the model when
        it was scored, and the wall time.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses, scores = [], []
    start = time.perf_counter()
    for inputs, targets in batches:
        outputs = model(inputs)
        loss = loss_fn(outputs, targets)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        losses.append(loss.item())
        scores.append(float(score_fn(outputs.detach(), targets)))
    return History(losses, scores, time.perf_counter() - start)


def bit_loss(outputs, targets):
    """Return the binary cross-entropy of the last step's readout, in nats.

    Shapes:
        outputs: (seq_len, batch, 1), logits
        targets: (batch,), 0.0 or 1.0
    """
    return nn.functional.binary_cross_entropy_with_logits(
        outputs[-1, :, 0], targets
    )


def bit_accuracy(outputs, targets):
    """Return the fraction of bits that the last step's readout gets right.

    Shapes:
        outputs: (seq_len, batch, 1), logits
        targets: (batch,), 0.0 or 1.0
    """
    return ((outputs[-1, :, 0] > 0) == (targets > 0.5)).double().mean()


def character_loss(outputs, targets):
    """Return the cross-entropy of each next character, in nats.

    Shapes:
        outputs: (seq_len, batch, number of characters), logits
        targets: (seq_len, batch), indices
    """
    return nn.functional.cross_entropy(
        outputs.flatten(0, 1), targets.flatten()
    )


def character_accuracy(outputs, targets):
    """Return the fraction of next characters that are guessed right.

    Shapes:
        outputs: (seq_len, batch, number of characters), logits
        targets: (seq_len, batch), indices
    """
    return (outputs.argmax(dim=2) == targets).double().mean()


def seeded(module_class, *sizes, seed):
    """Build a recurrent layer whose first weights depend on the seed alone.

    Torch's constructors draw from the global random state. This draws the
    same distribution, U(-1/sqrt(hidden_size), 1/sqrt(hidden_size)), from a
    generator of its own and leaves the global state alone.

    Args:
        module_class: torch.nn.RNN, GRU or LSTM.
        sizes: Its positional arguments, input_size and hidden_size.
        seed: Any integer.

    Returns:
        Module: float32, on the CPU.
    """
    module = module_class(*sizes, device="meta").to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    bound = module.hidden_size**-0.5
    for parameter in module.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=generator)
    return module
