"""Check of chapter 8: does the output at t depend on what comes after t?"""

import torch

from rnnlab.checks import drive
from rnnlab.checks.ahead_models import ModelCase, build, truth
from rnnlab.checks.check import Check
from rnnlab.checks.judge import Standard
from rnnlab.checks.padded import CHAPTER

_NAME = "answer"


def _sizes(seq_len, batch, input_size, model):
    return {
        "seq_len": seq_len,
        "batch": batch,
        "input_size": input_size,
        "model": model,
    }


class LooksAhead(Check):
    """Whether the output of a model at each step depends on later inputs."""

    name = "looks_ahead"
    equation = "eq-causal"
    chapter = CHAPTER
    established = (
        "Right about six models: one reads to the right alone, one looks at "
        "one step, one at one sequence, one faintly, and two read everything."
    )
    hints = (
        "If the output at t does not depend on what comes after t, what may "
        "you do to all inputs after t, and what must not change?",
        "For each t change everything after t, leave the inputs up to t as "
        "they are, run the model again and compare the outputs at t. How "
        "small a difference counts?",
        "eq-causal: the output at t must be the same to the last bit, for "
        "every sequence and every number of it. If you use a gradient, sum "
        "nothing that may cancel.",
    )
    standard = Standard("the truth", {_NAME: ("time step",)})
    public = (
        ModelCase("the model reads both ways", _sizes(4, 2, 3, "both ways")),
        ModelCase(
            "the model reads from left to right",
            _sizes(5, 2, 2, "left to right"),
            1,
        ),
        ModelCase(
            "the model looks at the next step, at one step only",
            _sizes(5, 2, 3, "the next step, once"),
            2,
        ),
        ModelCase(
            "the model looks at the last step, in one sequence",
            _sizes(5, 3, 2, "the last step, one sequence"),
            3,
        ),
        ModelCase(
            "the outputs add up to 0",
            _sizes(4, 2, 2, "both ways, a and -a"),
            4,
        ),
        ModelCase(
            "the model looks ahead faintly",
            _sizes(4, 2, 3, "both ways, faintly"),
            5,
        ),
    )

    def hidden_cases(self, seeds):
        """Return short and long sequences and other ways to look ahead."""
        yield ModelCase(
            "the sequences have one step",
            _sizes(1, 2, 3, "both ways"),
            next(seeds),
        )
        yield ModelCase(
            "the model looks one step ahead",
            _sizes(6, 1, 2, "one step ahead"),
            next(seeds),
        )
        yield ModelCase(
            "the model looks two steps ahead and not at the next one",
            _sizes(6, 2, 3, "two steps ahead"),
            next(seeds),
        )
        yield ModelCase(
            "the model looks at one feature of the last step",
            _sizes(5, 2, 4, "the last step, one feature"),
            next(seeds),
        )
        yield ModelCase(
            "the model looks at the last step, in one sequence",
            _sizes(12, 4, 2, "the last step, one sequence"),
            next(seeds),
        )
        yield ModelCase(
            "the model reads from left to right in float32",
            _sizes(7, 3, 2, "left to right"),
            next(seeds),
            torch.float32,
        )
        yield ModelCase(
            "the inputs do not lie in memory row by row",
            _sizes(4, 3, 2, "both ways, a and -a"),
            next(seeds),
            contiguous=False,
        )
        yield ModelCase(
            "the model looks ahead faintly",
            _sizes(5, 2, 3, "both ways, faintly"),
            next(seeds),
        )

    def drive(self, function, case):
        """Return what the function says about the case's model."""
        inputs, model = build(case)
        given = inputs.clone()
        found = function(model, given)
        drive.require_tensor(found, "what it returns")
        drive.require_unchanged(
            {"inputs": inputs}, {"inputs": given}, self.name
        )
        if found.dtype != torch.bool:
            dtype = str(found.dtype).removeprefix("torch.")
            raise drive.Unusable(
                f"what it returns has dtype {dtype}. Return truth values, a "
                "tensor of dtype bool."
            )
        return {_NAME: found}

    def oracle(self, case):
        """Return what the models were built to do."""
        return {_NAME: truth(case.sizes["model"], case.sizes["seq_len"])}
