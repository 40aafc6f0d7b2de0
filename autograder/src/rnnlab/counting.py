"""Strings of a and b: encode them, judge them, and train to follow them."""

import torch
from torch import nn

#: Each letter's feature; a step holds a 1 in one of them.
LETTERS = "ab"


def encode(strings):
    """Return strings of a and b side by side, one-hot, filled up with zeros.

    Args:
        strings: Words over a and b; they may differ in length.

    Shapes:
        inputs:  (longest length, batch, 2)
        lengths: (batch,)

    Returns:
        tuple: inputs, float32, and the length of each string.
    """
    lengths = torch.tensor([len(string) for string in strings])
    inputs = torch.zeros(int(lengths.max()), len(strings), len(LETTERS))
    for place, string in enumerate(strings):
        read = torch.frombuffer(bytearray(string, "ascii"), dtype=torch.uint8)
        for feature, letter in enumerate(LETTERS):
            inputs[: len(string), place, feature] = (
                read == ord(letter)
            ).float()
    return inputs, lengths


def is_balanced(string):
    """Return whether a string is a^n b^n with n from 1 on."""
    half = len(string) // 2
    return half > 0 and string == "a" * half + "b" * half


@torch.no_grad()
def readouts(lstm, readout_weight, readout_bias, strings):
    """Return the readout of the last hidden state of each string.

    The empty string leaves the hidden state at 0.

    Args:
        lstm: torch.nn.LSTM with one layer, time-major, input_size 2.
        readout_weight: Weight of each unit.
        readout_bias: Bias of the readout.
        strings: Words over a and b.

    Shapes:
        readout_weight: (hidden_size,)
        readout_bias:   ()
        returns:        (batch,)

    Returns:
        Tensor: above 0 means accepted.
    """
    last = readout_weight.new_zeros(len(strings), lstm.hidden_size)
    read = [place for place, string in enumerate(strings) if string]
    if read:
        inputs, lengths = encode([strings[place] for place in read])
        hidden_states = lstm(inputs.to(readout_weight.dtype))[0]
        last[read] = hidden_states[lengths - 1, torch.arange(len(read))]
    return last @ readout_weight + readout_bias


def balanced(counts):
    """Return strings a^n b^n with what must follow each letter.

    Inside the a nobody can know what follows. From the first b on it is
    certain: another b, until as many b as a have been read, then the end.

    Args:
        counts: The n of each string.

    Shapes:
        inputs: (2 * largest n, batch, 2)
        ends:   (2 * largest n, batch), 1.0 where the string ends
        certain: the same, bool, where it is known what follows

    Returns:
        tuple: inputs, ends and certain.
    """
    inputs, lengths = encode(["a" * n + "b" * n for n in counts])
    ends = torch.zeros(inputs.shape[:2])
    ends[lengths - 1, torch.arange(len(counts))] = 1.0
    return inputs, ends, inputs[..., 1] > 0


def fit_counter(model, counts, updates, *, learning_rate=1e-2):
    """Train a model to say after each b whether the string ends here.

    All strings are one batch. Adam, norm clipping at 1, and the learning
    rate falls along a cosine to 0.

    Args:
        model: A Reader with one output, trained in place.
        counts: The n of the strings to learn.
        updates: Number of updates.
        learning_rate: Adam's at the start.

    Returns:
        list: the loss before each update.
    """
    inputs, ends, certain = balanced(counts)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates)
    losses = []
    for _ in range(updates):
        logits = model(inputs)[..., 0]
        loss = nn.functional.binary_cross_entropy_with_logits(
            logits[certain], ends[certain]
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def follows(model, counts):
    """Return for each n whether a model is right after every b of a^n b^n.

    Shapes:
        returns: (len(counts),), bool
    """
    inputs, ends, certain = balanced(counts)
    says = model(inputs)[..., 0] > 0
    return ((says == ends.bool()) | ~certain).all(dim=0)


def reach(model, limit):
    """Return the largest n up to which a model is right on every a^n b^n.

    Args:
        model: A Reader with one output.
        limit: Where to stop looking.

    Returns:
        int: 0 where it fails at n = 1.
    """
    right = follows(model, range(1, limit + 1))
    return limit if right.all() else int((~right).int().argmax())
