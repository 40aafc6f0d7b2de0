"""Checks: what a learner calls below a cell to see how far it is.

``checks.lstm_step(lstm_step)`` checks, ``checks.hint("lstm_step")`` helps.
Cases, drive and judge never mix; see ``check.py``.
"""

from rnnlab.checks import bits as _bits
from rnnlab.checks import clipping as _clipping
from rnnlab.checks import counter_reading as _counter_reading
from rnnlab.checks import counting_lstm as _counting_lstm
from rnnlab.checks import forget_gate as _forget_gate
from rnnlab.checks import gru as _gru
from rnnlab.checks import gru_conversion as _gru_conversion
from rnnlab.checks import gru_hold as _gru_hold
from rnnlab.checks import hold as _hold
from rnnlab.checks import linear as _linear
from rnnlab.checks import lstm as _lstm
from rnnlab.checks import lstm_unroll as _lstm_unroll
from rnnlab.checks import norm_clipping as _norm_clipping
from rnnlab.checks import parameter_count as _parameter_count
from rnnlab.checks import recovery as _recovery
from rnnlab.checks import tracking as _tracking
from rnnlab.checks import vanilla as _vanilla
from rnnlab.checks import vanishing as _vanishing

rnn_step = _vanilla.RNNStep()
rnn_unroll = _vanilla.RNNUnroll()
step_jacobian = _vanishing.StepJacobian()
gradient_by_lag = _vanishing.GradientByLag()
linear_gradient = _linear.LinearGradient()
vanishing_bound = _linear.VanishingBound()
global_gradient_norm = _clipping.GlobalGradientNorm()
clip_by_norm = _norm_clipping.ClipByNorm()
clip_by_value = _clipping.ClipByValue()
train_with_recovery = _recovery.TrainWithRecovery()
lstm_step = _lstm.LSTMStep()
lstm_unroll = _lstm_unroll.LSTMUnroll()
open_forget_gate = _forget_gate.OpenForgetGate()
hold_forever = _hold.HoldForever()
gru_step = _gru.GRUStep()
lecture_gru_step = _gru.LectureGRUStep()
convert_gru_parameters = _gru_conversion.ConvertGRUParameters()
gru_hold_forever = _gru_hold.GRUHoldForever()
count_parameters = _parameter_count.CountParameters()
counting_lstm = _counting_lstm.CountingLSTM()
read_counter = _counter_reading.ReadCounter()
bits_per_character = _bits.BitsPerCharacter()
find_tracking_unit = _tracking.FindTrackingUnit()

#: All checks by name.
CHECKS = {
    check.name: check
    for check in (
        rnn_step,
        rnn_unroll,
        step_jacobian,
        gradient_by_lag,
        linear_gradient,
        vanishing_bound,
        global_gradient_norm,
        clip_by_norm,
        clip_by_value,
        train_with_recovery,
        lstm_step,
        lstm_unroll,
        open_forget_gate,
        hold_forever,
        gru_step,
        lecture_gru_step,
        convert_gru_parameters,
        gru_hold_forever,
        count_parameters,
        counting_lstm,
        read_counter,
        bits_per_character,
        find_tracking_unit,
    )
}


def hint(name, number=1):
    """Print a hint for a task.

    Args:
        name: Name of the task, e.g. "lstm_step".
        number: Which hint, from 1; each one narrows.

    Raises:
        KeyError: there is no such task; the message lists them.
    """
    if name not in CHECKS:
        names = ", ".join(CHECKS)
        raise KeyError(f"no task called {name!r}; there are {names}")
    CHECKS[name].hint(number)
