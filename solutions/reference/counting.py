"""Chapter 6: count parameters, count letters, and read a counter."""

import torch

from rnnlab.layout import GRU_GATES, LSTM_GATES, gate_slices

#: Blocks of rows in a weight or bias of each layer of torch.
BLOCKS = {"RNN": 1, "GRU": len(GRU_GATES), "LSTM": len(LSTM_GATES)}

#: A pre-activation at which gates and candidates are shut or full in float32.
FULL = 50.0


def count_parameters(
    kind,
    input_size,
    hidden_size,
    num_layers=1,
    *,
    bias=True,
    bidirectional=False,
):
    """Count the parameters of a recurrent layer in torch's layout.

    Every block has weights for what comes in and for the hidden state, and
    two biases. A layer above the first reads the hidden states of all
    directions below it.

    Equations:
        eq-parameter-count

    Args:
        kind: "RNN", "LSTM" or "GRU".
        input_size: Numbers that come in at each step.
        hidden_size: Units of each layer and direction.
        num_layers: Layers, one above the other.
        bias: Whether there are biases.
        bidirectional: Whether each layer also runs backwards.

    Returns:
        int: the number of parameters.
    """
    directions = 2 if bidirectional else 1
    total, width = 0, input_size
    for _ in range(num_layers):
        row = width + hidden_size + (2 if bias else 0)
        total += (  # eq-parameter-count
            directions * BLOCKS[kind] * hidden_size * row
        )
        width = directions * hidden_size
    return total


def counting_lstm(dtype):
    """Return an LSTM that accepts a^n b^n, n from 1 on, and nothing else.

    Unit 0 counts: +1 for an a, -1 for a b. Unit 1 remembers that there was a
    b. Units 2 and 3 remember what must not happen: an a after a b, and a b
    where the count is not above 0. All gates and candidates are full, so
    each cell state is a whole number and no step rounds.

    A hidden state tanh(c) is 0 for a count of 0 and at least 0.76 from 1 on,
    so a threshold of 0.38 tells the two apart.

    Equations:
        eq-counter-step, eq-counter-accept

    Args:
        dtype: Floating-point type of the parameters.

    Shapes:
        weight_ih:      (4 * hidden_size, 2), an a is (1, 0), a b is (0, 1)
        weight_hh:      (4 * hidden_size, hidden_size)
        bias_ih:        (4 * hidden_size,)
        bias_hh:        (4 * hidden_size,)
        readout_weight: (hidden_size,)
        readout_bias:   ()

    Returns:
        dict: the parameters by name. A string is accepted when the
            readout of the last hidden state is above 0.

    Source:
        Weiss, Goldberg and Yahav 2018 for the counter. The latches are ours.
    """
    count, seen, a_late, b_early = range(4)
    hidden_size = 4
    weight_ih = torch.zeros(4 * hidden_size, 2, dtype=dtype)
    weight_hh = torch.zeros(4 * hidden_size, hidden_size, dtype=dtype)
    bias_ih = torch.zeros(4 * hidden_size, dtype=dtype)
    rows = gate_slices(hidden_size)
    write, keep = rows["input"].start, rows["forget"]
    candidate, show = rows["cell"], rows["output"]
    bias_ih[keep] = bias_ih[show] = bias_ih[candidate] = FULL
    # eq-counter-step: the candidate is +1 for an a and -1 for a b.
    bias_ih[write + count] = FULL
    bias_ih[candidate.start + count] = 0.0
    weight_ih[candidate.start + count] = torch.tensor([FULL, -FULL])
    # A b opens the input gate of "seen", an a shuts it.
    weight_ih[write + seen] = torch.tensor([-FULL, FULL])
    # An a where tanh(seen) is above 0.38.
    sharp = 10 * FULL
    weight_ih[write + a_late] = torch.tensor([0.0, -2 * sharp])
    weight_hh[write + a_late, seen] = sharp
    bias_ih[write + a_late] = -0.38 * sharp
    # A b where tanh(count) is below 0.38.
    weight_ih[write + b_early] = torch.tensor([-2 * sharp, 0.0])
    weight_hh[write + b_early, count] = -sharp
    bias_ih[write + b_early] = 0.38 * sharp
    # eq-counter-accept: a b was seen, and neither count nor latch is on.
    weights = torch.tensor([-4.0, 1.0, -8.0, -8.0], dtype=dtype)
    return {
        "weight_ih": weight_ih,
        "weight_hh": weight_hh,
        "bias_ih": bias_ih,
        "bias_hh": torch.zeros_like(bias_ih),
        "readout_weight": weights,
        "readout_bias": torch.tensor(-0.38, dtype=dtype),
    }


def read_counter(cell_states, counts):
    """Find the unit that follows a count best, and how it counts.

    Equations:
        eq-counter-correlation, eq-counter-slope

    Args:
        cell_states: Cell states after each step.
        counts: The count after each step.

    Shapes:
        cell_states: (seq_len, batch, hidden_size)
        counts:      (seq_len, batch)

    Returns:
        tuple: index of the unit whose correlation with the count is largest
            in absolute value, that correlation with its sign, and the slope:
            by how much its cell state moves when the count grows by one. A
            unit that does not move has a correlation of 0.
    """
    states = cell_states.flatten(0, 1)
    states = states - states.mean(dim=0)
    steps = counts.flatten() - counts.mean()
    products = steps @ states
    norms = steps.norm() * states.norm(dim=0)
    moving = norms > 0
    correlation = torch.where(  # eq-counter-correlation
        moving, products / norms.where(moving, 1.0), 0.0
    )
    unit = correlation.abs().argmax()
    slope = products[unit] / steps.square().sum()  # eq-counter-slope
    return unit, correlation[unit], slope
