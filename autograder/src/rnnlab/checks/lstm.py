"""Check of chapter 4: one time step of an LSTM."""

import types

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.cell import PARAMETERS, StepCheck
from rnnlab.checks.judge import Standard
from rnnlab.layout import LSTM_GATES, LSTMState

CHAPTER = "04-lstm"
BLOCKS = len(LSTM_GATES)
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


class LSTMStep(StepCheck):
    """One time step of an LSTM."""

    name = "lstm_step"
    equation = "eq-lstm-cell-state"
    equations = types.MappingProxyType(
        {"hidden_state": "eq-lstm-hidden-state"}
    )
    chapter = CHAPTER
    blocks = BLOCKS
    states = ("prev_hidden_state", "prev_cell_state")
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
