"""LSTM, GRU and vanilla RNN side by side: alike in size, start and data."""

import statistics
import time

import torch
from torch import nn

from rnnlab import train
from rnnlab.layout import GRU_GATES, gate_slices

#: The block whose bias sets how long a layer remembers at first.
MEMORY_GATES = {nn.LSTM: ("forget", None), nn.GRU: ("update", GRU_GATES)}


def make(kind, input_size, hidden_size, *, seed, memory_bias=None):
    """Build a recurrent layer, with its memory opened if asked for.

    Args:
        kind: torch.nn.RNN, LSTM or GRU.
        input_size: Numbers that come in at each step.
        hidden_size: Number of units.
        seed: Of the first weights.
        memory_bias: Sum of the two biases of the forget gate (LSTM) or the
            update gate (GRU); None leaves them as torch draws them. A
            vanilla RNN has no such gate.

    Returns:
        Module: float32, on the CPU.
    """
    layer = train.seeded(kind, input_size, hidden_size, seed=seed)
    if memory_bias is None or kind not in MEMORY_GATES:
        return layer
    gate, gates = MEMORY_GATES[kind]
    order = {} if gates is None else {"gates": gates}
    rows = gate_slices(hidden_size, **order)[gate]
    layer.bias_ih_l0.data[rows] = memory_bias
    layer.bias_hh_l0.data[rows] = 0.0
    return layer


def size_of(module):
    """Return the number of parameters of a module."""
    return sum(parameter.numel() for parameter in module.parameters())


def hidden_size_within(kind, input_size, budget):
    """Return the largest hidden size with at most so many parameters.

    Args:
        kind: torch.nn.RNN, LSTM or GRU.
        input_size: Numbers that come in at each step.
        budget: Largest number of parameters of the layer.

    Returns:
        int: 0 where not even one unit fits.
    """
    units = 0
    while size_of(kind(input_size, units + 1, device="meta")) <= budget:
        units += 1
    return units


def adding_problem(batch_size, seq_len, *, generator):
    """Sample sequences in which two marked numbers are to be added up.

    Feature 0 is uniform in [0, 1]. Feature 1 is 1 at two steps, one in each
    half of the sequence, and 0 elsewhere. The target is the sum of the two
    marked numbers; its mean is 1 and its variance 1/6, so a model that always
    answers 1 has an expected squared error of 1/6.

    Args:
        batch_size: Number of sequences.
        seq_len: Number of steps, 2 or more.
        generator: Where the random numbers come from.

    Shapes:
        inputs:  (seq_len, batch_size, 2)
        targets: (batch_size,)

    Returns:
        tuple: inputs and targets, float32, on the CPU.

    Source:
        Hochreiter & Schmidhuber 1997, in the form that later papers use:
        numbers in [0, 1], a fixed length, the marks in different halves.
    """
    values = torch.rand(seq_len, batch_size, generator=generator)
    half = seq_len // 2
    first = torch.randint(half, (batch_size,), generator=generator)
    second = half + torch.randint(
        seq_len - half, (batch_size,), generator=generator
    )
    marks = torch.zeros(seq_len, batch_size)
    places = torch.arange(batch_size)
    marks[first, places] = 1.0
    marks[second, places] = 1.0
    return torch.stack([values, marks], dim=2), (values * marks).sum(dim=0)


def sum_loss(outputs, targets):
    """Return the mean squared error of the last step's readout.

    Shapes:
        outputs: (seq_len, batch, 1)
        targets: (batch,)
    """
    return nn.functional.mse_loss(outputs[-1, :, 0], targets)


def race(layers, inputs, *, repeats):
    """Time forward and backward passes of layers in turn.

    Every round times each layer once, so that whatever slows the machine
    meets all of them.

    Args:
        layers: Recurrent layers by name.
        inputs: What each of them reads.
        repeats: Number of rounds that count; one more warms up.

    Units:
        Seconds, wall time.

    Returns:
        dict: name to the time of each round.
    """
    times = {name: [] for name in layers}
    for round_ in range(repeats + 1):
        for name, layer in layers.items():
            _wait(inputs)
            begin = time.perf_counter()
            layer(inputs)[0].sum().backward()
            _wait(inputs)
            if round_:
                times[name].append(time.perf_counter() - begin)
            layer.zero_grad()
    return times


def median_ratio(times, name, other):
    """Return the median over the rounds of one time divided by another's."""
    pairs = zip(times[name], times[other], strict=True)
    return statistics.median(one / two for one, two in pairs)


def _wait(inputs):
    """Let a GPU finish what it was given."""
    if inputs.is_cuda:
        torch.cuda.synchronize(inputs.device)
