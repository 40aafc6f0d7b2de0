"""Mistakes in hold_forever."""

import torch

from reference.catalogue import mistake
from rnnlab.layout import LSTM_GATES, gate_slices

_FAR = 20.0


def _biases(hidden_size, **values):
    """Return biases with one number for each block; the second is zero."""
    bias_ih = torch.zeros(len(LSTM_GATES) * hidden_size)
    for gate, rows in gate_slices(hidden_size).items():
        bias_ih[rows] = values.get(gate, 0.0)
    return bias_ih, torch.zeros_like(bias_ih)


@mistake(
    "hold_forever",
    "The forget gate's bias is 1 and the input gate's 0: these are values of "
    "gates; a bias goes through a sigmoid.",
)
def gate_values(hidden_size):
    """Set the gate values that are wanted as biases."""
    return _biases(hidden_size, forget=1.0)


@mistake(
    "hold_forever",
    "Forget gate open and input gate shut is right, but not far enough: small "
    "losses add up over 10,000 steps.",
)
def too_small(hidden_size):
    """Choose biases that look large."""
    return _biases(hidden_size, forget=5.0, input=-5.0)


@mistake(
    "hold_forever",
    "You opened the forget gate and left the input gate at one half: every "
    "step still writes.",
)
def forget_gate_alone(hidden_size):
    """Leave the input gate at its zero bias."""
    return _biases(hidden_size, forget=_FAR)


@mistake(
    "hold_forever",
    "You shut the input gate and left the forget gate at one half: every step "
    "halves the cell state.",
)
def input_gate_alone(hidden_size):
    """Leave the forget gate at its zero bias."""
    return _biases(hidden_size, input=-_FAR)


@mistake(
    "hold_forever",
    "Your forget gate is shut and your input gate open: the two are the wrong "
    "way round.",
)
def wrong_way_round(hidden_size):
    """Swap the blocks, or the signs."""
    return _biases(hidden_size, forget=-_FAR, input=_FAR)


@mistake(
    "hold_forever",
    "You filled the third block, which is the candidate's; the forget gate's "
    "is the second.",
)
def candidate_block_for_the_forget_gate(hidden_size):
    """Use the order of Haiku or ONNX."""
    return _biases(hidden_size, cell=_FAR, input=-_FAR)


@mistake(
    "hold_forever",
    "You opened the output gate, which only shows the cell state; the forget "
    "gate keeps it.",
)
def output_gate_for_the_forget_gate(hidden_size):
    """Open the output gate in place of the forget gate."""
    return _biases(hidden_size, output=_FAR, input=-_FAR)


@mistake(
    "hold_forever",
    "You shut the output gate, which only hides the cell state; the input "
    "gate writes to it.",
)
def output_gate_for_the_input_gate(hidden_size):
    """Shut the output gate in place of the input gate."""
    return _biases(hidden_size, forget=_FAR, output=-_FAR)


@mistake(
    "hold_forever",
    "A candidate far below 0 is not shut, it writes -1 at every step; the "
    "input gate must shut.",
)
def candidate_for_the_input_gate(hidden_size):
    """Push the candidate down in place of the input gate."""
    return _biases(hidden_size, forget=_FAR, cell=-_FAR)


@mistake(
    "hold_forever",
    "Your two biases cancel: torch adds them, so every gate is back at one "
    "half.",
)
def cancelled_by_the_second_bias(hidden_size):
    """Give the second bias the opposite signs."""
    bias_ih, _ = _biases(hidden_size, forget=_FAR, input=-_FAR)
    return bias_ih, -bias_ih


@mistake(
    "hold_forever",
    "You opened the input gate as well as the forget gate: every step writes "
    "all of the candidate.",
)
def both_gates_open(hidden_size):
    """Open both gates."""
    return _biases(hidden_size, forget=_FAR, input=_FAR)


@mistake(
    "hold_forever",
    "You shut the forget gate as well as the input gate: the cell state is "
    "gone after one step.",
)
def both_gates_shut(hidden_size):
    """Shut both gates."""
    return _biases(hidden_size, forget=-_FAR, input=-_FAR)


@mistake(
    "hold_forever",
    "Every row has the same sign, so all gates open together; each block "
    "needs a number of its own.",
)
def every_block_open(hidden_size):
    """Fill the whole bias with a large number."""
    blocks = dict.fromkeys(LSTM_GATES, _FAR)
    return _biases(hidden_size, **blocks)


@mistake(
    "hold_forever",
    "You set every fourth row; a gate's rows lie side by side.",
)
def every_fourth_row_set(hidden_size):
    """Take the blocks for interleaved."""
    bias_ih, bias_hh = _biases(hidden_size)
    bias_ih[0::4], bias_ih[1::4] = -_FAR, _FAR
    return bias_ih, bias_hh


@mistake(
    "hold_forever",
    "Infinity would hold, but no gradient step could move such a bias again, "
    "and inf - inf is NaN.",
)
def infinite(hidden_size):
    """Open and shut the gates entirely."""
    return _biases(hidden_size, forget=torch.inf, input=-torch.inf)


@mistake(
    "hold_forever",
    "Your two biases are infinite with opposite signs: their sum is NaN, and "
    "so is every state.",
)
def infinities_that_cancel(hidden_size):
    """Give the two biases infinities of opposite signs."""
    bias_ih, _ = _biases(hidden_size, forget=torch.inf, input=-torch.inf)
    return bias_ih, -bias_ih


@mistake(
    "hold_forever",
    "You return one number for each unit; a bias has a block of hidden_size "
    "rows for each of input, forget, cell and output.",
)
def one_block_alone(hidden_size):
    """Return biases of a single gate."""
    far = torch.full((hidden_size,), _FAR)
    return far, torch.zeros_like(far)


@mistake(
    "hold_forever",
    "You return one number for each gate; a bias has a block of hidden_size "
    "rows for each gate.",
)
def one_number_a_gate(hidden_size):
    """Leave the units out."""
    del hidden_size
    return torch.tensor([-_FAR, _FAR, 0.0, 0.0]), torch.zeros(4)
