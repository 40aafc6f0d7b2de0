"""Check of chapter 6: what a character costs a language model, in bits."""

import functools
import math

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.parameter_count import CHAPTER
from rnnlab.checks.units import not_finite

_SIZES = ("seq_len", "batch", "characters")
_LARGE = "a logit is 1,000"


class BitsPerCharacter(FunctionalCheck):
    """The mean cross-entropy of the next character, in bits."""

    name = "bits_per_character"
    equation = "eq-bits-per-character"
    chapter = CHAPTER
    established = (
        "Values and gradients are those of torch's cross-entropy in bits, "
        "also where exp of a logit overflows (4 cases)."
    )
    hints = (
        "Which probability does the model give to the character that did "
        "follow, and how many bits does a probability of 1/8 cost?",
        "What is log softmax of the logits, written with logsumexp? Pick the "
        "target's entry with gather, along which axis?",
        "eq-bits-per-character: the mean over all steps and sequences of "
        "logsumexp(logits) - logit of the target, over log(2). exp(1000) is "
        "infinite, logsumexp is not.",
    )
    standard = Standard(
        "torch's cross-entropy in bits",
        {"gradient of logits": _SIZES},
    )
    forbidden = ("cross_entropy", "CrossEntropyLoss", "nll_loss", "NLLLoss")
    public = (
        Case(
            "the batch is an ordinary one",
            dict(zip(_SIZES, (4, 2, 5), strict=True)),
        ),
        Case(
            "batch equals characters",
            dict(zip(_SIZES, (3, 4, 4), strict=True)),
            seed=1,
        ),
        Case(
            "the logits are float32",
            dict(zip(_SIZES, (5, 3, 4), strict=True)),
            seed=2,
            dtype=torch.float32,
        ),
        Case(_LARGE, dict(zip(_SIZES, (3, 2, 4), strict=True)), seed=3),
    )

    def hidden_cases(self, seeds):
        """Return one step, one sequence, one character, strides, float32."""
        yield Case(
            "seq_len is 1",
            dict(zip(_SIZES, (1, 3, 5), strict=True)),
            next(seeds),
        )
        yield Case(
            "the batch holds one sequence",
            dict(zip(_SIZES, (6, 1, 5), strict=True)),
            next(seeds),
        )
        yield Case(
            "there are two characters",
            dict(zip(_SIZES, (6, 2, 2), strict=True)),
            next(seeds),
        )
        yield Case(
            "the logits do not lie in memory row by row",
            dict(zip(_SIZES, (4, 3, 6), strict=True)),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            _LARGE, dict(zip(_SIZES, (5, 3, 6), strict=True)), next(seeds)
        )
        yield Case(
            "the logits are float32",
            dict(zip(_SIZES, (40, 3, 30), strict=True)),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the logits; targets have no gradient and come by case."""
        numbers = case.generator()
        logits = 2 * case.draw(numbers, *case.sizes.values())
        if case.kind == _LARGE:
            logits[0, 0, 0] = 1000.0
        return {"logits": logits}

    def targets(self, case):
        """Return the index of the character that follows each step."""
        numbers = torch.Generator().manual_seed(case.seed + 1)
        seq_len, batch, characters = case.sizes.values()
        return torch.randint(
            characters, (seq_len, batch), generator=numbers
        ).to(case.device)

    def call(self, function, arguments):
        """Call the learner's loss."""
        return function(arguments["logits"])

    def outputs(self, returned):
        """Return the one number."""
        drive.require_tensor(returned, "what it returns")
        return {"bits": returned}

    def drive(self, function, case):
        """Return the loss and its gradient by the logits."""
        watched = functools.partial(self._watch, function, self.targets(case))
        return super().drive(watched, case)

    def _watch(self, function, targets, logits):
        """Call a function of logits and targets, which it must not change."""
        given = targets.clone()
        returned = function(logits, given)
        drive.require_unchanged(
            {"targets": targets}, {"targets": given}, self.name
        )
        return returned

    def judge(self, report, case):
        """Return the first finding; a number has no place to point at."""
        finding = not_finite(report, ("bits",))
        return finding or super().judge(report, case)

    def right(self, case):
        """Return torch's own, in bits."""
        del case
        return _cross_entropy


def _cross_entropy(logits, targets):
    """Return the cross-entropy of torch, over the logarithm of 2."""
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    return loss / math.log(2)
