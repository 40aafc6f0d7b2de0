"""Chapter 4: the LSTM, written from its equations."""

import torch

from rnnlab.layout import LSTMState, gate_slices


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
