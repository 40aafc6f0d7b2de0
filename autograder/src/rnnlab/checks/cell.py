"""What every recurrent cell is tried on, for one step and unrolled."""

import torch

from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


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


def draw_parameters(case, numbers, blocks):
    """Draw the weights and biases of one layer of so many blocks."""
    width, units = case.sizes["input_size"], case.sizes["hidden_size"]
    return {
        "weight_ih": case.draw(numbers, blocks * units, width),
        "weight_hh": case.draw(numbers, blocks * units, units),
        "bias_ih": case.draw(numbers, blocks * units),
        "bias_hh": case.draw(numbers, blocks * units),
    }


def draw_arguments(case, numbers, inputs, states, blocks):
    """Draw inputs, the states that go in and the parameters, by name."""
    *before, batch, width, units = case.sizes.values()
    return {
        inputs: case.draw(numbers, *before, batch, width),
        **{name: case.draw(numbers, batch, units) for name in states},
        **draw_parameters(case, numbers, blocks),
    }


class _CellCheck(FunctionalCheck):
    """A function of inputs, states and the parameters of one layer.

    Attributes:
        blocks: Blocks of rows in a weight, one for each gate or candidate.
        inputs: Name of the inputs.
        states: Names of the states that go in, each (batch, hidden_size).
    """

    blocks = 1
    inputs = ""
    states = ()

    def arguments(self, case):
        """Return the inputs, the states that go in and the parameters."""
        return draw_arguments(
            case, case.generator(), self.inputs, self.states, self.blocks
        )

    def call(self, function, arguments):
        """Call the learner's function."""
        return function(*arguments.values())


class StepCheck(_CellCheck):
    """One time step of a recurrent cell."""

    inputs = "x"
    states = ("prev_hidden_state",)
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
        yield Case("every size is 1", step_sizes(1, 1, 1), next(seeds))
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


class UnrollCheck(_CellCheck):
    """A recurrent cell over all time steps of a sequence."""

    inputs = "inputs"
    states = ("initial_hidden_state",)
    public = (
        Case(
            "there are as many steps as sequences", long_sizes(3, 3, 2, 4), 3
        ),
        Case("the sequences are ordinary ones", long_sizes(5, 2, 3, 4), 4),
        Case("the sequences have one step", long_sizes(1, 2, 3, 2), 5),
        Case(
            "the inputs are float32", long_sizes(4, 1, 3, 3), 6, torch.float32
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
