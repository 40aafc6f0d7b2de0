"""Checks of chapter 1: one factor of the way back, and the way back."""

import torch

from rnnlab.checks.case import Case
from rnnlab.checks.cell import draw_arguments, long_sizes
from rnnlab.checks.judge import Standard
from rnnlab.checks.values import ValuesCheck
from rnnlab.checks.vanilla import CHAPTER, torch_step

#: Relative only: a far gradient is tiny, and it must be right all the same.
RELATIVE = {"float64": (1e-6, 0.0), "float32": (1e-3, 0.0)}


def _sizes(batch, hidden_size):
    return {"batch": batch, "hidden_size": hidden_size}


class StepJacobian(ValuesCheck):
    """How the hidden state after a step depends on the one before it."""

    name = "step_jacobian"
    equation = "eq-step-jacobian"
    chapter = CHAPTER
    returns = "jacobian"
    established = (
        "Every entry agrees with autograd's Jacobian of one step, for each "
        "sequence of the batch (float64 and float32, 5 cases)."
    )
    hints = (
        "One unit: h = tanh(w * h_prev + ...). What is dh/dh_prev, and can "
        "you write it with h and w alone?",
        "The slope of tanh at unit i is 1 - hidden_state[i] ** 2, and it "
        "belongs to the unit that comes out. Is that a row or a column?",
        "eq-step-jacobian: entry [b, i, j] is the slope of unit i in "
        "sequence b times weight_hh[i, j]. Give the slope a new last axis.",
    )
    standard = Standard(
        "autograd's Jacobian", {"jacobian": ("batch", "row", "column")}
    )
    public = (
        Case("the batch is an ordinary one", _sizes(2, 4)),
        Case("batch equals hidden_size", _sizes(3, 3), seed=1),
        Case("the batch holds one row", _sizes(1, 3), seed=2),
        Case("hidden_size is 1", _sizes(2, 1), seed=3),
        Case(
            "the inputs are float32",
            _sizes(2, 3),
            seed=4,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, many of both, strides, float32."""
        yield Case("the batch holds one row", _sizes(1, 4), next(seeds))
        yield Case("every size is 1", _sizes(1, 1), next(seeds))
        yield Case("batch equals hidden_size", _sizes(4, 4), next(seeds))
        yield Case("the batch is larger", _sizes(9, 5), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            _sizes(3, 5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32", _sizes(2, 6), next(seeds), torch.float32
        )

    def arguments(self, case):
        """Return the hidden state after the step and the weights."""
        numbers = case.generator()
        batch, units = case.sizes.values()
        return {
            "hidden_state": case.draw(numbers, batch, units),
            "weight_hh": case.draw(numbers, units, units),
        }

    def right(self, arguments, case):
        """Differentiate a step that ends in the hidden state given."""
        del case
        hidden_state, weight_hh = arguments.values()
        before = torch.zeros_like(hidden_state).requires_grad_()
        recurrent = torch.nn.functional.linear(before, weight_hh)
        after = torch.tanh(torch.atanh(hidden_state) + recurrent)
        rows = [
            torch.autograd.grad(unit.sum(), before, retain_graph=True)[0]
            for unit in after.unbind(1)
        ]
        return torch.stack(rows, dim=1)


class GradientByLag(ValuesCheck):
    """How long the gradient is, step by step on its way back."""

    name = "gradient_by_lag"
    equation = "eq-gradient-chain"
    chapter = CHAPTER
    returns = "gradient_norms"
    established = (
        "The norm at every lag agrees with autograd's gradient by that "
        "hidden state, to a millionth of itself (4 cases)."
    )
    hints = (
        "At lag 0 nothing has happened to the gradient yet. What is its "
        "norm there, and what happens to it from lag 0 to lag 1?",
        "The gradient is a row for each sequence. Multiply each row by the "
        "step Jacobian of its sequence: which hidden state does the "
        "Jacobian of the last step need?",
        "eq-gradient-chain: the gradient by h_{t-1} is the gradient by h_t "
        "times the Jacobian of step t, taken at h_t. Begin at the last step "
        "and write down one norm, over batch and units, at each lag.",
    )
    standard = Standard(
        "autograd's gradient", {"gradient_norms": ("lag",)}, RELATIVE
    )
    public = (
        Case(
            "there are as many steps as sequences", long_sizes(3, 3, 2, 3), 7
        ),
        Case("the sequences are ordinary ones", long_sizes(6, 2, 3, 4), 8),
        Case("the sequences have one step", long_sizes(1, 2, 3, 2), 9),
        Case(
            "the inputs are float32",
            long_sizes(4, 1, 3, 3),
            10,
            torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one step, one row, one unit, a long way back, strides."""
        yield Case(
            "the sequences have one step", long_sizes(1, 3, 2, 3), next(seeds)
        )
        yield Case(
            "the batch holds one row", long_sizes(5, 1, 3, 4), next(seeds)
        )
        yield Case("hidden_size is 1", long_sizes(4, 3, 2, 1), next(seeds))
        yield Case(
            "the way back is long", long_sizes(60, 2, 3, 3), next(seeds)
        )
        yield Case(
            "the inputs do not lie in memory row by row",
            long_sizes(4, 3, 2, 5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            long_sizes(5, 2, 4, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return a sequence, the parameters and the gradient at its end."""
        numbers = case.generator()
        states = ("initial_hidden_state",)
        sequence = draw_arguments(case, numbers, "inputs", states, 1)
        shape = sequence["initial_hidden_state"].shape
        return {**sequence, "grad_hidden_state": case.draw(numbers, *shape)}

    def right(self, arguments, case):
        """Let autograd go back to every hidden state."""
        inputs, state, *parameters, at_the_end = arguments.values()
        states, step = [], torch_step(case)
        state = state.requires_grad_()
        for x in inputs:
            state = step(x, state, *parameters)
            states.append(state)
        gradients = torch.autograd.grad(state, states, at_the_end)
        return torch.stack([gradient.norm() for gradient in gradients[::-1]])
