"""Check of chapter 4: one time step of an LSTM."""

import types

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.layout import LSTM_GATES, LSTMState

CHAPTER = "04-lstm"
BLOCKS = len(LSTM_GATES)
PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
AXES = {
    "hidden_state": ("batch", "unit"),
    "cell_state": ("batch", "unit"),
    "hidden_states": ("time step", "batch", "unit"),
    "gradient of x": ("batch", "feature"),
    "gradient of inputs": ("time step", "batch", "feature"),
    "gradient of prev_hidden_state": ("batch", "unit"),
    "gradient of prev_cell_state": ("batch", "unit"),
    "gradient of initial_hidden_state": ("batch", "unit"),
    "gradient of initial_cell_state": ("batch", "unit"),
    "gradient of weight_ih": ("row", "column"),
    "gradient of weight_hh": ("row", "column"),
    "gradient of bias_ih": ("row",),
    "gradient of bias_hh": ("row",),
}


def sizes_of(batch, input_size, hidden_size):
    """Return the sizes of one step, in the order they are printed."""
    return {
        "batch": batch,
        "input_size": input_size,
        "hidden_size": hidden_size,
    }


def draw_parameters(case, numbers, blocks=BLOCKS):
    """Draw the weights and biases of one layer of so many blocks."""
    rows = blocks * case.sizes["hidden_size"]
    return {
        "weight_ih": case.draw(numbers, rows, case.sizes["input_size"]),
        "weight_hh": case.draw(numbers, rows, case.sizes["hidden_size"]),
        "bias_ih": case.draw(numbers, rows),
        "bias_hh": case.draw(numbers, rows),
    }


def require_state(value, name):
    """Refuse whatever is not an LSTMState of two tensors."""
    if not isinstance(value, LSTMState):
        raise drive.Unusable(
            f"{name} is {drive.a_type(value)}, not an LSTMState. Return "
            "LSTMState(hidden_state, cell_state)."
        )
    drive.require_tensor(value.hidden_state, "hidden_state")
    drive.require_tensor(value.cell_state, "cell_state")
    return value


class LSTMStep(FunctionalCheck):
    """One time step of an LSTM."""

    name = "lstm_step"
    equation = "eq-lstm-cell-state"
    equations = types.MappingProxyType(
        {"hidden_state": "eq-lstm-hidden-state"}
    )
    chapter = CHAPTER
    established = (
        "Values and gradients agree with torch.nn.LSTMCell (float64 and "
        "float32, 3 cases)."
    )
    hints = (
        "How many rows does weight_ih have, and which rows belong to the "
        "forget gate? rnnlab.layout.gate_slices tells.",
        "Which three of the four blocks go through a sigmoid, and which one "
        "through tanh? Both biases are added.",
        "eq-lstm-cell-state has two terms: what is kept and what is written. "
        "In eq-lstm-hidden-state the cell state is the new one.",
    )
    standard = Standard("torch.nn.LSTMCell", AXES)
    forbidden = ("LSTMCell", "LSTM", "lstm_cell", "torch.lstm", "_VF")
    public = (
        Case("the batch is an ordinary one", sizes_of(2, 3, 4)),
        Case("input_size equals hidden_size", sizes_of(3, 3, 3), seed=1),
        Case(
            "the inputs are float32",
            sizes_of(2, 5, 3),
            seed=2,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, a wide input, strides, float32."""
        yield Case("the batch holds one row", sizes_of(1, 3, 4), next(seeds))
        yield Case("hidden_size is 1", sizes_of(3, 2, 1), next(seeds))
        yield Case("the input is wide", sizes_of(4, 9, 5), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            sizes_of(3, 4, 2),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            sizes_of(2, 4, 6),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return x, the previous state and the parameters."""
        numbers = case.generator()
        batch, width, units = case.sizes.values()
        return {
            "x": case.draw(numbers, batch, width),
            "prev_hidden_state": case.draw(numbers, batch, units),
            "prev_cell_state": case.draw(numbers, batch, units),
            **draw_parameters(case, numbers),
        }

    def call(self, function, arguments):
        """Call the learner's step."""
        x, hidden_state, cell_state, *parameters = arguments.values()
        return function(x, LSTMState(hidden_state, cell_state), *parameters)

    def outputs(self, returned):
        """Return both halves of the state, the cell state first."""
        state = require_state(returned, "what it returns")
        return {
            "cell_state": state.cell_state,
            "hidden_state": state.hidden_state,
        }

    def right(self, case):
        """Return torch's own cell behind the learner's signature."""
        _, width, units = case.sizes.values()
        cell = nn.LSTMCell(width, units, device="meta")

        def step(x, prev_state, *parameters):
            named = dict(zip(PARAMETERS, parameters, strict=True))
            return LSTMState(
                *torch.func.functional_call(cell, named, (x, prev_state))
            )

        return step
