"""Check of chapter 11: a linear recurrence in logarithms."""

import torch

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.linear_recurrence import AXES, CHAPTER, sizes_of

SMALL = "the sequence is long and the gates are small"
#: Gates of SMALL are about exp(-7), so 300 of them multiply to exp(-2000).
_SHIFT = 6.0


class LogSpaceScan(FunctionalCheck):
    """Logarithms of all states, whatever underflows on the way."""

    name = "log_space_scan"
    equation = "eq-log-scan"
    chapter = CHAPTER
    established = (
        "Values and gradients are those of a loop of torch.logaddexp, also "
        "where the product of the gates underflows (5 cases)."
    )
    hints = (
        "What is the logarithm of a product of gates, and which function of "
        "torch gives it for all steps at once?",
        "In eq-log-scan the sum of b_s / A_s runs over logarithms. What does "
        "torch.logcumsumexp do, and where does the initial state come in?",
        "eq-log-scan: log A = cumsum of log_gates; logcumsumexp over "
        "log_initial_state followed by log_values - log A; drop the first, "
        "add log A.",
    )
    standard = Standard(
        "a loop of torch.logaddexp",
        {
            "log_hidden_states": AXES,
            "gradient of log_gates": AXES,
            "gradient of log_values": AXES,
            "gradient of log_initial_state": AXES[1:],
        },
        # A sum of 100 logarithms in float32 is that much off.
        {"float64": (1e-6, 1e-8), "float32": (1e-3, 1e-3)},
    )
    public = (
        Case("there are four steps", sizes_of(4, 2, 3)),
        Case("seq_len is 1", sizes_of(1, 2, 2), seed=1),
        Case(SMALL, sizes_of(200, 1, 2), seed=2),
        Case("the sequence is long", sizes_of(50, 1, 1), seed=3),
        Case(
            "the tensors are float32",
            sizes_of(5, 2, 2),
            seed=4,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one step, underflow, strides, and float32."""
        yield Case("seq_len is 1", sizes_of(1, 1, 1), next(seeds))
        yield Case("seq_len is 2", sizes_of(2, 3, 1), next(seeds))
        yield Case(SMALL, sizes_of(300, 1, 2), next(seeds))
        yield Case(
            "the tensors do not lie in memory row by row",
            sizes_of(4, 3, 2),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the tensors are float32",
            sizes_of(100, 1, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return logarithms of gates, values and the initial state."""
        numbers = case.generator()
        shape = tuple(case.sizes.values())
        log_gates = -case.draw(numbers, *shape).abs()
        if case.kind == SMALL:
            log_gates = log_gates - _SHIFT
        return {
            "log_gates": log_gates,
            "log_values": case.draw(numbers, *shape),
            "log_initial_state": case.draw(numbers, *shape[1:]),
        }

    def call(self, function, arguments):
        """Call the learner's scan."""
        return function(*arguments.values())

    def outputs(self, returned):
        """Return the logarithms of the states."""
        drive.require_tensor(returned, "what it returns")
        return {"log_hidden_states": returned}

    def right(self, case):
        """Return a loop that never leaves the logarithms."""
        del case

        def step_by_step(log_gates, log_values, log_state):
            states = []
            for log_gate, log_value in zip(log_gates, log_values, strict=True):
                log_state = torch.logaddexp(log_gate + log_state, log_value)
                states.append(log_state)
            return torch.stack(states)

        return step_by_step
