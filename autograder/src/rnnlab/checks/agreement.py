"""Checks of chapter 2: number agreement, and a rule that looks back once."""

from dataclasses import dataclass

import torch

from rnnlab import agreement
from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.truncation import CHAPTER
from rnnlab.checks.values import ValuesCheck

_SENTENCE = {"batch": 5, "attractors": 2, "helpers": 1}


@dataclass(frozen=True)
class NounCase(Case):
    """Sentences of the grammar, or random places of nouns.

    Attributes:
        random: Nouns stand anywhere, and in some sentences nowhere.
    """

    random: bool = False

    def sentences(self):
        """Return the nouns' numbers and the verbs' steps."""
        numbers = self.generator()
        if self.random:
            seq_len, batch = self.sizes.values()
            shape = seq_len, batch
            nouns = torch.randint(2, shape, generator=numbers)
            nouns[torch.rand(shape, generator=numbers) < 0.6] = -1
            steps = torch.randint(seq_len, (batch,), generator=numbers)
        else:
            batch, attractors, helpers = self.sizes.values()
            drawn = agreement.sample_sentences(
                torch.randint(attractors + 1, (batch,), generator=numbers),
                torch.randint(helpers + 1, (batch,), generator=numbers),
                generator=numbers,
            )
            nouns, steps = drawn.noun_numbers, drawn.verb_steps
        if not self.contiguous:
            nouns = nouns.T.contiguous().T
        return nouns.to(self.device), steps.to(self.device)


class RecencyBaseline(ValuesCheck):
    """The number of the noun that stands nearest before the verb."""

    name = "recency_baseline"
    equation = "eq-recency"
    chapter = CHAPTER
    returns = "numbers"
    established = (
        "Each verb got the number of the noun nearest before it, and -1 "
        "where there is none (5 cases)."
    )
    hints = (
        "In 'the writer of the books is near the key', which nouns stand "
        "before the verb, and which of them would this rule ask?",
        "Go through the steps from the first to the last and keep a number "
        "for each sentence. When do you replace it, and when no longer?",
        "eq-recency: start with -1 everywhere; at step t, where "
        "noun_numbers[t] >= 0 and t < verb_steps, take noun_numbers[t]. "
        "torch.where does it for the whole batch at once.",
    )
    standard = Standard("reading back word by word", {"numbers": ("batch",)})
    public = (
        NounCase("the sentences are the grammar's", _SENTENCE),
        NounCase(
            "the sentences are longer",
            {"batch": 8, "attractors": 3, "helpers": 2},
            seed=1,
        ),
        NounCase(
            "nouns stand anywhere",
            {"seq_len": 6, "batch": 12},
            seed=2,
            random=True,
        ),
        NounCase(
            "the batch holds one row",
            {"batch": 1, "attractors": 1, "helpers": 0},
            seed=3,
        ),
        NounCase(
            "there are as many steps as sentences",
            {"seq_len": 7, "batch": 7},
            seed=4,
            random=True,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one step, one row, many of both, strides."""
        for kind, seq_len, batch in (
            ("the sentences have one word", 1, 5),
            ("the batch holds one row", 9, 1),
            ("nouns stand anywhere in long sentences", 40, 60),
        ):
            sizes = {"seq_len": seq_len, "batch": batch}
            yield NounCase(kind, sizes, next(seeds), random=True)
        sizes = {"batch": 40, "attractors": 4, "helpers": 3}
        yield NounCase("the sentences are the grammar's", sizes, next(seeds))
        yield NounCase(
            "the inputs do not lie in memory row by row",
            {"seq_len": 8, "batch": 20},
            next(seeds),
            contiguous=False,
            random=True,
        )

    def arguments(self, case):
        """Return the nouns' numbers and the verbs' steps."""
        names = "noun_numbers", "verb_steps"
        return dict(zip(names, case.sentences(), strict=True))

    def oracle(self, case):
        """Read back from each verb, word by word."""
        found = []
        nouns, steps = (t.tolist() for t in self.arguments(case).values())
        for row, step in enumerate(steps):
            before = [nouns[t][row] for t in range(step) if nouns[t][row] >= 0]
            found.append(before[-1] if before else -1)
        return {self.returns: torch.tensor(found)}


@dataclass(frozen=True)
class VerbCase(Case):
    """What a language model says about verbs.

    Attributes:
        tied: Every third sentence has equal logits of both forms.
        silent: A count of attractors that no sentence has; -1 for none.
    """

    tied: bool = False
    silent: int = -1

    def verbs(self):
        """Return logits, both forms of each verb and the counts."""
        numbers = self.generator()
        batch, vocabulary, max_attractors = self.sizes.values()
        logits = self.draw(numbers, batch, vocabulary)
        verbs = torch.randint(vocabulary, (batch,), generator=numbers)
        step = torch.randint(1, vocabulary, (batch,), generator=numbers)
        other_verbs = (verbs + step) % vocabulary
        attractors = torch.randint(
            max_attractors + 2, (batch,), generator=numbers
        )
        # One more than the largest count is never reported.
        attractors[attractors == self.silent] = max_attractors + 1
        if self.tied:
            rows = torch.arange(0, batch, 3)
            logits[rows, other_verbs[rows]] = logits[rows, verbs[rows]]
        indices = (verbs, other_verbs, attractors)
        return logits, *(each.to(self.device) for each in indices)


def _verb_sizes(batch, vocabulary, max_attractors):
    return {
        "batch": batch,
        "vocabulary": vocabulary,
        "max_attractors": max_attractors,
    }


class AgreementError(ValuesCheck):
    """How often a language model prefers the wrong form, by attractors."""

    name = "agreement_error_by_attractors"
    equation = "eq-agreement-error"
    chapter = CHAPTER
    returns = "errors"
    established = (
        "The error at every count of attractors is what comparing verb by "
        "verb gives, and NaN where no sentence has that count (4 cases)."
    )
    hints = (
        "A language model has an opinion on every word. Which two of its "
        "logits decide whether it agrees, and does a third word matter?",
        "logits[row, verbs] and logits[row, other_verbs] are two columns of "
        "numbers. When is the model wrong, and what if the two are equal?",
        "eq-agreement-error: wrong where the right form's logit is not "
        "larger. Entry k is the mean of wrong over the sentences with "
        "attractors == k; begin with a tensor full of NaN.",
    )
    standard = Standard("comparing verb by verb", {"errors": ("attractors",)})
    public = (
        VerbCase("the batch is an ordinary one", _verb_sizes(40, 5, 3)),
        VerbCase(
            "a count is missing", _verb_sizes(24, 6, 4), seed=1, silent=2
        ),
        VerbCase("some logits are equal", _verb_sizes(30, 4, 2), 2, tied=True),
        VerbCase(
            "the logits are float32",
            _verb_sizes(9, 9, 2),
            seed=3,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, two words, no attractors, many, ties, strides."""
        for kind, sizes in (
            ("the batch holds one row", (1, 5, 2)),
            ("there are two words", (30, 2, 3)),
            ("max_attractors is 0", (20, 4, 0)),
            ("the batch is large", (400, 30, 6)),
        ):
            yield VerbCase(kind, _verb_sizes(*sizes), next(seeds))
        sizes = _verb_sizes(50, 6, 3)
        yield VerbCase("some logits are equal", sizes, next(seeds), tied=True)
        yield VerbCase(
            "the inputs do not lie in memory row by row",
            sizes,
            next(seeds),
            contiguous=False,
            silent=0,
        )
        yield VerbCase(
            "the logits are float32", sizes, next(seeds), torch.float32
        )

    def arguments(self, case):
        """Return logits, both forms of each verb and the counts."""
        names = "logits", "verbs", "other_verbs", "attractors"
        return dict(zip(names, case.verbs(), strict=True))

    def call(self, function, arguments, case):
        """Call the function, with the largest count."""
        return function(*arguments.values(), case.sizes["max_attractors"])

    def right(self, arguments, case):
        """Compare the two forms verb by verb, in plain Python."""
        rows = zip(*(t.tolist() for t in arguments.values()), strict=True)
        seen = [[] for _ in range(case.sizes["max_attractors"] + 1)]
        for logits, verb, other, count in rows:
            if count < len(seen):
                seen[count].append(not logits[verb] > logits[other])
        return torch.tensor(
            [sum(s) / len(s) if s else torch.nan for s in seen],
            dtype=torch.float64,
        )
