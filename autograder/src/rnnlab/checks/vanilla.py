"""Checks of chapter 1: a vanilla RNN, one step and unrolled."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import GRADIENT, Standard

CHAPTER = "01-vanishing-gradients"
PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
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


def step_sizes(batch, input_size, hidden_size):
    """Return the sizes of one step, in the order they are printed."""
    return {
        "batch": batch,
        "input_size": input_size,
        "hidden_size": hidden_size,
    }


def long_sizes(seq_len, *sizes):
    """Return the sizes of a sequence, in the order they are printed."""
    return {"seq_len": seq_len, **step_sizes(*sizes)}


def draw_parameters(case, numbers):
    """Draw the weights and biases of one layer."""
    width, units = case.sizes["input_size"], case.sizes["hidden_size"]
    return {
        "weight_ih": case.draw(numbers, units, width),
        "weight_hh": case.draw(numbers, units, units),
        "bias_ih": case.draw(numbers, units),
        "bias_hh": case.draw(numbers, units),
    }


def draw_sequence(case, numbers):
    """Draw inputs, an initial hidden state and the parameters."""
    seq_len, batch, width, units = case.sizes.values()
    return {
        "inputs": case.draw(numbers, seq_len, batch, width),
        "initial_hidden_state": case.draw(numbers, batch, units),
        **draw_parameters(case, numbers),
    }


class RNNStep(FunctionalCheck):
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
    forbidden = ("RNNCell", "RNN", "rnn_tanh_cell", "rnn_tanh", "_VF")
    public = (
        Case("the batch is an ordinary one", step_sizes(2, 3, 4)),
        Case("input_size equals hidden_size", step_sizes(3, 3, 3), seed=1),
        Case(
            "the inputs are float32",
            step_sizes(2, 5, 3),
            seed=2,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, a wide input, strides, float32."""
        yield Case("the batch holds one row", step_sizes(1, 3, 4), next(seeds))
        yield Case("hidden_size is 1", step_sizes(3, 2, 1), next(seeds))
        yield Case("the input is wide", step_sizes(4, 9, 5), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            step_sizes(3, 4, 2),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            step_sizes(2, 4, 6),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return x, the previous hidden state and the parameters."""
        numbers = case.generator()
        batch, width, units = case.sizes.values()
        return {
            "x": case.draw(numbers, batch, width),
            "prev_hidden_state": case.draw(numbers, batch, units),
            **draw_parameters(case, numbers),
        }

    def call(self, function, arguments):
        """Call the learner's step."""
        return function(*arguments.values())

    def outputs(self, returned):
        """Return the hidden state."""
        drive.require_tensor(returned, "hidden_state")
        return {"hidden_state": returned}

    def right(self, case):
        """Return torch's own cell behind the learner's signature."""
        return torch_step(case)


class RNNUnroll(FunctionalCheck):
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
    forbidden = ("RNN", "RNNCell", "rnn_tanh", "rnn_tanh_cell", "_VF")
    public = (
        Case(
            "there are as many steps as sequences", long_sizes(3, 3, 2, 4), 3
        ),
        Case("the sequences are ordinary ones", long_sizes(5, 2, 3, 4), 4),
        Case("the sequences have one step", long_sizes(1, 2, 3, 2), 5),
        Case(
            "the inputs are float32",
            long_sizes(4, 1, 3, 3),
            6,
            torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one step, one row, one unit, a long sequence, strides."""
        yield Case(
            "the sequences have one step", long_sizes(1, 3, 2, 3), next(seeds)
        )
        yield Case(
            "the batch holds one row", long_sizes(6, 1, 3, 4), next(seeds)
        )
        yield Case("every size is 1", long_sizes(2, 1, 1, 1), next(seeds))
        yield Case(
            "the sequences are long", long_sizes(40, 2, 3, 3), next(seeds)
        )
        yield Case(
            "the inputs do not lie in memory row by row",
            long_sizes(4, 3, 2, 5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            long_sizes(7, 2, 4, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the inputs, the initial hidden state and the parameters."""
        return draw_sequence(case, case.generator())

    def call(self, function, arguments):
        """Call the learner's unroll."""
        return function(*arguments.values())

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
