"""Check of chapter 11: a minimal GRU, made of one scan."""

import torch

from rnnlab import recurrence
from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.counted import Counted
from rnnlab.checks.judge import Standard
from rnnlab.checks.linear_recurrence import AXES, CHAPTER, sizes_of
from rnnlab.layout import gate_slices
from rnnlab.recurrence import MIN_GRU_GATES


class MinGRU(Counted):
    """A minimal GRU, its states computed by one scan."""

    name = "min_gru"
    equation = "eq-min-gru-hidden-state"
    chapter = CHAPTER
    helper = "scan"
    established = (
        "Values and gradients are those of the recurrence run step by step, "
        "in one call of scan (4 cases)."
    )
    hints = (
        "Which of the three equations contain the previous state? What else "
        "can you compute for all steps at once?",
        "Write eq-min-gru-hidden-state as gate * previous state + value. "
        "Which part is the gate, which the value?",
        "eq-min-gru-hidden-state: scan(update gates, (1 - update gates) * "
        "candidates, initial_state), and a candidate has no tanh.",
    )
    standard = Standard(
        "the recurrence, step by step",
        {
            "hidden_states": AXES,
            "gradient of inputs": ("step", "batch", "feature"),
            "gradient of initial_state": AXES[1:],
            "gradient of weight_ih": ("row", "column"),
            "gradient of bias_ih": ("row",),
        },
    )
    public = (
        Case("there are five steps", sizes_of(5, 2, 3)),
        Case("seq_len is 1", sizes_of(1, 2, 2), seed=1),
        Case("input_size equals hidden_size", sizes_of(3, 1, 4), seed=2),
        Case(
            "the inputs are float32",
            sizes_of(3, 3, 2),
            seed=3,
            dtype=torch.float32,
        ),
    )
    _width = 4

    def hidden_cases(self, seeds):
        """Return one step, one of everything, many steps, strides, float32."""
        yield Case("seq_len is 1", sizes_of(1, 3, 2), next(seeds))
        yield Case("every size is 1", sizes_of(1, 1, 1), next(seeds))
        yield Case("the sequence is long", sizes_of(100, 2, 2), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            sizes_of(4, 3, 5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            sizes_of(6, 2, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return inputs, the state before the first step, and parameters."""
        numbers = case.generator()
        seq_len, batch, units = case.sizes.values()
        rows = len(MIN_GRU_GATES) * units
        return {
            "inputs": case.draw(numbers, seq_len, batch, self._width),
            "initial_state": case.draw(numbers, batch, units),
            "weight_ih": case.draw(numbers, rows, self._width),
            "bias_ih": case.draw(numbers, rows),
        }

    def help_with(self, *arguments):
        """Run the loop; what is no recurrence gets a sentence."""
        if len(arguments) != 3:
            raise drive.Unusable(
                f"your function calls scan with {len(arguments)} arguments. "
                "It wants gates, values and the initial state."
            )
        for name, tensor in zip(
            ("gates", "values", "initial state"), arguments, strict=True
        ):
            if not isinstance(tensor, torch.Tensor):
                raise drive.Unusable(
                    f"your function gives scan {drive.a_type(tensor)} as "
                    f"{name}. Give it a tensor."
                )
        return recurrence.loop(*arguments)

    def right(self, case):
        """Return the recurrence, each state between two others."""
        del case

        def step_by_step(inputs, state, weight_ih, bias_ih, scan):
            del scan
            rows = gate_slices(state.shape[1], MIN_GRU_GATES)
            states = []
            for x in inputs:
                gate, candidate = (
                    torch.nn.functional.linear(
                        x, weight_ih[rows[name]], bias_ih[rows[name]]
                    )
                    for name in MIN_GRU_GATES
                )
                state = torch.lerp(candidate, state, gate.sigmoid())
                states.append(state)
            return torch.stack(states)

        return step_by_step

    def allowed(self, case):
        """Return 1: one scan computes all states."""
        del case
        return 1

    def sentence(self, found, case):
        """Say that one scan is enough."""
        del case
        return (
            f"The states are right, but scan is called {found} times. One "
            "call computes the states of all steps."
        )
