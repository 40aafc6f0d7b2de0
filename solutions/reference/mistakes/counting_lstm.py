"""Mistakes in counting_lstm, each known by the strings that it accepts."""

import torch

from reference.catalogue import mistake
from reference.counting import FULL, counting_lstm
from rnnlab.layout import gate_slices

_COUNT = 0
_ROWS = gate_slices(4)


def _changed(dtype, **values):
    """Return the right parameters with some of them replaced."""
    return {**counting_lstm(dtype), **values}


def _readout(dtype, weights, bias):
    """Return the right LSTM under another readout."""
    return _changed(
        dtype,
        readout_weight=torch.tensor(weights, dtype=dtype),
        readout_bias=torch.tensor(bias, dtype=dtype),
    )


def _keep(dtype, unit, bias):
    """Return the right LSTM with another forget bias in one unit."""
    right = counting_lstm(dtype)
    right["bias_ih"][_ROWS["forget"].start + unit] = bias
    return right


@mistake(
    "counting_lstm",
    "Your LSTM accepts as many a as b in any order that never has more b "
    "than a; it must remember an a that comes after a b.",
)
def late_a_ignored(dtype):
    """Leave out the latch for an a after a b."""
    return _readout(dtype, [-4.0, 1.0, 0.0, -8.0], -0.38)


@mistake(
    "counting_lstm",
    "Your LSTM compares numbers and is deaf to order: it accepts every "
    "string of the task with as many a as b, ba among them.",
)
def order_ignored(dtype):
    """Count alone, with a latch that is right for the sign of the count."""
    right = counting_lstm(dtype)
    # Both signs of the count: two units that count in opposite directions,
    # each with an output gate that is open for a positive count alone.
    rows, wide = gate_slices(3), torch.zeros(12, 3, dtype=dtype)
    weight_ih = torch.zeros(12, 2, dtype=dtype)
    bias_ih = torch.zeros(12, dtype=dtype)
    bias_ih[rows["forget"]] = bias_ih[rows["output"]] = FULL
    bias_ih[rows["input"]] = FULL
    for unit, sign in ((0, 1.0), (1, -1.0)):
        place = rows["cell"].start + unit
        weight_ih[place] = torch.tensor([sign * FULL, -sign * FULL])
        # The gate of the next letter: the count it closes at is known.
        open_at = rows["output"].start + unit
        bias_ih[open_at] = 0.0
        wide[open_at, unit] = 10 * FULL
        weight_ih[open_at] = torch.tensor([sign, -sign]) * 3 * FULL
    place = rows["cell"].start + 2
    weight_ih[place] = FULL
    right.update(weight_ih=weight_ih, weight_hh=wide, bias_ih=bias_ih)
    return {
        **right,
        "bias_hh": torch.zeros_like(bias_ih),
        "readout_weight": torch.tensor([-4.0, -4.0, 1.0], dtype=dtype),
        "readout_bias": torch.tensor(-0.38, dtype=dtype),
    }


@mistake(
    "counting_lstm",
    "Your LSTM accepts a^n b^m with more b than a; it must remember that a b "
    "came when the count was 0.",
)
def early_b_ignored(dtype):
    """Leave out the latch for a b where the count is 0."""
    return _readout(dtype, [-4.0, 1.0, -8.0, 0.0], -0.38)


@mistake(
    "counting_lstm",
    "Your LSTM accepts a^n b^m with fewer b than a; it must reject while the "
    "count is above 0.",
)
def open_count_ignored(dtype):
    """Leave the count out of the readout."""
    return _readout(dtype, [0.0, 1.0, -8.0, -8.0], -0.38)


@mistake(
    "counting_lstm",
    "Your LSTM accepts every string of a and then b: it checks the order and "
    "does not count.",
)
def count_ignored(dtype):
    """Watch the order alone."""
    return _readout(dtype, [0.0, 1.0, -8.0, 0.0], -0.38)


@mistake(
    "counting_lstm",
    "All is right but the empty string, which you accept: nothing is read, "
    "and the readout's bias alone decides.",
)
def empty_string_accepted(dtype):
    """Do not ask for a b."""
    return _readout(dtype, [-4.0, 0.0, -8.0, -8.0], 0.38)


@mistake(
    "counting_lstm",
    "Your LSTM accepts every string: its readout is always above 0.",
)
def everything_accepted(dtype):
    """Return a readout that says yes."""
    return _readout(dtype, [0.0, 0.0, 0.0, 0.0], 1.0)


@mistake(
    "counting_lstm",
    "Your LSTM rejects every string: its readout is never above 0.",
)
def everything_rejected(dtype):
    """Return zeros."""
    return _readout(dtype, [0.0, 0.0, 0.0, 0.0], 0.0)


@mistake(
    "counting_lstm",
    "Your LSTM is right on short strings and rejects a^1000 b^1000: a little "
    "is lost at each step. Push the forget gate's bias further.",
)
def leaky_count(dtype):
    """Open the forget gate of the counter, but not far enough."""
    return _keep(dtype, _COUNT, 13.5)


@mistake(
    "counting_lstm",
    "Your LSTM accepts a b and no longer string: half of the count is lost "
    "at each step, as with a forget bias of 0.",
)
def half_the_count_forgotten(dtype):
    """Leave the forget gate of the counter at one half."""
    return _keep(dtype, _COUNT, 0.0)


@mistake(
    "counting_lstm",
    "Your LSTM is right up to n = 5 and wrong from n = 10 on: a little is "
    "lost at each step. Push the forget gate's bias further.",
)
def count_that_leaks_at_once(dtype):
    """Open the forget gate of the counter to 0.993."""
    return _keep(dtype, _COUNT, 5.0)


@mistake(
    "counting_lstm",
    "Your LSTM accepts strings that lack one b: tanh(1) is 0.76, and that "
    "must be enough to bring the readout below 0.",
)
def one_missing_accepted(dtype):
    """Give the count too small a weight in the readout."""
    return _readout(dtype, [-0.65, 1.0, -8.0, -8.0], -0.38)
