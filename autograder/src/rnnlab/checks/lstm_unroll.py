"""Check of chapter 4: an LSTM unrolled over time."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.cell import PARAMETERS, UnrollCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.lstm import AXES, BLOCKS, CHAPTER, require_state
from rnnlab.layout import LSTMState


class LSTMUnroll(UnrollCheck):
    """An LSTM over all time steps of a sequence."""

    name = "lstm_unroll"
    equation = "eq-lstm-unroll"
    chapter = CHAPTER
    blocks = BLOCKS
    states = ("initial_hidden_state", "initial_cell_state")
    established = (
        "All hidden states, the final state and the gradients through time "
        "agree with torch.nn.LSTM (float64 and float32, 4 cases)."
    )
    hints = (
        "Which axis of inputs is time? And what does the step at time t need "
        "that only the step before it can give?",
        "Keep one state and replace it at every step. What do you put into "
        "hidden_states, and how many entries has it at the end?",
        "eq-lstm-unroll: the state that goes in at step t is the state that "
        "came out at step t - 1; the first is initial_state.",
    )
    standard = Standard("torch.nn.LSTM", AXES)
    forbidden = ("LSTM", "LSTMCell", "lstm_cell", "torch.lstm", "_VF")

    def call(self, function, arguments):
        """Call the learner's unroll."""
        inputs, hidden_state, cell_state, *parameters = arguments.values()
        return function(
            inputs, LSTMState(hidden_state, cell_state), *parameters
        )

    def outputs(self, returned):
        """Return the hidden states and both halves of the final state."""
        if isinstance(returned, LSTMState):
            raise drive.Unusable(
                "what it returns is an LSTMState alone. Return two things: "
                "hidden_states and the final LSTMState."
            )
        if type(returned) is not tuple or len(returned) != 2:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return hidden_states and the final LSTMState."
            )
        hidden_states, final_state = returned
        drive.require_tensor(hidden_states, "hidden_states")
        state = require_state(final_state, "the final state")
        return {
            "hidden_states": hidden_states,
            "cell_state": state.cell_state,
            "hidden_state": state.hidden_state,
        }

    def right(self, case):
        """Return torch's own layer behind the learner's signature."""
        *_, width, units = case.sizes.values()
        layer = nn.LSTM(width, units, device="meta")

        def unroll(inputs, initial_state, *parameters):
            names = (f"{name}_l0" for name in PARAMETERS)
            named = dict(zip(names, parameters, strict=True))
            state = tuple(half[None] for half in initial_state)
            hidden_states, final_state = torch.func.functional_call(
                layer, named, (inputs, state)
            )
            return hidden_states, LSTMState(*(h[0] for h in final_state))

        return unroll
