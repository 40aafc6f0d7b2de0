"""Mistakes in gru_hold_forever."""

import torch

from reference.catalogue import mistake
from rnnlab.layout import GRU_GATES, LSTM_GATES, gate_slices

_FAR = 20.0


def _biases(hidden_size, **values):
    """Return biases with one number for each block; the second is zero."""
    bias_ih = torch.zeros(len(GRU_GATES) * hidden_size)
    for gate, rows in gate_slices(hidden_size, GRU_GATES).items():
        bias_ih[rows] = values.get(gate, 0.0)
    return bias_ih, torch.zeros_like(bias_ih)


@mistake(
    "gru_hold_forever",
    "The update gate's bias is 1: that is a value of the gate; a bias goes "
    "through a sigmoid.",
)
def gate_value(hidden_size):
    """Set the gate value that is wanted as a bias."""
    return _biases(hidden_size, update=1.0)


@mistake(
    "gru_hold_forever",
    "Opening the update gate is right, but not far enough: small losses add "
    "up over 10,000 steps.",
)
def too_small(hidden_size):
    """Choose a bias that looks large."""
    return _biases(hidden_size, update=5.0)


@mistake(
    "gru_hold_forever",
    "Your update gate is near 0, which keeps in the lecture's form; in "
    "torch's it overwrites.",
)
def convention_of_the_lecture(hidden_size):
    """Shut the update gate."""
    return _biases(hidden_size, update=-_FAR)


@mistake(
    "gru_hold_forever",
    "You opened the reset gate, the first block; the update gate's is the "
    "second.",
)
def reset_gate_opened(hidden_size):
    """Set the first block, which is the update gate's in Keras."""
    return _biases(hidden_size, reset=_FAR)


@mistake(
    "gru_hold_forever",
    "You shut the reset gate; the candidate then ignores the hidden state, "
    "and is still written.",
)
def reset_gate_shut(hidden_size):
    """Shut the reset gate alone."""
    return _biases(hidden_size, reset=-_FAR)


@mistake(
    "gru_hold_forever",
    "You opened the reset gate and shut the update gate: in torch's form an "
    "update gate near 0 overwrites.",
)
def reset_open_update_shut(hidden_size):
    """Do what the lecture's form would need."""
    return _biases(hidden_size, reset=_FAR, update=-_FAR)


@mistake(
    "gru_hold_forever",
    "You shut both gates; in torch's form an update gate near 0 overwrites.",
)
def both_gates_shut(hidden_size):
    """Shut both gates."""
    return _biases(hidden_size, reset=-_FAR, update=-_FAR)


@mistake(
    "gru_hold_forever",
    "You set the last block, which is the candidate's; the update gate's is "
    "the second.",
)
def candidate_pushed_up(hidden_size):
    """Set the last block."""
    return _biases(hidden_size, new=_FAR)


@mistake(
    "gru_hold_forever",
    "You pushed the candidate far down: it is not shut, it writes -1 at every "
    "step.",
)
def candidate_pushed_down(hidden_size):
    """Take the candidate for an input gate."""
    return _biases(hidden_size, new=-_FAR)


@mistake(
    "gru_hold_forever",
    "Every row has the same large negative number; the update gate is the "
    "one that must be open.",
)
def every_block_shut(hidden_size):
    """Fill the whole bias with a large negative number."""
    return _biases(hidden_size, **dict.fromkeys(GRU_GATES, -_FAR))


@mistake(
    "gru_hold_forever",
    "All your biases are 0: an update gate of one half overwrites half of the "
    "state at every step.",
)
def all_zero(hidden_size):
    """Return zeros."""
    return _biases(hidden_size)


@mistake(
    "gru_hold_forever",
    "Your two biases cancel: torch adds them, so every gate is back at one "
    "half.",
)
def cancelled_by_the_second_bias(hidden_size):
    """Give the second bias the opposite sign."""
    bias_ih, _ = _biases(hidden_size, update=_FAR)
    return bias_ih, -bias_ih


@mistake(
    "gru_hold_forever",
    "You set every third row; a gate's rows lie side by side.",
)
def every_third_row_set(hidden_size):
    """Take the blocks for interleaved."""
    bias_ih, bias_hh = _biases(hidden_size)
    bias_ih[1::3] = _FAR
    return bias_ih, bias_hh


@mistake(
    "gru_hold_forever",
    "Infinity would hold, but no gradient step could move such a bias again, "
    "and inf - inf is NaN.",
)
def infinite(hidden_size):
    """Open the gate entirely."""
    return _biases(hidden_size, update=torch.inf)


@mistake(
    "gru_hold_forever",
    "Your two biases are infinite with opposite signs: their sum is NaN, and "
    "so is every state.",
)
def infinities_that_cancel(hidden_size):
    """Give the two biases infinities of opposite signs."""
    bias_ih, _ = _biases(hidden_size, update=torch.inf)
    return bias_ih, -bias_ih


@mistake(
    "gru_hold_forever",
    "You return one number for each unit; a bias has a block of hidden_size "
    "rows for each of reset, update and new.",
)
def one_block_alone(hidden_size):
    """Return biases of a single gate."""
    far = torch.full((hidden_size,), _FAR)
    return far, torch.zeros_like(far)


@mistake(
    "gru_hold_forever",
    "You return one number for each gate; a bias has a block of hidden_size "
    "rows for each gate.",
)
def one_number_a_gate(hidden_size):
    """Leave the units out."""
    del hidden_size
    return torch.tensor([0.0, _FAR, 0.0]), torch.zeros(3)


@mistake(
    "gru_hold_forever",
    "These are biases of an LSTM, with four blocks; a GRU has three: reset, "
    "update, new.",
)
def biases_of_an_lstm(hidden_size):
    """Hand in what held in chapter 4."""
    bias_ih = torch.zeros(len(LSTM_GATES) * hidden_size)
    rows = gate_slices(hidden_size)
    bias_ih[rows["forget"]], bias_ih[rows["input"]] = _FAR, -_FAR
    return bias_ih, torch.zeros_like(bias_ih)
