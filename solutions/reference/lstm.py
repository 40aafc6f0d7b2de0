"""Chapter 4: the LSTM, written from its equations."""

import math

import torch

from rnnlab.layout import LSTM_GATES, LSTMState, gate_slices


def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance an LSTM by one time step.

    Equations:
        eq-lstm-input-gate, eq-lstm-forget-gate, eq-lstm-output-gate,
        eq-lstm-cell-candidate, eq-lstm-cell-state, eq-lstm-hidden-state

    Args:
        x: Input at time t.
        prev_state: LSTMState at time t-1.
        weight_ih: Weights of the input, blocks in the order LSTM_GATES.
        weight_hh: Weights of the previous hidden state, same order.
        bias_ih: First bias, same order.
        bias_hh: Second bias, same order; the two add up.

    Shapes:
        x:                    (batch, input_size)
        both halves of state: (batch, hidden_size)
        weight_ih:            (4 * hidden_size, input_size)
        weight_hh:            (4 * hidden_size, hidden_size)
        bias_ih, bias_hh:     (4 * hidden_size,)

    Returns:
        LSTMState: the state at time t, same shapes.

    Source:
        Hochreiter and Schmidhuber 1997; forget gate Gers et al. 2000.
        Departs from 1997: forget gate; gates read the hidden state alone.
    """
    prev_hidden_state, prev_cell_state = prev_state
    block = gate_slices(prev_hidden_state.shape[1])
    blocks = (
        x @ weight_ih.T + prev_hidden_state @ weight_hh.T + bias_ih + bias_hh
    )
    input_gate = torch.sigmoid(blocks[:, block["input"]])  # eq-lstm-input-gate
    forget_gate = torch.sigmoid(  # eq-lstm-forget-gate
        blocks[:, block["forget"]]
    )
    output_gate = torch.sigmoid(  # eq-lstm-output-gate
        blocks[:, block["output"]]
    )
    cell_candidate = torch.tanh(  # eq-lstm-cell-candidate
        blocks[:, block["cell"]]
    )
    cell_state = (  # eq-lstm-cell-state
        forget_gate * prev_cell_state + input_gate * cell_candidate
    )
    hidden_state = output_gate * torch.tanh(  # eq-lstm-hidden-state
        cell_state
    )
    return LSTMState(hidden_state, cell_state)


def lstm_unroll(inputs, initial_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Run an LSTM over a sequence, one step after the other.

    Equations:
        eq-lstm-unroll

    Args:
        inputs: One input for each time step, at least one.
        initial_state: LSTMState before the first step.
        weight_ih: Weights of the input, blocks in the order LSTM_GATES.
        weight_hh: Weights of the previous hidden state, same order.
        bias_ih: First bias, same order.
        bias_hh: Second bias, same order; the two add up.

    Shapes:
        inputs:               (seq_len, batch, input_size)
        both halves of state: (batch, hidden_size)
        weight_ih:            (4 * hidden_size, input_size)
        weight_hh:            (4 * hidden_size, hidden_size)
        bias_ih, bias_hh:     (4 * hidden_size,)
        hidden_states:        (seq_len, batch, hidden_size)

    Returns:
        tuple: the hidden state after every step, and the LSTMState after the
            last one.

    Source:
        Hochreiter and Schmidhuber 1997; time comes first, as in torch.
    """
    state, hidden_states = initial_state, []
    for x in inputs:
        state = lstm_step(  # eq-lstm-unroll
            x, state, weight_ih, weight_hh, bias_ih, bias_hh
        )
        hidden_states.append(state.hidden_state)
    return torch.stack(hidden_states), state


@torch.no_grad()
def open_forget_gate(lstm, bias):
    """Set the effective forget bias of an LSTM, in place.

    The gate of a unit that sees neither input nor hidden state is then
    sigmoid(bias). Training goes on from there: the parameters stay the same
    objects and keep requiring a gradient.

    Equations:
        eq-forget-bias

    Args:
        lstm: torch.nn.LSTM of any number of layers and directions.
        bias: Sum of the two forget biases in every layer and direction.

    Shapes:
        bias_ih, bias_hh: (4 * hidden_size,) in every layer and direction

    Raises:
        ValueError: the LSTM was built with bias=False.

    Source:
        Gers et al. 2000 propose it, Jozefowicz et al. 2015 measure it.
    """
    if not lstm.bias:
        raise ValueError(
            "This LSTM has no biases, so its forget gate cannot be opened. "
            "Build it with bias=True."
        )
    forget = gate_slices(lstm.hidden_size)["forget"]
    for name, bias_ih in lstm.named_parameters():
        if name.startswith("bias_ih"):
            bias_hh = getattr(lstm, name.replace("bias_ih", "bias_hh"))
            bias_ih[forget] = bias - bias_hh[forget]  # eq-forget-bias


def hold_forever(hidden_size):
    """Return biases with which an LSTM keeps its cell state.

    A forget gate of sigmoid(b) loses about exp(-b) of the cell state at a
    step, and an input gate of sigmoid(-b) writes at most as much. Weights and
    inputs take at most 2 from b. Over 10,000 steps both losses together may
    come to 0.001.

    Equations:
        eq-retention

    Args:
        hidden_size: Number of units.

    Shapes:
        bias_ih, bias_hh: (4 * hidden_size,)

    Returns:
        tuple: the two biases, float32, blocks in the order LSTM_GATES.

    Source:
        The constant error carousel of Hochreiter and Schmidhuber 1997.
    """
    rows = gate_slices(hidden_size)
    bias_ih = torch.zeros(len(LSTM_GATES) * hidden_size)
    # exp(2 - b) * 10_000 * 2 <= 0.001, and one more to be safe
    far = 1 + 2 + math.log(2 * 10_000 / 1e-3)  # eq-retention
    bias_ih[rows["forget"]] = far
    bias_ih[rows["input"]] = -far
    return bias_ih, torch.zeros_like(bias_ih)
