"""Check of chapter 5: from a GRU in torch's form to one in the lecture's.

What comes back is judged by a property: on random inputs and states, the
lecture's form with the learner's parameters does what torch.nn.GRUCell does
with those it was given. Where no such parameters exist, it must refuse.
"""

import numpy as np
import torch

from rnnlab.checks import drive, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.gru import BLOCKS, CHAPTER, rewired_step, torch_step
from rnnlab.checks.gru_conversion_case import (
    BALANCED,
    CANCEL,
    DIAGONAL,
    FULL,
    NARROW,
    ONE,
    WIDTH,
    is_convertible,
    parameters_of,
    sizes_of,
)
from rnnlab.layout import GRU_GATES, gate_slices

_NAMES = ("weight_ih", "weight_hh", "bias")
_REFUSED = "raises a ValueError"
_BATCH = 16
_SOUND = judge.Standard(
    "any finite number",
    {
        "weight_ih": ("row", "column"),
        "weight_hh": ("row", "column"),
        "bias": ("row",),
    },
)
#: A part of the cell, and the blocks to silence so that it speaks alone.
_PARTS = {
    "the update gate": ("reset", "new"),
    "the candidate": ("reset", "update"),
    "the reset gate": ("update",),
    "the hidden state": (),
}


class ConvertGRUParameters(Check):
    """The parameters of the lecture's form, where there are any."""

    name = "convert_gru_parameters"
    equation = "eq-gru-conversion"
    chapter = CHAPTER
    established = (
        "With your parameters the lecture's form does what torch.nn.GRUCell "
        "did, and where there are none you raise a ValueError (7 cases)."
    )
    hints = (
        "The lecture's update gate is u = 1 - z, and 1 - sigmoid(a) is "
        "sigmoid(-a). What has to change its sign, and in how many tensors?",
        "Two biases become one. Where do they only ever meet as a sum, and "
        "where does the reset gate stand between them?",
        "eq-gru-conversion: negate the update block of all parameters, then "
        "add the biases. Before that, raise a ValueError if any entry off "
        "the diagonal of W_hn, or any of b_hn, is not 0.",
    )
    public = (
        Case("there is a conversion", sizes_of(3)),
        Case("hidden_size is 1", sizes_of(1), seed=1),
        Case(
            "the parameters are float32",
            sizes_of(3),
            seed=2,
            dtype=torch.float32,
        ),
        Case("W_hn is not diagonal", sizes_of(3, FULL), seed=3),
        Case("b_hn is not 0", sizes_of(3, bias=ONE), seed=4),
        Case("W_hn is not diagonal", sizes_of(3, CANCEL), seed=5),
        Case("b_hn is not 0", sizes_of(3, bias=BALANCED), seed=6),
    )

    def hidden_cases(self, seeds):
        """Return other sizes, strides and the narrowest refusals."""
        yield Case("hidden_size is 1", sizes_of(1), next(seeds))
        yield Case(
            "hidden_size equals input_size", sizes_of(WIDTH), next(seeds)
        )
        yield Case(
            "the parameters do not lie in memory row by row",
            sizes_of(5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the parameters are float32",
            sizes_of(6),
            next(seeds),
            torch.float32,
        )
        for kind, (units, across, bias) in NARROW.items():
            yield Case(kind, sizes_of(units, across, bias), next(seeds))

    def drive(self, function, case):
        """Return the learner's parameters, or that it refused."""
        before = parameters_of(case)
        given = {name: tensor.clone() for name, tensor in before.items()}
        if not is_convertible(case):
            answer = _refusal(function, given, case)
            drive.require_unchanged(before, given, self.name)
            return answer
        returned = function(*given.values())
        drive.require_unchanged(before, given, self.name)
        if type(returned) is not tuple or len(returned) != len(_NAMES):
            what = drive.a_type(returned)
            if type(returned) is tuple:
                what = f"a tuple of {len(returned)}"
            raise drive.Unusable(
                f"what it returns is {what}. Return three tensors: "
                "weight_ih, weight_hh and the one bias."
            )
        for name, tensor in zip(_NAMES, returned, strict=True):
            drive.require_tensor(tensor, name)
        return dict(zip(_NAMES, returned, strict=True))

    def judge(self, report, case):
        """Return what is wrong with the parameters, or with what they do."""
        if not is_convertible(case):
            right = {_REFUSED: np.array([True])}
            return judge.compare(report, right, _SOUND)
        finding = judge.compare(report, _sound(report, case), _SOUND)
        return finding or _behaviour(report.tensors, case)

    def signature(self, report):
        """Condense a report; a refusal in any words is the same refusal."""
        if report.where:
            line = report.where[-1].partition(": ")[2]
            for kind in ("raise ", "assert "):
                if line.startswith(kind):
                    name = report.problem.partition(":")[0]
                    return f"{kind}{name}"
        return super().signature(report)


def _refusal(function, given, case):
    """Return that it refused parameters that cannot be converted."""
    what = "b_hn is not 0"
    if case.sizes["W_hn"] != DIAGONAL:
        what = "W_hn is not diagonal"
    try:
        returned = function(*given.values())
    except ValueError as error:
        if str(error).strip():
            return {_REFUSED: torch.tensor([True])}
        raise drive.Unusable(
            f"where {what}, your ValueError has no message. Say why there "
            "is no conversion."
        ) from error
    came = "None came back" if returned is None else "nothing was raised"
    raise drive.Unusable(
        f"{what}, so the lecture's form has another candidate, and {came}. "
        "Raise a ValueError that says so."
    )


def _sound(report, case):
    """Return the parameters themselves, mended: any finite number will do."""
    rows = BLOCKS * case.sizes["hidden_size"]
    shapes = (
        (rows, WIDTH),
        (rows, case.sizes["hidden_size"]),
        (rows,),
    )
    dtype = np.dtype(str(case.dtype).removeprefix("torch."))
    right = {}
    for name, shape in zip(_NAMES, shapes, strict=True):
        given = report.tensors.get(name)
        if given is None or given.shape != shape or given.dtype != dtype:
            right[name] = np.zeros(shape, dtype)
        else:
            right[name] = np.where(np.isfinite(given), given, 0)
    return right


def _behaviour(tensors, case):
    """Return the first part of the cell that does something else."""
    numbers = case.generator()
    x = case.draw(numbers, _BATCH, WIDTH).cpu()
    state = case.draw(numbers, _BATCH, case.sizes["hidden_size"]).cpu()
    before = {name: t.cpu() for name, t in parameters_of(case).items()}
    after = {name: torch.from_numpy(tensors[name].copy()) for name in _NAMES}
    tolerance = _SOUND.allowed(str(case.dtype).removeprefix("torch."))
    for part, others in _PARTS.items():
        right = torch_step(x, state, *_silence(before, others, state))
        yours = rewired_step(x, state, *_silence(after, others, state))
        wrong = ~torch.isclose(yours, right, *tolerance)
        if wrong.any():
            row, unit = divmod(
                int(wrong.flatten().int().argmax()), len(wrong[0])
            )
            return judge.Finding(
                part,
                f"Converted, {part} is not what it was: with the rest of the "
                f"cell silent, unit {unit} becomes {yours[row, unit]:.3g} "
                f"and was {right[row, unit]:.3g}.",
                secret=f"{part} is not what it was",
            )
    return None


def _silence(parameters, gates, state):
    """Return the parameters with some blocks set to 0."""
    rows = gate_slices(state.shape[1], GRU_GATES)
    silent = [tensor.clone() for tensor in parameters.values()]
    for tensor in silent:
        for gate in gates:
            tensor[rows[gate]] = 0
    return silent
