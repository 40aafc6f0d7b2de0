"""Synthetic sequence tasks, each with its source.

Every sampler takes an explicit ``torch.Generator`` and returns time-major
inputs, ``(seq_len, batch, input_size)``, with their targets.
"""

import torch


def one_bit_latch(batch_size, seq_len, *, input_size=4, generator):
    """Sample sequences whose first step carries one bit to remember.

    Feature 0 is -1 or +1 at the first step and 0 ever after; the other
    features are standard normal noise at every step. The target is the bit.
    Guessing is right half of the time, and only the first step helps.

    Args:
        batch_size: Number of sequences.
        seq_len: Number of steps, so the bit must survive seq_len - 1 of them.
        input_size: Number of features, the bit's among them.
        generator: Where the random numbers come from.

    Shapes:
        inputs:  (seq_len, batch_size, input_size)
        targets: (batch_size,), 0.0 or 1.0

    Returns:
        tuple: inputs and targets, float32, on the CPU.

    Source:
        The latching problem of Bengio et al. 1994, with the bit on a feature
        of its own and noise beside it.
    """
    inputs = torch.randn(seq_len, batch_size, input_size, generator=generator)
    targets = torch.randint(2, (batch_size,), generator=generator).float()
    inputs[:, :, 0] = 0.0
    inputs[0, :, 0] = 2.0 * targets - 1.0
    return inputs, targets


def text_windows(text, batch_size, seq_len, *, alphabet, generator):
    """Sample windows of a text for predicting each next character.

    Args:
        text: What to read.
        batch_size: Number of windows.
        seq_len: Number of characters that are read in each.
        alphabet: The characters that have a feature each; others are dropped
            from the text.
        generator: Where the random numbers come from.

    Shapes:
        inputs:  (seq_len, batch_size, len(alphabet)), one-hot
        targets: (seq_len, batch_size), index of the character that follows

    Returns:
        tuple: inputs, float32, and targets, int64, on the CPU.

    Raises:
        ValueError: the text is shorter than a window and its next character.
    """
    codes = encode_text(text, alphabet)
    if len(codes) <= seq_len:
        raise ValueError(
            f"The text has {len(codes)} characters of the alphabet; a window "
            f"needs {seq_len + 1}. Give a longer text or a smaller seq_len."
        )
    starts = torch.randint(
        len(codes) - seq_len, (batch_size,), generator=generator
    )
    windows = torch.stack([codes[s : s + seq_len + 1] for s in starts], dim=1)
    return one_hot(windows[:-1], alphabet), windows[1:]


def encode_text(text, alphabet):
    """Return the index in the alphabet of each character of a text.

    Args:
        text: What to encode; characters outside the alphabet are dropped.
        alphabet: The characters, each once.

    Shapes:
        returns: (number of characters,), int64

    Returns:
        Tensor: the indices.

    Example:
        >>> encode_text("b-a", "ab").tolist()
        [1, 0]
    """
    place = {character: index for index, character in enumerate(alphabet)}
    return torch.tensor([place[c] for c in text if c in place])


def one_hot(codes, alphabet):
    """Return float32 one-hot vectors of indices, on a new last axis.

    Args:
        codes: Indices, of any shape.
        alphabet: The characters; their number is the size of the new axis.

    Returns:
        Tensor: zeros with a one at each index.
    """
    return torch.nn.functional.one_hot(codes, len(alphabet)).float()


def running_sum(seq_len, batch_size, generator, dtype=torch.float32):
    """Sample sequences of noise whose sum is to be told at the end.

    The target has mean 0 and variance 1 at every length, so a model that
    always answers 0 has an expected squared error of 1.

    Args:
        seq_len: Number of steps.
        batch_size: Number of sequences.
        generator: Where the random numbers come from.
        dtype: Floating-point type of inputs and targets.

    Shapes:
        inputs:  (seq_len, batch_size, 1)
        targets: (batch_size,)

    Returns:
        tuple: inputs, standard normal, and targets, their sum over
        sqrt(seq_len); on the CPU.
    """
    inputs = torch.randn(
        seq_len, batch_size, 1, generator=generator, dtype=dtype
    )
    return inputs, inputs.sum(dim=0).squeeze(-1) / seq_len**0.5


def length_jump(generator, lengths=((10, 100), (60, 100)), batch_size=16):
    """Sample running_sum batches whose sequences become longer at once.

    Args:
        generator: Where the random numbers come from.
        lengths: Pairs of seq_len and number of batches, in order.
        batch_size: Number of sequences in a batch.

    Returns:
        list: pairs of inputs and targets.
    """
    return [
        running_sum(seq_len, batch_size, generator)
        for seq_len, num_batches in lengths
        for _ in range(num_batches)
    ]
