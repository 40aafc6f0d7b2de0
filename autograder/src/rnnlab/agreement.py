"""Number agreement with attractors: a small grammar, and published data.

A sentence is ``the NOUN (PREPOSITION the NOUN)* VERB the NOUN .`` and the
verb has the number of the *first* noun. A noun between the two that has the
other number is an attractor.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

#: Lemmas with their singular and their plural.
NOUNS = (
    ("writer", "writers"),
    ("book", "books"),
    ("key", "keys"),
    ("cabinet", "cabinets"),
    ("editor", "editors"),
    ("letter", "letters"),
    ("friend", "friends"),
    ("teacher", "teachers"),
)
VERBS = (("is", "are"), ("has", "have"), ("sees", "see"), ("keeps", "keep"))
PREPOSITIONS = ("of", "near", "behind", "with")
#: All words; the full stop comes first and fills up short sentences too.
VOCABULARY = (
    ".",
    "the",
    *PREPOSITIONS,
    *(form for pair in NOUNS for form in pair),
    *(form for pair in VERBS for form in pair),
)
STOP, THE = 0, 1
_FIRST_NOUN = 2 + len(PREPOSITIONS)
_FIRST_VERB = _FIRST_NOUN + 2 * len(NOUNS)

#: Numbers of a noun; NO_NOUN marks every other word.
NO_NOUN, SINGULAR, PLURAL = -1, 0, 1

#: The columns of the published file that are read here.
_COLUMNS = ("sentence", "verb_pos", "verb_index", "n_diff_intervening")
_NUMBERS = {"VBZ": SINGULAR, "VBP": PLURAL}


class Sentences(NamedTuple):
    """A batch of sentences with what is asked about them.

    Attributes:
        words: Index of each word in VOCABULARY; full stops at the end.
        noun_numbers: SINGULAR, PLURAL or, where no noun stands, NO_NOUN.
        verb_steps: Index of the step at which the verb stands.
        verbs: The verb, in the right number.
        other_verbs: The same verb in the other number.
        attractors: How many nouns between subject and verb have the other
            number.

    Shapes:
        words, noun_numbers: (seq_len, batch)
        the others:          (batch,)
    """

    words: torch.Tensor
    noun_numbers: torch.Tensor
    verb_steps: torch.Tensor
    verbs: torch.Tensor
    other_verbs: torch.Tensor
    attractors: torch.Tensor


def sample_sentences(attractors, helpers, *, generator):
    """Sample sentences with given numbers of nouns in between.

    Args:
        attractors: For each sentence, how many nouns between subject and
            verb have the other number.
        helpers: How many have the subject's number. Both kinds come in a
            random order.
        generator: Where the random numbers come from.

    Shapes:
        attractors, helpers: (batch,)

    Returns:
        Sentences: of one length, that of the longest; int64, on the CPU.
    """
    batch = len(attractors)
    between = attractors + helpers
    most = int(between.max())
    rows = torch.arange(batch)
    words = torch.full((2 + 3 * most + 4, batch), STOP)
    noun_numbers = torch.full_like(words, NO_NOUN)

    def put(step, tokens, where):
        words[step[where], rows[where]] = tokens[where]

    def put_noun(step, number, where):
        lemma = torch.randint(len(NOUNS), (batch,), generator=generator)
        put(step, _FIRST_NOUN + 2 * lemma + number, where)
        noun_numbers[step[where], rows[where]] = number[where]

    everywhere = torch.ones(batch, dtype=torch.bool)
    the, at = torch.full((batch,), THE), torch.zeros_like(rows)
    subject = torch.randint(2, (batch,), generator=generator)
    put(at, the, everywhere)
    put_noun(at + 1, subject, everywhere)
    differs = _shuffled(attractors, between, most, generator)
    for place in range(most):
        there, step = between > place, at + 2 + 3 * place
        preposition = torch.randint(
            len(PREPOSITIONS), (batch,), generator=generator
        )
        put(step, 2 + preposition, there)
        put(step + 1, the, there)
        number = torch.where(differs[place], 1 - subject, subject)
        put_noun(step + 2, number, there)
    verb_steps = 2 + 3 * between
    lemma = torch.randint(len(VERBS), (batch,), generator=generator)
    verbs = _FIRST_VERB + 2 * lemma + subject
    put(verb_steps, verbs, everywhere)
    put(verb_steps + 1, the, everywhere)
    thing = torch.randint(2, (batch,), generator=generator)
    put_noun(verb_steps + 2, thing, everywhere)
    other_verbs = verbs + 1 - 2 * subject
    return Sentences(
        words, noun_numbers, verb_steps, verbs, other_verbs, attractors
    )


def sample_corpus(batch_size, *, more, differ, longest, generator):
    """Sample sentences as a text would have them: long ones are rare.

    Args:
        batch_size: Number of sentences.
        more: Probability of a further noun between subject and verb, after
            each one.
        differ: Probability that such a noun has the other number.
        longest: At most so many nouns in between.
        generator: Where the random numbers come from.

    Returns:
        Sentences: int64, on the CPU.
    """
    shape = longest, batch_size
    goes_on = torch.rand(shape, generator=generator) < more
    there = goes_on.cumprod(dim=0).bool()
    other = torch.rand(shape, generator=generator) < differ
    return sample_sentences(
        (there & other).sum(dim=0),
        (there & ~other).sum(dim=0),
        generator=generator,
    )


def one_hot_words(words):
    """Return float32 one-hot vectors of words, on a new last axis."""
    return nn.functional.one_hot(words, len(VOCABULARY)).float()


def next_word_loss(outputs, words):
    """Return the mean cross-entropy of each next word, in nats.

    A sentence ends with its first full stop; what fills up the batch after
    it is not counted.

    Args:
        outputs: Logits of the word that follows, at every step.
        words: The sentences.

    Shapes:
        outputs: (seq_len, batch, len(VOCABULARY))
        words:   (seq_len, batch)
    """
    inside = words[:-1] != STOP
    return nn.functional.cross_entropy(outputs[:-1][inside], words[1:][inside])


def at_verbs(outputs, verb_steps):
    """Return the outputs that predict the verbs: one step before them.

    Shapes:
        outputs:    (seq_len, batch, size)
        verb_steps: (batch,)
        returns:    (batch, size)
    """
    return outputs[verb_steps - 1, torch.arange(len(verb_steps))]


class Dependency(NamedTuple):
    """One sentence of the published data.

    Attributes:
        prefix: The words before the verb.
        number: SINGULAR or PLURAL, that of the verb.
        attractors: Nouns of the other number between subject and verb.
    """

    prefix: tuple
    number: int
    attractors: int


def load_agreement(path, limit=None):
    """Read the published agreement data of Linzen et al.

    The file is ``agr_50_mostcommon_10K.tsv``, whose link stands in the
    repository TalLinzen/rnn_agreement: tab-separated with a head, one
    sentence a line. Of its columns, ``verb_pos`` is VBZ for a singular verb
    and VBP for a plural one, ``verb_index`` counts from 1, and
    ``n_diff_intervening`` is the number of attractors.

    Args:
        path: Where the unpacked file lies.
        limit: Read at most so many sentences.

    Returns:
        list[Dependency]: in the order of the file.

    Raises:
        ValueError: a column is missing, or a row is not of this form; the
            message says which.

    Source:
        Linzen, Dupoux and Goldberg 2016.
    """
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [c for c in _COLUMNS if c not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"{path} has no column {', '.join(missing)}.")
        found = []
        for line, row in enumerate(rows, start=2):
            if limit is not None and len(found) >= limit:
                break
            found.append(_dependency(row, f"{path}, line {line}"))
    return found


def _dependency(row, where):
    if row["verb_pos"] not in _NUMBERS:
        raise ValueError(
            f"{where}: verb_pos is {row['verb_pos']!r}, neither VBZ nor VBP."
        )
    try:
        verb = int(row["verb_index"]) - 1
        attractors = int(row["n_diff_intervening"])
    except (TypeError, ValueError):
        raise ValueError(f"{where}: a number is missing.") from None
    words = row["sentence"].split()
    if not 0 <= verb < len(words):
        raise ValueError(f"{where}: verb_index lies outside the sentence.")
    return Dependency(
        tuple(words[:verb]), _NUMBERS[row["verb_pos"]], attractors
    )


def _shuffled(attractors, between, most, generator):
    """Return which of the nouns in between differ, in random order.

    Shapes:
        attractors, between: (batch,)
        returns:             (most, batch), bool
    """
    order = torch.rand((most, len(between)), generator=generator)
    places = torch.arange(most)[:, None]
    # Places that a sentence does not have come last in its order.
    order = torch.where(places < between, order, 2.0)
    rank = order.argsort(dim=0).argsort(dim=0)
    return rank < attractors
