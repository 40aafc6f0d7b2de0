"""Check of chapter 10: what a trained translator says about new numbers.

The numbers follow from the challenge and are of those that training leaves
out; what comes back is text, compared with num2words by who judges. The check
sees answers, not how they came about: rules written by hand would pass, too.
"""

from dataclasses import dataclass

import numpy as np
import torch

from rnnlab.checks import drive, judge
from rnnlab.checks.attention import CHAPTER
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.translation import numbers

#: Share of the translations of a case that must be right, letter by letter.
BAR = 0.8
DIGITS = 4
LANGUAGE = "de"
#: Longer translations are cut here; the longest right one has 36 letters.
WIDTH = 60
_NAME = "translations"
#: How German letters are written where there are none.
_PLAIN = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss"}
)


@dataclass(frozen=True)
class NumbersCase(Case):
    """Number names to translate.

    Attributes:
        count: How many.
        alone: Whether each comes in a call of its own.
    """

    count: int = 40
    alone: bool = False

    def sentences(self):
        """Return the parallel text; none of it was for training."""
        drawn = numbers.draw(
            self.count, DIGITS, held_out=True, generator=self.generator()
        )
        return numbers.sentences(drawn, [LANGUAGE])

    def describe(self):
        """Return what a learner needs to draw the numbers again."""
        return f"{self.count} held-out numbers, seed {self.seed}"


class TranslateNumbers(Check):
    """German names of numbers that the translator never saw."""

    name = "translate_numbers"
    equation = "eq-greedy-choice"
    chapter = CHAPTER
    established = (
        f"At least {100 * BAR:.0f} in 100 names of held-out numbers are right "
        "to the letter (60 numbers, 2 cases)."
    )
    hints = (
        "What does the translator want as a source, and what comes out of "
        "greedy_decode? Which methods of vocabulary lead there and back?",
        "tokens is time-major: one column a sentence. Over what must you loop "
        "to get one text for each?",
        "encode each sentence with the language, stack them, prepare, "
        "greedy_decode, then vocabulary.decode for each column. Too few "
        "right? Look whether the loss came below 0.05.",
    )
    standard = judge.Standard("num2words", {_NAME: ("sentence", "letter")})
    forbidden = ("num2words", "numbers.name", "numbers.sentences")
    public = (
        NumbersCase("numbers are new"),
        NumbersCase("numbers are new", seed=1, count=20),
    )

    def hidden_cases(self, seeds):
        """Return fresh numbers, together and one by one."""
        yield NumbersCase("numbers are new", {}, next(seeds), count=80)
        yield NumbersCase(
            "each sentence comes alone", {}, next(seeds), count=20, alone=True
        )

    def drive(self, function, case):
        """Return the learner's translations as code points."""
        sources = [sentence.source for sentence in case.sentences()]
        batches = [[each] for each in sources] if case.alone else [sources]
        given = [text for batch in batches for text in _ask(function, batch)]
        return {_NAME: _codes(given)}

    def oracle(self, case):
        """Return num2words' own."""
        return {_NAME: _codes([each.target for each in case.sentences()])}

    def judge(self, report, case):
        """Return None where enough is right, else the first that is not."""
        right = self.expected(case)
        given = report.tensors.get(_NAME)
        if given is None or given.shape != right[_NAME].shape:
            return judge.compare(report, right, self.standard)
        hits = (given == right[_NAME]).all(axis=1)
        if hits.mean() >= BAR:
            return None
        worst = int(np.argmin(hits))
        sentence = case.sentences()[worst]
        return judge.Finding(
            _NAME,
            f"{int(hits.sum())} of {len(hits)} translations are right to the "
            f"letter; {BAR * len(hits):.0f} are needed.",
            (
                ("first", f"wrong: {sentence.source}"),
                *_both(_text(given[worst]), sentence.target),
            ),
            secret=f"fewer than {100 * BAR:.0f} in 100 are right",
        )


def _ask(function, sources):
    """Return what the learner's function makes of some sentences."""
    returned = function(list(sources))
    if not isinstance(returned, list) or not all(
        isinstance(text, str) for text in returned
    ):
        raise drive.Unusable(
            f"what it returns is {drive.a_type(returned)}, not a list of "
            "texts. Return one str for each sentence."
        )
    if len(returned) != len(sources):
        raise drive.Unusable(
            f"it returns {len(returned)} texts for {len(sources)} sentences."
        )
    return returned


def _codes(texts):
    """Return texts as code points, (sentence, letter), 0 behind the end."""
    rows = torch.zeros(len(texts), WIDTH, dtype=torch.int64)
    for row, text in zip(rows, texts, strict=True):
        letters = [ord(letter) for letter in text[:WIDTH]]
        row[: len(letters)] = torch.tensor(letters, dtype=torch.int64)
    return rows


def _text(codes):
    """Return the beginning of a text."""
    letters = [chr(code) for code in codes.tolist() if 0 < code < 0x110000]
    return "".join(letters[:48])


def _both(yours, right):
    """Return two texts as lines, in letters that any terminal has."""
    plain = [ascii(text.translate(_PLAIN))[1:-1] for text in (yours, right)]
    if plain[0] == plain[1]:
        plain = [ascii(text)[1:-1] for text in (yours, right)]
    return ("yours", plain[0][:60] or "(nothing)"), ("right", plain[1])
