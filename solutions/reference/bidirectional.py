"""Chapter 8: reading both ways, and finding out who looks ahead."""

import torch


def bidirectional_rnn(inputs, lengths, forward_unroll, backward_unroll):
    """Run one RNN to the right and one to the left over a padded batch.

    Each sequence is turned round within its own length: the RNN that reads
    to the left must begin with the last word, not with padding.

    Equations:
        eq-bidirectional-forward, eq-bidirectional-backward,
        eq-bidirectional-turn, eq-bidirectional-states

    Args:
        inputs: Padded sequences.
        lengths: Number of steps of each sequence, at least 1.
        forward_unroll: Function from inputs to the hidden states after every
            step, beginning with a hidden state of zeros.
        backward_unroll: The same with weights of its own.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        lengths: (batch,), int64
        returns: (seq_len, batch, 2 * hidden_size)

    Returns:
        Tensor: the states of the forward and of the backward RNN side by
            side, zero at the padding.

    Source:
        Schuster and Paliwal 1997; the layout is that of torch.nn.LSTM.
    """
    place = _turned(inputs, lengths)  # eq-bidirectional-turn
    forward_states = forward_unroll(inputs)  # eq-bidirectional-forward
    backward_states = _take(  # eq-bidirectional-backward
        backward_unroll(_take(inputs, place)), place
    )
    states = torch.cat(  # eq-bidirectional-states
        [forward_states, backward_states], dim=2
    )
    return states.masked_fill(~_inside(inputs, lengths)[:, :, None], 0)


def final_states(hidden_states, lengths):
    """Return the state that each direction ends with.

    Equations:
        eq-bidirectional-final

    Args:
        hidden_states: What a bidirectional RNN returns.
        lengths: Number of steps of each sequence.

    Shapes:
        hidden_states: (seq_len, batch, 2 * hidden_size)
        lengths:       (batch,), int64
        returns:       (batch, 2 * hidden_size)

    Returns:
        Tensor: of each sequence the forward half at its last step and the
            backward half at its first one.
    """
    forward_states, backward_states = hidden_states.chunk(2, dim=2)
    rows = torch.arange(len(lengths), device=lengths.device)
    ends = forward_states[lengths - 1, rows], backward_states[0]
    return torch.cat(ends, dim=1)  # eq-bidirectional-final


def encode_sentence(hidden_states, lengths):
    """Return two encodings of each sentence: maximum and mean.

    Equations:
        eq-encoding-max, eq-encoding-mean

    Args:
        hidden_states: One hidden state for each step; the padding may hold
            anything, NaN included.
        lengths: Number of steps of each sequence.

    Shapes:
        hidden_states: (seq_len, batch, size)
        lengths:       (batch,), int64
        encodings:     (batch, size) each

    Returns:
        tuple: element by element, the largest entry and the mean of the
            steps that belong to the sentence.
    """
    padding = ~_inside(hidden_states, lengths)[:, :, None]
    low, zeroed = (
        hidden_states.masked_fill(padding, value) for value in (-torch.inf, 0)
    )
    by_max = low.amax(dim=0)  # eq-encoding-max
    by_mean = zeroed.sum(dim=0) / lengths[:, None]  # eq-encoding-mean
    return by_max, by_mean.to(hidden_states.dtype)


def looks_ahead(model, inputs):
    """Tell at each step whether the output depends on later inputs.

    Equations:
        eq-causal

    Args:
        model: Function from inputs to outputs, one for each step; the same
            inputs always give the same outputs.
        inputs: What it is tried on.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        outputs: (seq_len, batch, output_size)
        returns: (seq_len,), bool

    Returns:
        Tensor: True at t where a change after t changes the output at t.
    """
    outputs = model(inputs)
    found = torch.zeros(len(inputs), dtype=torch.bool, device=inputs.device)
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(inputs.shape, generator=generator).to(inputs)
    for t in range(len(inputs) - 1):
        changed = torch.cat(
            [inputs[: t + 1], inputs[t + 1 :] + noise[t + 1 :]]
        )
        found[t] = (model(changed)[t] != outputs[t]).any()  # eq-causal
    return found


def influence(model, inputs):
    """Tell which inputs an output depends on, by changing one at a time.

    Args:
        model: As for ``looks_ahead``.
        inputs: As for ``looks_ahead``.

    Shapes:
        returns: (seq_len, seq_len), bool; row t, column s

    Returns:
        Tensor: True where a change of input s changes output t.
    """
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(inputs.shape, generator=generator).to(inputs)
    outputs, columns = model(inputs), []
    for s in range(len(inputs)):
        changed = inputs.clone()
        changed[s] += noise[s]
        different = model(changed) != outputs
        columns.append(different.flatten(1).any(dim=1))
    return torch.stack(columns, dim=1)


def _inside(inputs, lengths):
    """Return where a step belongs to its sequence, (seq_len, batch)."""
    steps = torch.arange(len(inputs), device=lengths.device)
    return steps[:, None] < lengths


def _turned(inputs, lengths):
    """Return where each step goes when its sequence is turned round."""
    steps = torch.arange(len(inputs), device=lengths.device)[:, None]
    return torch.where(steps < lengths, lengths - 1 - steps, steps)


def _take(tensor, place):
    """Take from each sequence the steps that are named."""
    return tensor.gather(0, place[:, :, None].expand_as(tensor))
