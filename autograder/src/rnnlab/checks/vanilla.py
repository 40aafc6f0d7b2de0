"""Checks of chapter 1: a vanilla RNN, one step and unrolled."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.cell import PARAMETERS, StepCheck, UnrollCheck
from rnnlab.checks.judge import GRADIENT, Standard

CHAPTER = "01-vanishing-gradients"
_RETURNED = ("hidden_states", "hidden_state")
_STATE = ("batch", "unit")
_MATRIX = ("row", "column")
AXES = {
    "hidden_state": _STATE,
    "hidden_states": ("time step", *_STATE),
    GRADIENT + "x": ("batch", "feature"),
    GRADIENT + "inputs": ("time step", "batch", "feature"),
    GRADIENT + "prev_hidden_state": _STATE,
    GRADIENT + "initial_hidden_state": _STATE,
    GRADIENT + "weight_ih": _MATRIX,
    GRADIENT + "weight_hh": _MATRIX,
    GRADIENT + "bias_ih": ("unit",),
    GRADIENT + "bias_hh": ("unit",),
}


class RNNStep(StepCheck):
    """One time step of a vanilla RNN."""

    name = "rnn_step"
    equation = "eq-rnn-step"
    chapter = CHAPTER
    established = (
        "Values and gradients agree with torch.nn.RNNCell (float64 and "
        "float32, 3 cases)."
    )
    hints = (
        "weight_ih has a row for each unit. What must you multiply x by, so "
        "that the result has a column for each unit?",
        "Four terms are added up before anything else happens: one of x, one "
        "of the previous hidden state, and two biases.",
        "eq-rnn-step: tanh goes around the whole sum, once. Both weights are "
        "transposed, weight_hh too, although its shape does not tell.",
    )
    standard = Standard("torch.nn.RNNCell", AXES)
    forbidden = (
        *("RNNCell", "RNN", "rnn_tanh_cell", "rnn_tanh", "_VF"),
        *("stacks.rnn_cell", "stacks.rnn_layer"),
    )

    def outputs(self, returned):
        """Return the hidden state."""
        drive.require_tensor(returned, "hidden_state")
        return {"hidden_state": returned}

    def right(self, case):
        """Return torch's own cell behind the learner's signature."""
        return torch_step(case)


class RNNUnroll(UnrollCheck):
    """A vanilla RNN over all time steps of a sequence."""

    name = "rnn_unroll"
    equation = "eq-rnn-unroll"
    chapter = CHAPTER
    established = (
        "All hidden states, the last one and the gradients through time "
        "agree with torch.nn.RNN (float64 and float32, 4 cases)."
    )
    hints = (
        "Which axis of inputs is time? And what does the step at time t need "
        "that only the step before it can give?",
        "Keep one hidden state and replace it at every step. How many "
        "entries does hidden_states have at the end?",
        "eq-rnn-unroll: the hidden state that goes in at step t is the one "
        "that came out at step t - 1; the first is initial_hidden_state.",
    )
    standard = Standard("torch.nn.RNN", AXES)
    forbidden = RNNStep.forbidden

    def outputs(self, returned):
        """Return the hidden states and the last one."""
        if type(returned) is not tuple or len(returned) != 2:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return hidden_states and the last hidden_state."
            )
        named = dict(zip(_RETURNED, returned, strict=True))
        for name, value in named.items():
            drive.require_tensor(value, name)
        return named

    def right(self, case):
        """Return torch's own layer behind the learner's signature."""
        *_, width, units = case.sizes.values()
        layer = nn.RNN(width, units, device="meta")

        def unroll(inputs, initial_hidden_state, *parameters):
            names = (f"{name}_l0" for name in PARAMETERS)
            named = dict(zip(names, parameters, strict=True))
            hidden_states, last = torch.func.functional_call(
                layer, named, (inputs, initial_hidden_state[None])
            )
            return hidden_states, last[0]

        return unroll


def torch_step(case):
    """Return torch's cell as a function of all it depends on."""
    width, units = case.sizes["input_size"], case.sizes["hidden_size"]
    cell = nn.RNNCell(width, units, device="meta")

    def step(x, prev_hidden_state, *parameters):
        named = dict(zip(PARAMETERS, parameters, strict=True))
        return torch.func.functional_call(cell, named, (x, prev_hidden_state))

    return step
