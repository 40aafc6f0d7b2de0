"""The grammar of reviews says what its docstrings say."""

import pytest
import torch

from rnnlab import sentiment
from rnnlab.sentiment import IGNORED, VERDICTS, VOCABULARY

SEEDS = [0, 1, 2]


def sample(seed, count=300, **options):
    """Sample reviews from a seed."""
    generator = torch.Generator().manual_seed(seed)
    return sentiment.sample_reviews(count, generator=generator, **options)


def texts(reviews):
    """Return the words of each review, without padding."""
    return [
        [VOCABULARY[word] for word in column[:length]]
        for column, length in zip(
            reviews.words.T.tolist(), reviews.lengths.tolist(), strict=True
        )
    ]


def clauses(words):
    """Split a review into its clauses."""
    assert words[-1] == "!"
    found = [[]]
    for word in words[:-1]:
        if word == "and":
            found.append([])
        else:
            found[-1].append(word)
    return found


def polarity_of(clause):
    """Tell from a clause's last two words whether it praises."""
    *_, before, last = clause
    if last in sentiment.VERBS:
        return int(before in sentiment.MANNERS[1])
    return int(last in sentiment.ADJECTIVES[1])


def test_vocabulary_has_each_word_once_and_padding_first():
    """A number is a word, and 0 is none."""
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    assert VOCABULARY[0] == sentiment.PADDING
    used = {word for verdict in VERDICTS for word in verdict.words}
    assert used < set(VOCABULARY)


def test_verdicts_are_a_distribution_with_equal_halves():
    """The chances add up to 1, and half of them praise."""
    assert sum(v.chance for v in VERDICTS) == pytest.approx(1)
    praise = sum(v.chance for v in VERDICTS if v.polarity)
    assert praise == pytest.approx(0.5)
    assert len({v.words for v in VERDICTS}) == len(VERDICTS)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_are_those_of_the_words(seed):
    """Read the sentences again and label them independently."""
    reviews = sample(seed)
    for n, words in enumerate(texts(reviews)):
        found = [polarity_of(clause) for clause in clauses(words)]
        assert 1 <= len(found) <= 4
        votes = sum(2 * polarity - 1 for polarity in found)
        expected = found[-1] if votes == 0 else int(votes > 0)
        assert reviews.sentiment[n] == expected
        polarity, previous = [], []
        for k, clause in enumerate(clauses(words)):
            if k:
                polarity.append(IGNORED)
                previous.append(IGNORED)
            polarity += [found[k]] * len(clause)
            previous += [found[k - 1] if k else IGNORED] * len(clause)
        rest = [IGNORED] * (len(reviews.words) - len(polarity))
        assert reviews.polarity[:, n].tolist() == polarity + rest
        assert reviews.previous[:, n].tolist() == previous + rest
        assert (reviews.words[len(words) :, n] == 0).all()


def test_same_generator_gives_the_same_reviews():
    """And another seed gives others; the global state stays as it is."""
    state = torch.random.get_rng_state()
    first, second, other = sample(0), sample(0), sample(1)
    assert torch.equal(first.words, second.words)
    assert texts(first) != texts(other)
    assert torch.equal(state, torch.random.get_rng_state())


def test_number_of_clauses_is_bounded():
    """most_clauses=1 gives reviews of one clause."""
    assert all(
        "and" not in words for words in texts(sample(0, most_clauses=1))
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_chance_of_praise_is_what_a_sample_shows(seed):
    """Of the clauses with "terribly", about 6 in 17 praise."""
    after = [
        polarity_of(clause)
        for words in texts(sample(seed, 3000))
        for clause in clauses(words)
        if clause[3] == "terribly"
    ]
    chance = sentiment.chance_of_praise(["terribly"])
    assert chance == pytest.approx(6 / 17)
    assert sum(after) / len(after) == pytest.approx(chance, abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_best_guess_is_what_guessing_gets(seed):
    """Guess the likelier polarity at each word and count."""
    right = total = 0
    for words in texts(sample(seed, 3000)):
        for clause in clauses(words):
            for end in range(1, len(clause) + 1):
                beginning = clause[3:end]
                guess = sentiment.chance_of_praise(beginning) > 0.5
                right += guess == polarity_of(clause)
                total += 1
    best = sentiment.best_guess_from_the_left()
    assert right / total == pytest.approx(best, abs=0.02)


def test_encode_takes_texts_and_words():
    """Both give a column of numbers; an unknown word is an error."""
    expected = [[VOCABULARY.index(word)] for word in ("the", "movie", "!")]
    assert sentiment.encode("the movie !").tolist() == expected
    assert sentiment.encode(["the", "movie", "!"]).tolist() == expected
    with pytest.raises(KeyError, match="film"):
        sentiment.encode("the film")
