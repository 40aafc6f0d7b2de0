"""Check of chapter 11: examples of any task as two texts.

Texts travel as code points, since an answer holds tensors alone; they are
compared and shown as texts.
"""

import copy

import numpy as np
import torch

from rnnlab.checks import drive, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.linear_recurrence import CHAPTER

_PARTS = ("input text", "target text")
_WORDS = (
    "a",
    "few",
    "green",
    "stones",
    "lie",
    "under",
    "the",
    "old",
    "bridge",
)
_LONGEST = 500
LABEL, SCORE, TEXT, NUMBER = "a label", "a score", "a text", "a whole number"


def _sizes(fields, target):
    return {"fields": fields, "target": target}


def example_of(case):
    """Draw what a task gives: name, fields, target and labels.

    Returns:
        tuple: the learner's arguments, and the two right texts.
    """
    numbers = case.generator()

    def pick(count):
        return int(torch.randint(count, (), generator=numbers))

    def some(count):
        return " ".join(_WORDS[pick(len(_WORDS))] for _ in range(count))

    count, kind = case.sizes.values()
    task = ("acceptable", "same", "compare")[pick(3)]
    fields = {
        name: some(2 + pick(4))
        for name in ("sentence", "question", "answer")[:count]
    }
    labels = ("unrelated", "no", "yes") if kind == LABEL else ()
    if kind == LABEL:
        target = pick(3)
        written = labels[target]
    elif kind == SCORE:
        fifths = pick(26)
        # Never halfway between two scores that can be said.
        target = fifths / 5 + (0.07 if pick(2) and fifths < 25 else -0.03)
        written = f"{fifths // 5}.{2 * (fifths % 5)}"
        target = max(target, 0.01)
    elif kind == NUMBER:
        target = 2 + pick(40)
        written = format(target, "d")
    else:
        target = written = some(3)
    said = task
    for name, text in fields.items():
        said += " " + name + ": " + text
    return (task, fields, target, labels), (said, written)


class AsTextToText(Check):
    """An example of a task as an input text and a target text."""

    name = "as_text_to_text"
    equation = "eq-text-to-text"
    chapter = CHAPTER
    established = (
        "Texts, labels, scores and whole numbers all become two texts, with "
        "the task in front (6 cases)."
    )
    hints = (
        "How does the model know which task is meant, and which sentence is "
        "which? All it reads is one text.",
        "Of which type is the target in each row of the table? What tells a "
        "label from a whole number?",
        "The task, then ` name: text` for each field. With labels the target "
        "is an index; a float is rounded to fifths and written with one "
        "decimal; all else is str(target).",
    )
    public = (
        Case("the target is a text", _sizes(1, TEXT)),
        Case("the target is a label", _sizes(2, LABEL), seed=1),
        Case("the target is a score", _sizes(2, SCORE), seed=2),
        Case("the target is a whole number", _sizes(3, NUMBER), seed=3),
        Case("the target is a score", _sizes(1, SCORE), seed=8),
        Case("the target is a label", _sizes(1, LABEL), seed=6),
    )

    def hidden_cases(self, seeds):
        """Return each kind of target with one and with several fields."""
        for kind in (TEXT, LABEL, SCORE, SCORE, NUMBER):
            for fields in (1, 3):
                yield Case(
                    f"the target is {kind}", _sizes(fields, kind), next(seeds)
                )

    def drive(self, function, case):
        """Return the learner's two texts as code points."""
        given, _ = example_of(case)
        before = copy.deepcopy(given)
        returned = function(*given)
        if given != before:
            raise drive.Unusable(
                f"{self.name} changed its argument fields. Leave it as it is."
            )
        if type(returned) is not tuple or len(returned) != len(_PARTS):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return the input text and the target text."
            )
        for part, text in zip(_PARTS, returned, strict=True):
            if type(text) is not str:
                raise drive.Unusable(
                    f"the {part} is {drive.a_type(text)}, not a str. All "
                    "that goes in and comes out is text."
                )
        return {
            part: torch.tensor([ord(c) for c in text[:_LONGEST]]).long()
            for part, text in zip(_PARTS, returned, strict=True)
        }

    def oracle(self, case):
        """Return the two right texts as code points."""
        _, texts = example_of(case)
        return {
            part: torch.tensor([ord(c) for c in text])
            for part, text in zip(_PARTS, texts, strict=True)
        }

    def judge(self, report, case):
        """Return the first text that is another one."""
        for part, right in self.expected(case).items():
            codes = report.tensors.get(part)
            if codes is None or codes.ndim != 1 or codes.dtype != np.int64:
                return judge.Finding(
                    part, f"The {part} is missing.", secret=f"no {part}"
                )
            if not np.array_equal(codes, right):
                return judge.Finding(
                    part,
                    f"The {part} is another one.",
                    (("yours", _shown(codes)), ("expected", _shown(right))),
                    secret=f"the {part} is another one",
                )
        return None


def _shown(codes):
    """Write a text in quotes, in ASCII and not too long."""
    valid = (codes >= 0) & (codes < 0x110000)
    text = "".join(map(chr, codes[valid]))
    return ascii(text if len(text) <= 60 else text[:60] + "...")
