"""Checks of chapter 7: a residual block, a dense block, a highway layer."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard

CHAPTER = "07-skip-connections"
_MATRIX, _VECTOR = ("row", "column"), ("row",)
_VALUES = {
    "output": ("batch", "unit"),
    "gradient of x": ("batch", "unit"),
}


class _Block(FunctionalCheck):
    """What the checks of the three kinds share."""

    chapter = CHAPTER

    def call(self, function, arguments):
        """Call the learner's function with the tensors in order."""
        return function(*arguments.values())

    def outputs(self, returned):
        """Return the one tensor that came back."""
        if isinstance(returned, (tuple, list)):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}. Return one "
                "tensor, the output."
            )
        drive.require_tensor(returned, "what it returns")
        return {"output": returned}


def _sizes(batch, size, inner_size):
    return {"batch": batch, "size": size, "inner_size": inner_size}


class ResidualBlock(_Block):
    """The input plus two layers' transform of it."""

    name = "residual_block"
    equation = "eq-residual-block"
    established = (
        "Values and gradients agree with torch.nn.Linear and the addition; "
        "with all parameters at 0 the block is the identity, and so is its "
        "gradient (4 cases)."
    )
    hints = (
        "How many layers does the transform have, and is there a nonlinearity "
        "behind the second one?",
        "What comes out when all four parameters are 0? It should be x, "
        "negative entries too. What could spoil that?",
        "eq-residual-block: ReLU stands between the two products and nowhere "
        "else, and x is added last. A weight is (out, in), so a row x meets "
        "weight.T.",
    )
    standard = Standard(
        "torch.nn.Linear's block",
        {
            **_VALUES,
            "gradient of weight_in": _MATRIX,
            "gradient of bias_in": _VECTOR,
            "gradient of weight_out": _MATRIX,
            "gradient of bias_out": _VECTOR,
        },
    )
    public = (
        Case("the batch is an ordinary one", _sizes(3, 4, 5)),
        Case("every size is the same", _sizes(4, 4, 4), seed=1),
        Case("all parameters are 0", _sizes(2, 3, 4), seed=2),
        Case(
            "the inputs are float32",
            _sizes(2, 5, 3),
            seed=3,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, zeros, strides, float32."""
        yield Case("the batch holds one row", _sizes(1, 5, 4), next(seeds))
        yield Case("every size is 1", _sizes(1, 1, 1), next(seeds))
        yield Case("inner_size is 1", _sizes(4, 6, 1), next(seeds))
        yield Case("all parameters are 0", _sizes(5, 6, 2), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            _sizes(4, 3, 6),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            _sizes(3, 6, 7),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return x and the parameters of the two layers."""
        numbers = case.generator()
        batch, size, inner_size = case.sizes.values()
        x = case.draw(numbers, batch, size)
        parameters = {
            "weight_in": case.draw(numbers, inner_size, size),
            "bias_in": case.draw(numbers, inner_size),
            "weight_out": case.draw(numbers, size, inner_size),
            "bias_out": case.draw(numbers, size),
        }
        if case.kind == "all parameters are 0":
            parameters = {k: 0 * tensor for k, tensor in parameters.items()}
        return {"x": x, **parameters}

    def right(self, case):
        """Return two nn.Linear, and an identity beside them."""
        del case

        def block(x, weight_in, bias_in, weight_out, bias_out):
            inner = torch.nn.functional.linear(x, weight_in, bias_in)
            sizes = weight_out.shape[1], weight_out.shape[0]
            outer = nn.Linear(*sizes, device="meta")
            named = {"weight": weight_out, "bias": bias_out}
            return x.add(
                torch.func.functional_call(outer, named, (inner.clamp(min=0),))
            )

        return block


class HighwayLayer(_Block):
    """A gate between the input and its transform."""

    name = "highway_layer"
    equation = "eq-highway-layer"
    established = (
        "Values and gradients agree with torch.nn.GRUCell that has x for its "
        "hidden state; a transform gate near 0 gives x back (4 cases)."
    )
    hints = (
        "Which value of the transform gate gives x back unchanged? Try it on "
        "your last line.",
        "The gate is a sigmoid, the candidate a tanh, each with parameters "
        "of its own. What does the carry gate multiply?",
        "eq-highway-layer: the transform gate stands before the candidate, "
        "1 minus the transform gate before x. Both products are entry by "
        "entry.",
    )
    standard = Standard(
        "torch.nn.GRUCell",
        {
            **_VALUES,
            "gradient of weight_transform": _MATRIX,
            "gradient of bias_transform": _VECTOR,
            "gradient of weight_gate": _MATRIX,
            "gradient of bias_gate": _VECTOR,
        },
    )
    forbidden = ("GRUCell", "GRU", "gru_cell", "torch.gru", "_VF")
    public = (
        Case("the batch is an ordinary one", {"batch": 2, "size": 4}),
        Case("batch equals size", {"batch": 3, "size": 3}, seed=1),
        Case("the gate is nearly shut", {"batch": 2, "size": 3}, seed=2),
        Case(
            "the inputs are float32",
            {"batch": 2, "size": 5},
            seed=3,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, a shut gate, strides, float32."""
        yield Case(
            "the batch holds one row", {"batch": 1, "size": 6}, next(seeds)
        )
        yield Case("every size is 1", {"batch": 1, "size": 1}, next(seeds))
        yield Case(
            "the gate is nearly shut", {"batch": 5, "size": 4}, next(seeds)
        )
        yield Case("the batch is larger", {"batch": 9, "size": 5}, next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            {"batch": 4, "size": 3},
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            {"batch": 3, "size": 7},
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return x and the parameters of candidate and gate."""
        numbers = case.generator()
        batch, size = case.sizes.values()
        x = case.draw(numbers, batch, size)
        parameters = {
            f"{what}_{of}": case.draw(numbers, *shape)
            for of in ("transform", "gate")
            for what, shape in (("weight", (size, size)), ("bias", (size,)))
        }
        if case.kind == "the gate is nearly shut":
            parameters["bias_gate"] = parameters["bias_gate"] - 12
        return {"x": x, **parameters}

    def right(self, case):
        """Return a GRU's step whose candidate hears the input alone."""
        del case
        return _as_a_gru


def _as_a_gru(x, weight_transform, bias_transform, weight_gate, bias_gate):
    """Let torch.nn.GRUCell mix: its update gate is the carry gate."""
    size = x.shape[1]
    cell = nn.GRUCell(size, size, device="meta")
    nothing = torch.zeros_like(weight_gate)
    named = {
        "weight_ih": torch.cat([nothing, -weight_gate, weight_transform]),
        "weight_hh": torch.cat([nothing] * 3),
        "bias_ih": torch.cat([0 * bias_gate, -bias_gate, bias_transform]),
        "bias_hh": torch.cat([0 * bias_gate] * 3),
    }
    return torch.func.functional_call(cell, named, (x, x))
