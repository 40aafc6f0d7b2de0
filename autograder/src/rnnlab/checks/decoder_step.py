"""Check of chapter 10: one step of a decoder with attention."""

import functools
import types

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.attention import CHAPTER, PaddedCase, torch_attention
from rnnlab.checks.cell import PARAMETERS
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.lstm import AXES, require_state
from rnnlab.layout import LSTM_GATES, LSTMState

_STATES = ("prev_hidden_state", "prev_cell_state")
_FIRST = ("x", "prev_output", *_STATES, "encoder_states")
_AXES = {
    **AXES,
    "output": ("batch", "unit"),
    "attention_weights": ("source position", "batch"),
    "gradient of prev_output": ("batch", "unit"),
    "gradient of encoder_states": ("source position", "batch", "unit"),
    "gradient of weight_combine": ("row", "column"),
}


def sizes_of(batch, source_len, input_size, hidden_size):
    """Return the sizes of a step, in the order they are printed."""
    return {
        "batch": batch,
        "source_len": source_len,
        "input_size": input_size,
        "hidden_size": hidden_size,
    }


class DecoderStep(FunctionalCheck):
    """Input feeding, a cell, attention, and the output that combines."""

    name = "decoder_step"
    equation = "eq-decoder-output"
    equations = types.MappingProxyType(
        {
            "hidden_state": "eq-decoder-state",
            "cell_state": "eq-decoder-state",
            "attention_weights": "eq-attention-weights",
        }
    )
    chapter = CHAPTER
    established = (
        "Values and gradients agree with torch's LSTMCell, attention and "
        "Linear put together (float64 and float32, 3 cases)."
    )
    hints = (
        "Which two vectors does the cell read side by side, and in which "
        "order? Which hidden state asks the question: the old or the new?",
        "cell(inputs, prev_state) returns a hidden state and a cell state. "
        "Which of your own functions takes it from there?",
        "eq-decoder-input: [x, prev_output]. eq-decoder-state: the cell. "
        "Attend with the new hidden state. eq-decoder-output: tanh of "
        "combine([hidden_state, context]).",
    )
    standard = Standard("torch's modules put together", _AXES)
    forbidden = ("scaled_dot_product_attention", "MultiheadAttention")
    public = (
        PaddedCase("sources are padded", sizes_of(2, 4, 3, 5)),
        PaddedCase("all sizes are equal", sizes_of(3, 3, 3, 3), seed=1),
        PaddedCase(
            "the inputs are float32",
            sizes_of(2, 3, 5, 4),
            seed=2,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one position, one unit, strides, float32."""
        yield PaddedCase(
            "the batch holds one row",
            sizes_of(1, 5, 3, 4),
            next(seeds),
            shortest=3,
        )
        yield PaddedCase(
            "there is one source position", sizes_of(3, 1, 2, 4), next(seeds)
        )
        yield PaddedCase("every size is 1", sizes_of(1, 1, 1, 1), next(seeds))
        yield PaddedCase(
            "the inputs do not lie in memory row by row",
            sizes_of(4, 6, 3, 2),
            next(seeds),
            contiguous=False,
        )
        yield PaddedCase(
            "the inputs are float32",
            sizes_of(3, 7, 6, 5),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return what comes in and all weights."""
        numbers = case.generator()
        batch, source_len, width, units = case.sizes.values()
        rows = len(LSTM_GATES) * units
        shapes = {
            "x": (batch, width),
            "prev_output": (batch, units),
            "prev_hidden_state": (batch, units),
            "prev_cell_state": (batch, units),
            "encoder_states": (source_len, batch, units),
            "weight_ih": (rows, width + units),
            "weight_hh": (rows, units),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
            "weight_combine": (units, 2 * units),
        }
        return {
            name: case.draw(numbers, *shape) for name, shape in shapes.items()
        }

    def drive(self, function, case):
        """Return values and gradients; the padding is the case's."""
        bound = functools.partial(_assembled, function, case)
        return super().drive(bound, case)

    def call(self, function, arguments):
        """Call the learner's step, bound to a padding."""
        return function(arguments)

    def outputs(self, returned):
        """Return output, state and weights, or say what came instead."""
        if not isinstance(returned, tuple) or len(returned) != 3:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not three "
                "things. Return output, state, attention_weights."
            )
        output, state, weights = returned
        require_state(state, "state")
        drive.require_tensor(weights, "attention_weights")
        drive.require_tensor(output, "output")
        return {
            **state._asdict(),
            "attention_weights": weights,
            "output": output,
        }

    def right(self, case):
        """Return the step made of torch's modules."""
        del case
        return torch_decoder_step


def torch_decoder_step(
    x, prev_output, prev_state, encoder_states, is_padding, cell, combine
):
    """Compose torch's cell, attention and linear map."""
    advanced = LSTMState(*cell(torch.hstack((x, prev_output)), prev_state))
    read, weights = torch_attention(
        advanced[0], encoder_states, encoder_states, is_padding
    )
    joined = torch.hstack((advanced[0], read))
    return combine(joined).tanh(), advanced, weights


def _assembled(function, case, arguments):
    """Call a step with modules whose weights are the arguments."""
    x, prev_output, hidden, memory, encoder_states = (
        arguments[name] for name in _FIRST
    )
    cell = nn.LSTMCell(
        x.shape[1] + hidden.shape[1], hidden.shape[1], device="meta"
    )
    combine = nn.Linear(
        *arguments["weight_combine"].T.shape, bias=False, device="meta"
    )

    def run_cell(inputs, state):
        named = {name: arguments[name] for name in PARAMETERS}
        return torch.func.functional_call(cell, named, (inputs, state))

    def run_combine(joined):
        named = {"weight": arguments["weight_combine"]}
        return torch.func.functional_call(combine, named, (joined,))

    return function(
        x,
        prev_output,
        LSTMState(hidden, memory),
        encoder_states,
        case.is_padding(),
        run_cell,
        run_combine,
    )
