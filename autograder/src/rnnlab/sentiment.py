"""Short reviews from a grammar in which words wait for their meaning.

In the grammar "terribly" and "awfully" stand for "very" before an adjective
and for "badly" before a verb: which of the two it is, and whether the clause
praises, can only be told from what comes after the word.
"""

from typing import NamedTuple

import torch

NOUNS = ("movie", "story", "acting", "music", "ending", "camera")
DEGREES = ("", "very", "really", "terribly", "awfully")
ADJECTIVES = (
    ("boring", "bad", "dull", "slow", "weak"),
    ("exciting", "good", "funny", "moving", "lovely"),
)
MANNERS = (
    ("terribly", "awfully", "badly"),
    ("beautifully", "brilliantly", "skilfully"),
)
VERBS = ("filmed", "written", "done", "made")
PADDING = "<pad>"
#: A word's number is its place here; padding is 0.
VOCABULARY = (
    PADDING,
    *("the", "was", "and", "!"),
    *NOUNS,
    *DEGREES[1:],
    *ADJECTIVES[0],
    *ADJECTIVES[1],
    *MANNERS[0][2:],
    *MANNERS[1],
    *VERBS,
)
#: Marks words without a label, as torch's losses want it.
IGNORED = -100

_PLACE = {word: number for number, word in enumerate(VOCABULARY)}


class Verdict(NamedTuple):
    """What can follow "was", and how often it does.

    Attributes:
        words: One or two words.
        polarity: 1 where the clause praises, 0 where it does not.
        chance: Probability; those of all verdicts add up to 1.
    """

    words: tuple
    polarity: int
    chance: float


def _verdicts():
    """Return every verdict: both polarities equally often, in two forms."""
    found = []
    for polarity in (0, 1):
        described = [
            (degree, adjective) if degree else (adjective,)
            for degree in DEGREES
            for adjective in ADJECTIVES[polarity]
        ]
        done = [(how, verb) for how in MANNERS[polarity] for verb in VERBS]
        for forms, share in ((described, 2 / 3), (done, 1 / 3)):
            chance = share / 2 / len(forms)
            found += [Verdict(words, polarity, chance) for words in forms]
    return tuple(found)


VERDICTS = _verdicts()


class Reviews(NamedTuple):
    """A batch of reviews.

    Attributes:
        words: Numbers of the words, 0 after the end of a review.
        lengths: Number of words of each review.
        sentiment: 1 where more clauses praise than do not; the last clause
            decides where they are equally many.
        polarity: At each word of a clause, whether the clause praises.
        previous: At each word of a clause, whether the one before did.

    Shapes:
        words, polarity, previous: (seq_len, batch), int64; IGNORED where
            there is no label
        lengths, sentiment:        (batch,), int64
    """

    words: torch.Tensor
    lengths: torch.Tensor
    sentiment: torch.Tensor
    polarity: torch.Tensor
    previous: torch.Tensor


def sample_reviews(batch_size, *, most_clauses=4, generator):
    """Sample reviews of "the movie was terribly exciting and ... !".

    Args:
        batch_size: Number of reviews.
        most_clauses: Each review has one to so many clauses, equally likely.
        generator: Where the random numbers come from.

    Returns:
        Reviews: on the CPU.
    """
    counts = torch.randint(
        1, most_clauses + 1, (batch_size,), generator=generator
    ).tolist()
    chances = torch.tensor([verdict.chance for verdict in VERDICTS])
    drawn = torch.multinomial(
        chances, sum(counts), replacement=True, generator=generator
    ).tolist()
    nouns = torch.randint(
        len(NOUNS), (sum(counts),), generator=generator
    ).tolist()
    clauses = [
        (("the", NOUNS[noun], "was", *VERDICTS[one].words), VERDICTS[one][1])
        for noun, one in zip(nouns, drawn, strict=True)
    ]
    reviews = []
    for count in counts:
        reviews.append(clauses[:count])
        clauses = clauses[count:]
    return collate(reviews)


def collate(reviews):
    """Put reviews side by side.

    Args:
        reviews: For each review its clauses, pairs of words and polarity.

    Returns:
        Reviews: on the CPU.
    """
    columns = [_label(clauses) for clauses in reviews]
    lengths = [len(words) for words, _, _ in columns]
    sizes = max(lengths), len(columns)
    batch = Reviews(
        torch.zeros(sizes, dtype=torch.int64),
        torch.tensor(lengths),
        torch.tensor([_sentiment([p for _, p in one]) for one in reviews]),
        torch.full(sizes, IGNORED),
        torch.full(sizes, IGNORED),
    )
    for n, (words, polarity, previous) in enumerate(columns):
        batch.words[: len(words), n] = encode(words)[:, 0]
        batch.polarity[: len(words), n] = torch.tensor(polarity)
        batch.previous[: len(words), n] = torch.tensor(previous)
    return batch


def encode(words):
    """Return the numbers of some words as a batch of one sequence.

    Args:
        words: A text, split at blanks, or a sequence of words.

    Shapes:
        returns: (seq_len, 1), int64

    Raises:
        KeyError: a word is not in the vocabulary.

    Example:
        >>> encode("the movie was").tolist()
        [[1], [5], [2]]
    """
    words = words.split() if isinstance(words, str) else words
    return torch.tensor([[_PLACE[word]] for word in words])


def best_guess_from_the_left():
    """Return how often a clause's polarity can be told without its rest.

    The best guess at a word is the likelier polarity, given the words of the
    clause up to there; clauses are independent, so what stands before the
    clause does not help.

    Units:
        Fraction of the words of clauses.

    Returns:
        float: the best accuracy of anything that reads to the right.
    """
    right = length = 0.0
    for verdict in VERDICTS:
        beginnings = [verdict.words[:k] for k in range(len(verdict.words) + 1)]
        beginnings = [()] * 2 + beginnings  # "the" and the noun tell nothing
        for beginning in beginnings:
            praise = chance_of_praise(beginning)
            right += verdict.chance * max(praise, 1 - praise)
        length += verdict.chance * len(beginnings)
    return right / length


def chance_of_praise(beginning):
    """Return the probability that a clause praises, given its beginning.

    Args:
        beginning: The words after "was", as far as they have been read.
    """
    beginning = tuple(beginning)
    fitting = [v for v in VERDICTS if v.words[: len(beginning)] == beginning]
    total = sum(verdict.chance for verdict in fitting)
    return sum(v.chance for v in fitting if v.polarity) / total


def _label(clauses):
    """Return the words of a review and both labels of each word."""
    words, polarity, previous = [], [], []
    before = IGNORED
    for clause, praises in clauses:
        if words:
            words.append("and")
            polarity.append(IGNORED)
            previous.append(IGNORED)
        words += clause
        polarity += [praises] * len(clause)
        previous += [before] * len(clause)
        before = praises
    return (
        [*words, "!"],
        [*polarity, IGNORED],
        [*previous, IGNORED],
    )


def _sentiment(polarities):
    """Return the majority, or the last where there is none."""
    twice = 2 * sum(polarities)
    if twice == len(polarities):
        return polarities[-1]
    return int(twice > len(polarities))
