"""Checks of chapter 11: a scan in few rounds, and a layer made of it."""

import dataclasses

import torch

from rnnlab import recurrence
from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
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
from rnnlab.layout import gate_slices
from rnnlab.recurrence import MIN_GRU_GATES


class Counted(FunctionalCheck):
    """A function that is given a helper and must call it so many times.

    Attributes:
        helper: Name of the helper.
    """

    helper = ""

    @property
    def calls(self):
        """Name of the number of calls among the outputs."""
        return f"calls of {self.helper}"

    def help_with(self, *arguments):
        """Do what the helper does."""
        raise NotImplementedError

    def allowed(self, case):
        """Return how many calls are right."""
        raise NotImplementedError

    def sentence(self, found, case):
        """Say what is wrong with a number of calls."""
        raise NotImplementedError

    def call(self, function, arguments):
        """Call the learner's function with a helper that counts."""
        count = 0

        def helper(*given):
            nonlocal count
            count += 1
            return self.help_with(*given)

        return function(*arguments.values(), helper), count

    def outputs(self, returned):
        """Return the hidden states and the number of calls."""
        hidden_states, count = returned
        drive.require_tensor(hidden_states, "what it returns")
        return {
            "hidden_states": hidden_states,
            self.calls: torch.tensor(count),
        }

    def oracle(self, case):
        """Return the right values and gradients, and the number of calls."""
        tensors = super().oracle(case)
        return {**tensors, self.calls: torch.tensor(self.allowed(case))}

    def judge(self, report, case):
        """Return the first finding; too many calls get a sentence."""
        finding = super().judge(report, case)
        if finding is None or finding.subject != self.calls:
            return finding
        given = report.tensors.get(self.calls)
        if given is None or given.shape:
            return finding
        return dataclasses.replace(
            finding,
            sentence=self.sentence(int(given), case),
            details=(),
            secret=f"it calls {self.helper} too often or not often enough",
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
