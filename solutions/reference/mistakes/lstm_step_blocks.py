"""Mistakes in lstm_step, up to the pre-activations: blocks and parameters."""

import torch

from reference.catalogue import mistake
from reference.lstm import lstm_step
from reference.mistakes.lstm_parts import linear, step
from rnnlab.layout import LSTM_GATES, LSTMState

_SWAPPED = "Your numbers are exactly those of a cell "


def _swap(first, second):
    """Return torch's order of the blocks with two of them swapped."""
    other = {first: second, second: first}
    return tuple(other.get(gate, gate) for gate in LSTM_GATES)


@mistake(
    "lstm_step",
    _SWAPPED + "whose input and forget gates are swapped.",
)
def input_and_forget_gate_swapped(*arguments):
    """Read the forget block as the input gate and the other way round."""
    return step(arguments, order=_swap("input", "forget"))


@mistake(
    "lstm_step",
    _SWAPPED + "whose input and output gates are swapped.",
)
def input_and_output_gate_swapped(*arguments):
    """Read the output block as the input gate and the other way round."""
    return step(arguments, order=_swap("input", "output"))


@mistake(
    "lstm_step",
    _SWAPPED + "whose forget and output gates are swapped.",
)
def forget_and_output_gate_swapped(*arguments):
    """Read the output block as the forget gate and the other way round."""
    return step(arguments, order=_swap("forget", "output"))


@mistake(
    "lstm_step",
    _SWAPPED + "whose input gate and candidate have each other's blocks.",
)
def input_gate_and_candidate_swapped(*arguments):
    """Read the first block as the candidate and the third as the gate."""
    return step(arguments, order=_swap("input", "cell"))


@mistake(
    "lstm_step",
    _SWAPPED + "whose forget gate and candidate have each other's blocks: "
    "Haiku's order, not torch's.",
)
def forget_gate_and_candidate_swapped(*arguments):
    """Read the blocks in Haiku's order."""
    return step(arguments, order=_swap("forget", "cell"))


@mistake(
    "lstm_step",
    _SWAPPED + "whose output gate and candidate have each other's blocks: "
    "torch's last block is the output gate.",
)
def output_gate_and_candidate_swapped(*arguments):
    """Read the blocks with the candidate last, as in many texts."""
    return step(arguments, order=_swap("output", "cell"))


@mistake(
    "lstm_step",
    _SWAPPED + "that reads the blocks in ONNX's order (input, output, forget, "
    "candidate), not torch's.",
)
def order_of_onnx(*arguments):
    """Read the blocks in the order of ONNX."""
    return step(arguments, order=("input", "output", "forget", "cell"))


@mistake(
    "lstm_step",
    _SWAPPED + "that reads the blocks as forget, input, output, candidate: "
    "the lecture's order, not torch's.",
)
def order_of_the_lecture(*arguments):
    """Read the blocks in the order in which the lecture has the gates."""
    return step(arguments, order=("forget", "input", "output", "cell"))


@mistake(
    "lstm_step",
    "You took every fourth row for a gate; a gate's rows lie side by side.",
)
def blocks_interleaved(*arguments):
    """Reshape the rows to (hidden_size, gates) in place of the reverse."""

    def interleaved(*arguments):
        blocks = linear(*arguments)
        units = blocks.shape[1] // len(LSTM_GATES)
        rows = blocks.unflatten(1, (units, len(LSTM_GATES)))
        return rows.transpose(1, 2).flatten(1)

    return step(arguments, linear=interleaved)


@mistake("lstm_step", "Your numbers lack bias_ih; both biases are added.")
def bias_ih_dropped(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Add the second bias only."""
    zero = 0 * bias_ih
    return lstm_step(x, prev_state, weight_ih, weight_hh, zero, bias_hh)


@mistake("lstm_step", "Your numbers lack bias_hh; both biases are added.")
def bias_hh_dropped(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Add the first bias only."""
    zero = 0 * bias_hh
    return lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, zero)


@mistake("lstm_step", "Your numbers lack both biases.")
def both_biases_dropped(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Add no bias."""
    zeros = 0 * bias_ih, 0 * bias_hh
    return lstm_step(x, prev_state, weight_ih, weight_hh, *zeros)


@mistake("lstm_step", "You added bias_ih twice and bias_hh never.")
def bias_ih_added_twice(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Add the first bias in both places."""
    del bias_hh
    return lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_ih)


@mistake(
    "lstm_step",
    "The shapes say that weight_ih was not transposed: its rows are gates, "
    "its columns features of x.",
)
def weight_ih_not_transposed(x, prev_state, weight_ih, *others):
    """Multiply x by weight_ih as it is."""
    del others
    return LSTMState(x @ weight_ih, prev_state.cell_state)


@mistake(
    "lstm_step",
    "The shapes say that weight_hh was not transposed: its rows are gates, "
    "its columns hidden units.",
)
def weight_hh_not_transposed(x, prev_state, weight_ih, weight_hh, *others):
    """Multiply the hidden state by weight_hh as it is."""
    del x, weight_ih, others
    product = prev_state.hidden_state @ weight_hh
    return LSTMState(product, prev_state.cell_state)


@mistake(
    "lstm_step",
    "You reshaped the weights where they must be transposed: the shape is "
    "right, the numbers are in other places.",
)
def weights_reshaped(x, prev_state, weight_ih, weight_hh, *biases):
    """Reshape the weights to the shape of their transpose."""
    weight_ih = weight_ih.reshape(weight_ih.shape[::-1]).T
    weight_hh = weight_hh.reshape(weight_hh.shape[::-1]).T
    return lstm_step(x, prev_state, weight_ih, weight_hh, *biases)


@mistake(
    "lstm_step",
    "The shapes say that x was multiplied by weight_hh, which belongs to the "
    "hidden state.",
)
def weights_exchanged(x, prev_state, weight_ih, weight_hh, *biases):
    """Multiply x by weight_hh and the hidden state by weight_ih."""
    return lstm_step(x, prev_state, weight_hh, weight_ih, *biases)


@mistake(
    "lstm_step",
    "You put x and the hidden state side by side in one order and their "
    "weights in the other.",
)
def concatenated_in_two_orders(
    x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh
):
    """Join inputs and weights in opposite orders."""

    def joined(*arguments):
        del arguments
        inputs = torch.cat([prev_state.hidden_state, x], 1)
        weights = torch.cat([weight_ih, weight_hh], 1)
        return inputs @ weights.T + bias_ih + bias_hh

    arguments = x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh
    return step(arguments, linear=joined)


@mistake(
    "lstm_step",
    "Your gates and candidate do not see the previous hidden state.",
)
def hidden_state_ignored(x, prev_state, weight_ih, weight_hh, *biases):
    """Leave weight_hh out."""
    return lstm_step(x, prev_state, weight_ih, 0 * weight_hh, *biases)


@mistake(
    "lstm_step",
    "You multiplied weight_hh by the previous cell state; it belongs to the "
    "previous hidden state.",
)
def gates_read_the_cell_state(*arguments):
    """Let the gates read the cell state in place of the hidden state."""

    def peeping(x, prev_state, *parameters):
        cell_state = prev_state.cell_state
        return linear(x, LSTMState(cell_state, cell_state), *parameters)

    return step(arguments, linear=peeping)
