"""Check of chapter 10: the loss over the tokens that are no padding."""

import functools
from dataclasses import dataclass

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.attention import CHAPTER
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard


@dataclass(frozen=True)
class TargetCase(Case):
    """A case with targets, some of them padding.

    Attributes:
        padding_index: Index of the padding token.
        real: How many tokens of each column are no padding; a column without
            an entry is full.
        scale: What the logits are multiplied by.
    """

    padding_index: int = 0
    real: tuple = ()
    scale: float = 1.0

    def targets(self):
        """Return indices, (target_len, batch)."""
        length, batch, tokens = self.sizes.values()
        numbers = torch.Generator().manual_seed(self.seed + 1)
        drawn = torch.randint(tokens - 1, (length, batch), generator=numbers)
        drawn = drawn + (drawn >= self.padding_index)
        for column, count in enumerate(self.real):
            drawn[count:, column] = self.padding_index
        return drawn.to(self.device)


def sizes_of(target_len, batch, tokens):
    """Return the sizes of a case, in the order they are printed."""
    return {"target_len": target_len, "batch": batch, "tokens": tokens}


class MaskedLoss(FunctionalCheck):
    """Mean cross-entropy over the tokens that are no padding."""

    name = "masked_loss"
    equation = "eq-masked-loss"
    chapter = CHAPTER
    established = (
        "Values and gradients agree with torch's cross_entropy and its "
        "ignore_index (float64 and float32, 4 cases)."
    )
    hints = (
        "How many numbers go into the mean? Count the targets of one small "
        "batch by hand. Is it the same number for every batch?",
        "log_softmax over which axis? And gather picks one entry along an "
        "axis: its index needs as many axes as what it picks from.",
        "eq-masked-loss: sum the negative log-probabilities of the targets "
        "where targets != padding_index, and divide by how many those are.",
    )
    standard = Standard(
        "cross_entropy with ignore_index",
        {"gradient of logits": ("time step", "batch", "token")},
    )
    forbidden = (
        "cross_entropy",
        "nll_loss",
        "CrossEntropyLoss",
        "NLLLoss",
        "cross_entropy_loss",
    )
    public = (
        TargetCase("nothing is padded", sizes_of(3, 2, 4)),
        TargetCase(
            "targets are padded", sizes_of(4, 3, 5), seed=1, real=(4, 1, 2)
        ),
        TargetCase(
            "padding is the last token and not the first",
            sizes_of(3, 3, 4),
            seed=2,
            padding_index=3,
            real=(1, 3, 2),
        ),
        TargetCase(
            "the logits are float32",
            sizes_of(2, 4, 6),
            seed=3,
            dtype=torch.float32,
            real=(2, 1),
        ),
    )

    def hidden_cases(self, seeds):
        """Return one token, one real token, large logits, strides."""
        yield TargetCase("there is one token", sizes_of(1, 1, 3), next(seeds))
        yield TargetCase(
            "all but one token is padding",
            sizes_of(5, 2, 4),
            next(seeds),
            real=(1, 0),
        )
        yield TargetCase(
            "logits are in the thousands",
            sizes_of(4, 3, 5),
            next(seeds),
            real=(2, 4, 3),
            scale=5000.0,
        )
        yield TargetCase(
            "padding is a token in the middle",
            sizes_of(6, 2, 7),
            next(seeds),
            padding_index=4,
            real=(3, 5),
        )
        yield TargetCase(
            "the logits do not lie in memory row by row",
            sizes_of(4, 3, 5),
            next(seeds),
            contiguous=False,
            real=(1, 4, 2),
        )
        yield TargetCase(
            "the logits are float32",
            sizes_of(5, 6, 8),
            next(seeds),
            torch.float32,
            real=(5, 2, 1, 3),
        )

    def arguments(self, case):
        """Return the logits; targets have no gradient."""
        shape = case.sizes.values()
        return {"logits": case.scale * case.draw(case.generator(), *shape)}

    def drive(self, function, case):
        """Return the loss and its gradient; the targets are the case's."""
        bound = functools.partial(_with_targets, function, case)
        return super().drive(bound, case)

    def call(self, function, arguments):
        """Call the learner's loss, bound to targets."""
        return function(*arguments.values())

    def outputs(self, returned):
        """Return the loss, a tensor without axes."""
        drive.require_tensor(returned, "what it returns")
        return {"loss": returned}

    def right(self, case):
        """Return torch's loss behind the learner's signature."""
        del case
        return torch_loss


def torch_loss(logits, targets, padding_index):
    """Let torch leave the padding out."""
    return nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=padding_index
    )


def _with_targets(function, case, logits):
    return function(logits, case.targets(), case.padding_index)
