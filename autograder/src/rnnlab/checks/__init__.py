"""Checks: what a learner calls below a cell to see how far it is.

``checks.lstm_step(lstm_step)`` checks, ``checks.hint("lstm_step")`` helps,
``checks.hand_in(...)`` says where all tasks stand.
Cases, drive and judge never mix; see ``check.py``.
"""

from rnnlab.checks import agreement as _agreement
from rnnlab.checks import attention as _attention
from rnnlab.checks import bidirectional as _bidirectional
from rnnlab.checks import bits as _bits
from rnnlab.checks import clipping as _clipping
from rnnlab.checks import counter_reading as _counter_reading
from rnnlab.checks import counting_lstm as _counting_lstm
from rnnlab.checks import decoder_step as _decoder_step
from rnnlab.checks import dense as _dense
from rnnlab.checks import depth as _depth
from rnnlab.checks import encoding as _encoding
from rnnlab.checks import forget_gate as _forget_gate
from rnnlab.checks import greedy_decode as _greedy_decode
from rnnlab.checks import growth as _growth
from rnnlab.checks import gru as _gru
from rnnlab.checks import gru_conversion as _gru_conversion
from rnnlab.checks import gru_hold as _gru_hold
from rnnlab.checks import handing_in as _handing_in
from rnnlab.checks import hold as _hold
from rnnlab.checks import layers as _layers
from rnnlab.checks import linear as _linear
from rnnlab.checks import linear_recurrence as _linear_recurrence
from rnnlab.checks import log_space as _log_space
from rnnlab.checks import looks_ahead as _looks_ahead
from rnnlab.checks import lstm as _lstm
from rnnlab.checks import lstm_unroll as _lstm_unroll
from rnnlab.checks import masked_loss as _masked_loss
from rnnlab.checks import min_gru as _min_gru
from rnnlab.checks import norm_clipping as _norm_clipping
from rnnlab.checks import parameter_count as _parameter_count
from rnnlab.checks import recall as _recall
from rnnlab.checks import recovery as _recovery
from rnnlab.checks import scan as _scan
from rnnlab.checks import skip as _skip
from rnnlab.checks import stacks as _stacks
from rnnlab.checks import stacks_two_ways as _stacks_two_ways
from rnnlab.checks import text_to_text as _text_to_text
from rnnlab.checks import tracking as _tracking
from rnnlab.checks import translate_numbers as _translate_numbers
from rnnlab.checks import truncation as _truncation
from rnnlab.checks import vanilla as _vanilla
from rnnlab.checks import vanishing as _vanishing

rnn_step = _vanilla.RNNStep()
rnn_unroll = _vanilla.RNNUnroll()
step_jacobian = _vanishing.StepJacobian()
gradient_by_lag = _vanishing.GradientByLag()
linear_gradient = _linear.LinearGradient()
vanishing_bound = _linear.VanishingBound()
truncated_bptt = _truncation.TruncatedBPTT()
recall_by_lag = _recall.RecallByLag()
recency_baseline = _agreement.RecencyBaseline()
agreement_error_by_attractors = _agreement.AgreementError()
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
gradient_norm_by_layer = _layers.GradientNormByLayer()
residual_block = _skip.ResidualBlock()
dense_block = _dense.DenseBlock()
highway_layer = _skip.HighwayLayer()
log_growth = _growth.LogGrowth()
bidirectional_rnn = _bidirectional.BidirectionalRNN()
final_states = _encoding.FinalStates()
encode_sentence = _encoding.EncodeSentence()
looks_ahead = _looks_ahead.LooksAhead()
stacked_rnn = _stacks.StackedRNN()
stacked_rnn_with_skips = _stacks.StackedRNNWithSkips()
stacked_bidirectional = _stacks_two_ways.StackedBidirectional()
gradient_by_layer_and_lag = _depth.GradientByLayerAndLag()
attention = _attention.Attention()
decoder_step = _decoder_step.DecoderStep()
masked_loss = _masked_loss.MaskedLoss()
greedy_decode = _greedy_decode.GreedyDecode()
translate_numbers = _translate_numbers.TranslateNumbers()
combine = _linear_recurrence.Combine()
parallel_scan = _scan.ParallelScan()
linear_recurrence_gradient = _linear_recurrence.LinearRecurrenceGradient()
min_gru = _min_gru.MinGRU()
log_space_scan = _log_space.LogSpaceScan()
as_text_to_text = _text_to_text.AsTextToText()

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
        truncated_bptt,
        recall_by_lag,
        recency_baseline,
        agreement_error_by_attractors,
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
        gradient_norm_by_layer,
        residual_block,
        dense_block,
        highway_layer,
        log_growth,
        bidirectional_rnn,
        final_states,
        encode_sentence,
        looks_ahead,
        stacked_rnn,
        stacked_rnn_with_skips,
        stacked_bidirectional,
        gradient_by_layer_and_lag,
        attention,
        decoder_step,
        masked_loss,
        greedy_decode,
        translate_numbers,
        combine,
        parallel_scan,
        linear_recurrence_gradient,
        min_gru,
        log_space_scan,
        as_text_to_text,
    )
}

hand_in = _handing_in.hand_in


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
