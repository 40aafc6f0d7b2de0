"""Checks of chapter 11: the operator of a linear recurrence, its gradient."""

import torch

from rnnlab import recurrence
from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.values import ValuesCheck

CHAPTER = "11-beyond"
AXES = ("step", "batch", "unit")
ZERO = "a gate is 0"
_GROUPED = ", last two steps first"


def sizes_of(seq_len, batch, hidden_size):
    """Return the axis lengths of a case, in the order they are printed."""
    return {"seq_len": seq_len, "batch": batch, "hidden_size": hidden_size}


def draw_gates(case, numbers):
    """Draw gates of either sign; in some cases one step's are 0."""
    gates = case.draw(numbers, *case.sizes.values())
    if case.kind == ZERO:
        gates[len(gates) // 2] = 0
    return gates


def pair_of(returned, name):
    """Return a gate and a value, or refuse what is no pair of tensors."""
    if type(returned) is not tuple or len(returned) != 2:
        what = drive.a_type(returned)
        if type(returned) is tuple:
            what = f"a tuple of {len(returned)}"
        raise drive.Unusable(
            f"{name} is {what}, not a pair. It is (gate, value)."
        )
    for part, tensor in zip(("gate", "value"), returned, strict=True):
        drive.require_tensor(tensor, f"the {part} of {name}")
    return returned


def compose(earlier, later):
    """Compose two steps as matrices that act on (state, 1)."""
    matrices = []
    for gate, value in (later, earlier):
        rows = torch.stack([gate, value], -1)
        bottom = torch.stack([gate * 0, gate * 0 + 1], -1)
        matrices.append(torch.stack([rows, bottom], -2))
    both = matrices[0] @ matrices[1]
    return both[..., 0, 0], both[..., 0, 1]


class Combine(FunctionalCheck):
    """Two steps of a linear recurrence as one."""

    name = "combine"
    equation = "eq-combine"
    chapter = CHAPTER
    established = (
        "Values and gradients are those of the two steps one after the "
        "other, and it does not matter which two of three go first (4 cases)."
    )
    hints = (
        "Which two functions of a state do the pairs stand for, and what "
        "comes out when the later one is applied to what the earlier one "
        "returned?",
        "Put h1 = a1 * h0 + b1 into h2 = a2 * h1 + b2. What multiplies h0, "
        "and what stands alone?",
        "eq-combine: the gates multiply; the later gate also multiplies the "
        "earlier value, and the later value is added.",
    )
    standard = Standard("the two steps, composed as matrices")
    public = (
        Case("there are two steps", {"steps": 2, "batch": 2, "units": 3}),
        Case(
            "there are three steps",
            {"steps": 3, "batch": 2, "units": 2},
            seed=1,
        ),
        Case(ZERO, {"steps": 2, "batch": 1, "units": 2}, seed=2),
        Case(
            "the tensors are float32",
            {"steps": 2, "batch": 3, "units": 2},
            seed=3,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return three steps, one number, a gate of 0, strides, float32."""
        for kind, steps, batch, units in (
            ("there are three steps", 3, 4, 3),
            ("there is one unit", 2, 1, 1),
            (ZERO, 3, 2, 2),
        ):
            sizes = {"steps": steps, "batch": batch, "units": units}
            yield Case(kind, sizes, next(seeds))
        sizes = {"steps": 3, "batch": 3, "units": 4}
        yield Case(
            "the tensors do not lie in memory row by row",
            sizes,
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the tensors are float32", sizes, next(seeds), torch.float32
        )

    def arguments(self, case):
        """Return the gate and the value of each step."""
        numbers = case.generator()
        steps, *shape = case.sizes.values()
        named = {}
        for step in range(1, steps + 1):
            named[f"gate {step}"] = case.draw(numbers, *shape)
            named[f"value {step}"] = case.draw(numbers, *shape)
        if case.kind == ZERO:
            named["gate 2"] *= 0
        return named

    def call(self, function, arguments):
        """Combine the steps; three of them in both orders."""
        given = list(arguments.values())
        first, second, *rest = list(zip(given[::2], given[1::2], strict=True))

        def combine(earlier, later):
            return pair_of(function(earlier, later), "what it returns")

        left = combine(first, second)
        if not rest:
            return [left]
        return [
            combine(left, rest[0]),
            combine(first, combine(second, rest[0])),
        ]

    def outputs(self, returned):
        """Return gates and values by name."""
        return {
            part + suffix: tensor
            for suffix, pair in zip(("", _GROUPED), returned, strict=False)
            for part, tensor in zip(("gate", "value"), pair, strict=True)
        }

    def right(self, case):
        """Return the composition of two affine maps."""
        del case
        return compose


class LinearRecurrenceGradient(ValuesCheck):
    """The gradient of the last state by what was added at each step."""

    name = "linear_recurrence_gradient"
    equation = "eq-gate-product"
    chapter = CHAPTER
    returns = "gradient"
    established = (
        "The products of gates are autograd's gradients, where a gate is 0 "
        "and for a single step too (5 cases)."
    )
    hints = (
        "By which gates is the value of the last step multiplied before it "
        "is in the last state, and by which that of the step before?",
        "cumprod multiplies from the first step on. From where on do these "
        "products begin, and which gate is in none of them?",
        "eq-gate-product: entry s is the product of the gates after s. Drop "
        "the first gate, put a 1 at the end, flip, cumprod, flip back.",
    )
    standard = Standard("autograd's gradient", {"gradient": AXES})
    forbidden = ("grad", "backward", "jacobian", "jacrev", "vjp")
    public = (
        Case("there are four steps", sizes_of(4, 2, 3)),
        Case("seq_len is 1", sizes_of(1, 2, 2), seed=1),
        Case(ZERO, sizes_of(5, 1, 2), seed=2),
        Case("the sequence is long", sizes_of(30, 1, 2), seed=3),
        Case(
            "the gates are float32",
            sizes_of(3, 3, 2),
            seed=4,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one and two steps, a gate of 0, strides, float32."""
        yield Case("seq_len is 1", sizes_of(1, 1, 1), next(seeds))
        yield Case("seq_len is 2", sizes_of(2, 3, 2), next(seeds))
        yield Case("the sequence is long", sizes_of(300, 1, 2), next(seeds))
        yield Case(ZERO, sizes_of(9, 2, 2), next(seeds))
        yield Case(
            "the gates do not lie in memory row by row",
            sizes_of(4, 3, 2),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the gates are float32",
            sizes_of(6, 2, 4),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the gates alone; the gradient depends on nothing else."""
        return {"gates": draw_gates(case, case.generator())}

    def right(self, arguments, case):
        """Let autograd go back through the loop."""
        del case
        gates = arguments["gates"]
        values = torch.zeros_like(gates).requires_grad_()
        last = recurrence.loop(gates, values, torch.zeros_like(gates[0]))[-1]
        return torch.autograd.grad(last.sum(), values)[0]
