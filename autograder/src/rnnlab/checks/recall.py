"""Check of chapter 2: recall at each lag of the tickets task."""

from dataclasses import dataclass

import torch

from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.truncation import CHAPTER
from rnnlab.checks.values import ValuesCheck


@dataclass(frozen=True)
class RecallCase(Case):
    """Outputs, targets and lags.

    Attributes:
        silent: A lag that no question has; 0 for none.
        asks: Probability of a question at a step.
    """

    silent: int = 0
    asks: float = 0.6

    def questions(self):
        """Return outputs, targets and lags."""
        numbers = self.generator()
        seq_len, batch, words, max_lag = self.sizes.values()
        shape = seq_len, batch
        outputs = self.draw(numbers, seq_len, batch, words)
        targets = torch.randint(words, shape, generator=numbers)
        # Half of the targets are what the outputs say.
        agree = torch.rand(shape, generator=numbers) < 0.5
        targets = torch.where(agree, outputs.cpu().argmax(dim=2), targets)
        # Some lags are too large to be reported.
        lags = torch.randint(1, max_lag + 3, shape, generator=numbers)
        lags[torch.rand(shape, generator=numbers) >= self.asks] = 0
        lags[lags == self.silent] = 0
        return outputs, targets.to(self.device), lags.to(self.device)


def _sizes(seq_len, batch, num_words, max_lag):
    return {
        "seq_len": seq_len,
        "batch": batch,
        "num_words": num_words,
        "max_lag": max_lag,
    }


class RecallByLag(ValuesCheck):
    """Fraction of right answers at each lag."""

    name = "recall_by_lag"
    equation = "eq-recall"
    chapter = CHAPTER
    returns = "recall"
    established = (
        "The recall at every lag is what counting question by question "
        "gives, and NaN where nothing was asked (4 cases)."
    )
    hints = (
        "Where in outputs is the answer to the question at step t of "
        "sequence b? And which questions belong to lag 5?",
        "Compare outputs.argmax(dim=2) with targets: a table of right and "
        "wrong. For each lag from 1 to max_lag look only at the places "
        "where lags has that number.",
        "eq-recall: entry k is the mean of right over the places with "
        "lags == k. Begin with a tensor full of NaN, and let entry 0 and the "
        "lags without a question be.",
    )
    standard = Standard("counting", {"recall": ("lag",)})
    public = (
        RecallCase("the batch is an ordinary one", _sizes(9, 6, 3, 4), 0),
        RecallCase("one lag is never asked", _sizes(6, 8, 4, 5), 1, silent=3),
        RecallCase("few questions are asked", _sizes(8, 3, 3, 6), 2, asks=0.2),
        RecallCase(
            "the outputs are float32", _sizes(7, 7, 7, 3), 3, torch.float32
        ),
    )

    def hidden_cases(self, seeds):
        """Return one step, one row, one lag, no question, strides."""
        yield RecallCase(
            "the sequences have one step", _sizes(1, 20, 3, 2), next(seeds)
        )
        yield RecallCase(
            "the batch holds one row", _sizes(30, 1, 3, 3), next(seeds)
        )
        yield RecallCase(
            "nothing is asked", _sizes(4, 3, 2, 3), next(seeds), asks=0.0
        )
        yield RecallCase("max_lag is 1", _sizes(9, 4, 2, 1), next(seeds))
        yield RecallCase(
            "the inputs do not lie in memory row by row",
            _sizes(6, 9, 4, 4),
            next(seeds),
            contiguous=False,
            silent=2,
        )
        yield RecallCase(
            "the outputs are float32",
            _sizes(12, 9, 5, 7),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return outputs, targets and lags."""
        names = "outputs", "targets", "lags"
        return dict(zip(names, case.questions(), strict=True))

    def call(self, function, arguments, case):
        """Call the function, with the largest lag."""
        return function(*arguments.values(), case.sizes["max_lag"])

    def right(self, arguments, case):
        """Go through the questions one by one, in plain Python."""
        outputs, targets, lags = (t.tolist() for t in arguments.values())
        asked = [[] for _ in range(case.sizes["max_lag"] + 1)]
        for said, wanted, ago in zip(outputs, targets, lags, strict=True):
            for logits, word, lag in zip(said, wanted, ago, strict=True):
                if 0 < lag < len(asked):
                    asked[lag].append(logits[word] == max(logits))
        return torch.tensor(
            [sum(a) / len(a) if a else torch.nan for a in asked],
            dtype=torch.float64,
        )
