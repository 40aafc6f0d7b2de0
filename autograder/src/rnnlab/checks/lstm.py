"""Checks of chapter 4, LSTM."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.layout import LSTM_GATES, LSTMState

CHAPTER = "04-lstm"
BLOCKS = len(LSTM_GATES)
_PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
_AXES = {
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


def _sizes(batch, input_size, hidden_size):
    return {
        "batch": batch,
        "input_size": input_size,
        "hidden_size": hidden_size,
    }


def _parameters(case, numbers):
    rows = BLOCKS * case.sizes["hidden_size"]
    return {
        "weight_ih": case.draw(numbers, rows, case.sizes["input_size"]),
        "weight_hh": case.draw(numbers, rows, case.sizes["hidden_size"]),
        "bias_ih": case.draw(numbers, rows),
        "bias_hh": case.draw(numbers, rows),
    }


def _lstm_state(value, name):
    """Refuse whatever is not a pair of tensors in the agreed order."""
    if not isinstance(value, LSTMState):
        raise drive.Unusable(
            f"{name} is a {type(value).__name__}, not an LSTMState. Return "
            "LSTMState(hidden_state, cell_state)."
        )
    drive.require_tensor(value.hidden_state, "hidden_state")
    drive.require_tensor(value.cell_state, "cell_state")
    return value


class LSTMStep(FunctionalCheck):
    """One time step of an LSTM."""

    name = "lstm_step"
    equation = "eq-lstm-cell-state"
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
        "cell_state = forget_gate * prev_state.cell_state + input_gate * "
        "cell_candidate, and the hidden state reads the new cell state.",
    )
    standard = Standard("torch.nn.LSTMCell", _AXES)
    public = (
        Case("the batch is an ordinary one", _sizes(2, 3, 4)),
        Case("input_size equals hidden_size", _sizes(3, 3, 3), seed=1),
        Case(
            "the inputs are float32",
            _sizes(2, 5, 3),
            seed=2,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return a single row, a single unit, a wide input, float32."""
        yield Case("the batch holds one row", _sizes(1, 3, 4), next(seeds))
        yield Case("hidden_size is 1", _sizes(3, 2, 1), next(seeds))
        yield Case("the input is wide", _sizes(4, 9, 5), next(seeds))
        yield Case(
            "the inputs are float32",
            _sizes(2, 4, 6),
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
            **_parameters(case, numbers),
        }

    def call(self, function, arguments):
        """Call the learner's step."""
        x, hidden_state, cell_state, *parameters = arguments.values()
        return function(x, LSTMState(hidden_state, cell_state), *parameters)

    def outputs(self, returned):
        """Return both halves of the state, the cell state first."""
        state = _lstm_state(returned, "what it returns")
        return {
            "cell_state": state.cell_state,
            "hidden_state": state.hidden_state,
        }

    def right(self, case):
        """Return torch's own cell behind the learner's signature."""
        _, width, units = case.sizes.values()
        cell = nn.LSTMCell(width, units, device="meta")

        def step(x, prev_state, *parameters):
            named = dict(zip(_PARAMETERS, parameters, strict=True))
            return LSTMState(
                *torch.func.functional_call(cell, named, (x, prev_state))
            )

        return step
