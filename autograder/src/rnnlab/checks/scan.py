"""Check of chapter 11: all states of a recurrence in few rounds."""

import torch

from rnnlab import recurrence
from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.counted import Counted
from rnnlab.checks.judge import Standard
from rnnlab.checks.linear_recurrence import (
    AXES,
    CHAPTER,
    ZERO,
    compose,
    draw_gates,
    pair_of,
    sizes_of,
)


class ParallelScan(Counted):
    """All states of a linear recurrence in ceil(log2 T) rounds."""

    name = "parallel_scan"
    equation = "eq-scan-round"
    chapter = CHAPTER
    helper = "combine"
    established = (
        "Values and gradients are those of the loop, in ceil(log2 T) calls "
        "of combine, also where T is no power of 2, or 1 (6 cases)."
    )
    hints = (
        "After the first round each pair stands for two steps. For how many "
        "does it stand after the next, and how far must it reach back?",
        "One call of combine may take many steps at once: which slice of the "
        "gates is the earlier one, which the later, and which steps have "
        "nobody to combine with?",
        "eq-scan-round: combine (gates[:-offset], values[:-offset]) with "
        "(gates[offset:], values[offset:]), put the first offset steps back "
        "in front, double offset. Then eq-scan-state.",
    )
    standard = Standard(
        "the loop",
        {
            "hidden_states": AXES,
            "gradient of gates": AXES,
            "gradient of values": AXES,
            "gradient of initial_state": AXES[1:],
        },
    )
    forbidden = ("associative_scan", "cumprod", "logcumsumexp", "cumsum")
    public = (
        Case("there are four steps", sizes_of(4, 2, 3)),
        Case("seq_len is no power of 2", sizes_of(7, 2, 2), seed=1),
        Case("seq_len is 1", sizes_of(1, 2, 2), seed=2),
        Case(ZERO, sizes_of(5, 1, 2), seed=3),
        Case(
            "the tensors are float32",
            sizes_of(3, 2, 2),
            seed=4,
            dtype=torch.float32,
        ),
        Case("the sequence is long", sizes_of(40, 1, 1), seed=5),
    )

    def hidden_cases(self, seeds):
        """Return 1, 2, 8 and 9 steps, many, strides, a gate of 0, float32."""
        for kind, *sizes in (
            ("seq_len is 1", 1, 1, 2),
            ("seq_len is 2", 2, 2, 1),
            ("seq_len is a power of 2", 8, 1, 3),
            ("seq_len is one more than a power of 2", 9, 2, 2),
            (ZERO, 6, 2, 2),
            ("the sequence is long", 300, 1, 2),
        ):
            yield Case(kind, sizes_of(*sizes), next(seeds))
        yield Case(
            "the tensors do not lie in memory row by row",
            sizes_of(5, 3, 2),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the tensors are float32",
            sizes_of(6, 2, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return gates, values and the state before the first step."""
        numbers = case.generator()
        shape = tuple(case.sizes.values())
        return {
            "gates": draw_gates(case, numbers),
            "values": case.draw(numbers, *shape),
            "initial_state": case.draw(numbers, *shape[1:]),
        }

    def help_with(self, *arguments):
        """Combine two pairs; what is no pair gets a sentence."""
        if len(arguments) != 2:
            raise drive.Unusable(
                f"your function calls combine with {len(arguments)} "
                "arguments. It wants two pairs: the earlier and the later."
            )
        pairs = [
            pair_of(pair, f"what you give combine as {name}")
            for pair, name in zip(
                arguments, ("the earlier pair", "the later pair"), strict=True
            )
        ]
        return compose(*pairs)

    def right(self, case):
        """Return the loop behind the learner's signature."""
        del case
        return lambda *arguments: recurrence.loop(*arguments[:-1])

    def allowed(self, case):
        """Return how many rounds there are: each doubles the reach."""
        return (case.sizes["seq_len"] - 1).bit_length()

    def sentence(self, found, case):
        """Say how many rounds are enough."""
        steps, right = case.sizes["seq_len"], self.allowed(case)
        if found > right:
            return (
                f"The states are right, in {found} calls of combine. For "
                f"{steps} steps {right} are enough, since each call can "
                "double how far back every state reaches."
            )
        return (
            f"The states are right, but combine is called {found} times. For "
            f"{steps} steps it takes {right}: with fewer, the last state "
            "cannot depend on every step through combine."
        )
