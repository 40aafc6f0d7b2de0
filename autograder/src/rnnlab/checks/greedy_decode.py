"""Check of chapter 10: greedy decoding of a model whose answers are known."""

from dataclasses import dataclass

import torch

from rnnlab.checks import drive
from rnnlab.checks.attention import CHAPTER
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.judge import Standard
from rnnlab.translation.pieces import END, PADDING, START

_TOKENS = 9
_AXES = {"tokens": ("time step", "batch")}


@dataclass(frozen=True)
class DecodeCase(Case):
    """A model set by hand.

    Attributes:
        lengths: Tokens until END of each row, END included.
        max_len: The most steps that are allowed.
    """

    lengths: tuple = ()
    max_len: int = 12

    def table(self):
        """Return logits by row, step and previous token."""
        steps = max(*self.lengths, self.max_len) + 4
        shape = len(self.lengths), steps, _TOKENS, _TOKENS
        logits = self.draw(self.generator(), *shape)
        logits[..., : END + 1] -= 3
        for row, length in enumerate(self.lengths):
            logits[row, length - 1, :, END] += 9
        return logits

    def describe(self):
        """Return what a learner needs to picture the case."""
        ends = ", ".join(map(str, self.lengths))
        return f"ends after {ends} steps, max_len {self.max_len}"


class HandSet:
    """A model: what comes next is read from a table.

    Args:
        case: DecodeCase.
    """

    def __init__(self, case):
        self.table = case.table()
        self.rows = torch.arange(len(self.table), device=case.device)
        self.calls = 0

    def first_state(self):
        """Return the state before the first step: how often it was asked."""
        return torch.zeros_like(self.rows)

    def next_logits(self, tokens, state):
        """Return the logits after some tokens, and the next state."""
        self.calls += 1
        if self.calls >= self.table.shape[1]:
            raise drive.Unusable(
                "greedy_decode asks next_logits again and again and does not "
                "stop at max_len."
            )
        drive.require_tensor(
            tokens, "tokens, the first argument of next_logits,"
        )
        if tokens.dtype != torch.int64 or tokens.shape != self.rows.shape:
            raise drive.Unusable(
                "next_logits wants one int64 token for each sentence, shape "
                f"{tuple(self.rows.shape)}; it was given "
                f"{str(tokens.dtype).removeprefix('torch.')} of shape "
                f"{tuple(tokens.shape)}."
            )
        return self.table[self.rows, state, tokens], state + 1


class GreedyDecode(Check):
    """The most likely token at each step, until all sentences ended."""

    name = "greedy_decode"
    equation = "eq-greedy-choice"
    chapter = CHAPTER
    established = (
        "The tokens are those of four models set by hand: sentences of one "
        "and of different lengths, ends at once, and ends at max_len."
    )
    hints = (
        "What is the first token that the model is given? And what must be "
        "handed back at the next call beside the tokens just chosen?",
        "Keep a bool for each sentence: has it ended? When does it change, "
        "and what is written for a sentence where it is already true?",
        "At most max_len times: logits, state = next_logits(tokens, state); "
        "eq-greedy-choice; PADDING where a sentence had ended before; note "
        "who ends now; stop when all have.",
    )
    standard = Standard("what the model says", _AXES)
    public = (
        DecodeCase("all sentences are equally long", lengths=(4, 4)),
        DecodeCase(
            "sentences end at different steps", seed=1, lengths=(2, 5, 3)
        ),
        DecodeCase("one sentence ends at once", seed=2, lengths=(1, 3)),
        DecodeCase(
            "a sentence reaches max_len", seed=3, lengths=(2, 9, 4), max_len=6
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, a wide batch, an end at max_len, float32."""
        yield DecodeCase(
            "the batch holds one row", {}, next(seeds), lengths=(5,)
        )
        yield DecodeCase(
            "sentences end at different steps",
            {},
            next(seeds),
            lengths=(7, 1, 3, 3, 9, 2),
        )
        yield DecodeCase(
            "the longest sentence ends exactly at max_len",
            {},
            next(seeds),
            lengths=(6, 3),
            max_len=6,
        )
        yield DecodeCase(
            "max_len is 1", {}, next(seeds), lengths=(3, 1), max_len=1
        )
        yield DecodeCase(
            "no sentence ends", {}, next(seeds), lengths=(9, 9), max_len=7
        )
        yield DecodeCase(
            "the logits are float32",
            {},
            next(seeds),
            torch.float32,
            lengths=(4, 8, 2),
        )

    def drive(self, function, case):
        """Return the tokens, and how often the model was asked."""
        model = HandSet(case)
        returned = function(
            model.next_logits,
            model.first_state(),
            torch.full_like(model.rows, START),
            case.max_len,
        )
        drive.require_tensor(returned, "what it returns")
        return {
            "tokens": returned,
            "number of calls of next_logits": torch.tensor(model.calls),
        }

    def oracle(self, case):
        """Follow each sentence alone, in plain Python."""
        table = case.table().tolist()
        columns = []
        for rows in table:
            column, token = [], START
            while token != END and len(column) < case.max_len:
                logits = rows[len(column)][token]
                token = logits.index(max(logits))
                column.append(token)
            columns.append(column)
        steps = max(map(len, columns))
        tokens = [
            [*column, *[PADDING] * (steps - len(column))] for column in columns
        ]
        return {
            "tokens": torch.tensor(tokens).T,
            "number of calls of next_logits": torch.tensor(steps),
        }
