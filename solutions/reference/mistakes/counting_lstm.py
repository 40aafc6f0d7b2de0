"""Mistakes in counting_lstm, each known by the strings that it accepts."""

import torch

from reference.catalogue import mistake
from reference.counting import counting_lstm
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
