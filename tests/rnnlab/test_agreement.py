"""The grammar of agreement, and the loader of the published data."""

import pytest
import torch

from rnnlab import agreement

SEEDS = [0, 1, 2]
seeds = pytest.mark.parametrize("seed", SEEDS)
#: The published file's columns, in its order.
COLUMNS = (
    *("sentence", "orig_sentence", "pos_sentence", "subj", "verb"),
    *("subj_pos", "has_rel", "has_nsubj", "verb_pos", "subj_index"),
    *("verb_index", "n_intervening", "last_intervening"),
    *("n_diff_intervening", "distance", "max_depth", "all_nouns"),
    "nouns_up_to_verb",
)


def sample(seed, batch=60):
    """Return sentences with 0 to 3 attractors and 0 to 2 helpers."""
    generator = torch.Generator().manual_seed(seed)
    attractors = torch.randint(4, (batch,), generator=generator)
    helpers = torch.randint(3, (batch,), generator=generator)
    drawn = agreement.sample_sentences(
        attractors, helpers, generator=generator
    )
    return drawn, attractors, helpers


def number_of(word, pairs):
    """Return 0 or 1 for a form of a lemma, or None for another word."""
    for pair in pairs:
        if word in pair:
            return pair.index(word)
    return None


@seeds
def test_sentences_follow_the_grammar(seed):
    """Read word by word, each is a sentence and its facts are true."""
    drawn, attractors, helpers = sample(seed)
    for b in range(60):
        words = [agreement.VOCABULARY[w] for w in drawn.words[:, b]]
        verb = int(drawn.verb_steps[b])
        between = int(attractors[b] + helpers[b])
        assert verb == 2 + 3 * between
        assert words[0] == "the"
        subject = number_of(words[1], agreement.NOUNS)
        for step in range(2, verb, 3):
            assert words[step] in agreement.PREPOSITIONS
            assert words[step + 1] == "the"
        nouns = [number_of(w, agreement.NOUNS) for w in words]
        assert [n if n is not None else -1 for n in nouns] == (
            drawn.noun_numbers[:, b].tolist()
        )
        middle = [nouns[step + 2] for step in range(2, verb, 3)]
        assert sum(n != subject for n in middle) == attractors[b]
        assert drawn.attractors[b] == attractors[b]
        assert number_of(words[verb], agreement.VERBS) == subject
        assert words[verb + 1] == "the"
        assert nouns[verb + 2] is not None
        assert set(words[verb + 3 :]) == {"."}
        pair = {drawn.verbs[b].item(), drawn.other_verbs[b].item()}
        forms = {agreement.VOCABULARY[w] for w in pair}
        assert forms in [set(verbs) for verbs in agreement.VERBS]
        assert drawn.words[verb, b] == drawn.verbs[b]


def test_attractors_stand_anywhere_among_the_nouns():
    """One attractor and two helpers: each of the three places occurs."""
    generator = torch.Generator().manual_seed(0)
    one = torch.ones(300, dtype=torch.int64)
    drawn = agreement.sample_sentences(one, 2 * one, generator=generator)
    differs = drawn.noun_numbers[4:12:3] != drawn.noun_numbers[1]
    share = differs.double().mean(dim=1)
    assert (share - 1 / 3).abs().max() < 0.1


@seeds
def test_a_corpus_has_the_frequencies_asked_for(seed):
    """Of going on and of differing, within sampling error."""
    generator = torch.Generator().manual_seed(seed)
    drawn = agreement.sample_corpus(
        20_000, more=0.3, differ=0.2, longest=3, generator=generator
    )
    between = (drawn.verb_steps - 2) // 3
    goes_on = (between > 0).double().mean()
    assert abs(float(goes_on) - 0.3) < 0.015
    share = drawn.attractors.sum() / between.sum()
    assert abs(float(share) - 0.2) < 0.02
    assert between.max() == 3


def test_it_follows_from_the_generator_alone():
    """Same seed, same sentences; the global generator is left alone."""
    before = torch.random.get_rng_state()
    first, second, other = (sample(seed)[0] for seed in (0, 0, 1))
    assert all(map(torch.equal, first, second))
    assert not torch.equal(first.verbs, other.verbs)
    assert torch.equal(before, torch.random.get_rng_state())


def test_next_word_loss_ends_with_the_sentence():
    """What is predicted after the first full stop does not count."""
    drawn, *_ = sample(0)
    words = drawn.words
    right = 50 * agreement.one_hot_words(words.roll(-1, dims=0))
    assert float(agreement.next_word_loss(right, words)) < 1e-6
    spoilt = torch.where((words == agreement.STOP)[..., None], -right, right)
    assert float(agreement.next_word_loss(spoilt, words)) < 1e-6
    assert float(agreement.next_word_loss(-right, words)) > 1


def test_outputs_at_verbs_are_those_of_the_step_before():
    """Entry b is the output of step verb_steps[b] - 1."""
    outputs = torch.arange(24.0).reshape(4, 3, 2)
    found = agreement.at_verbs(outputs, torch.tensor([1, 3, 2]))
    assert torch.equal(
        found, torch.stack([outputs[0, 0], outputs[2, 1], outputs[1, 2]])
    )


def row(**fields):
    """Return a line of the published file."""
    given = dict.fromkeys(COLUMNS, "na") | fields
    return "\t".join(str(given[column]) for column in COLUMNS)


def write(path, *rows, columns=COLUMNS):
    """Write a file in the published format."""
    text = "\n".join(["\t".join(columns), *rows]) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = row(
    sentence='the writer of the "books is late .',
    verb_pos="VBZ",
    verb_index=6,
    n_diff_intervening=1,
)
PLURAL = row(
    sentence="the keys are here .",
    verb_pos="VBP",
    verb_index=3,
    n_diff_intervening=0,
)


def test_loader_reads_the_published_columns(tmp_path):
    """Number from verb_pos, prefix from verb_index, quotes left alone."""
    path = write(tmp_path / "agr.tsv", GOOD, PLURAL)
    assert agreement.load_agreement(path) == [
        (("the", "writer", "of", "the", '"books'), agreement.SINGULAR, 1),
        (("the", "keys"), agreement.PLURAL, 0),
    ]
    assert len(agreement.load_agreement(str(path), limit=1)) == 1
    assert agreement.load_agreement(path, limit=0) == []


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"verb_pos": "VBD"}, "line 3: verb_pos is 'VBD'"),
        ({"verb_index": "na"}, "line 3: a number is missing"),
        ({"n_diff_intervening": ""}, "line 3: a number is missing"),
        ({"verb_index": 9}, "line 3: verb_index lies outside"),
        ({"verb_index": 0}, "line 3: verb_index lies outside"),
    ],
)
def test_loader_says_which_row_is_odd(tmp_path, bad, says):
    """The message names the line."""
    fields = {
        "sentence": "the keys are here .",
        "verb_pos": "VBP",
        "verb_index": 3,
        "n_diff_intervening": 0,
    }
    path = write(tmp_path / "agr.tsv", GOOD, row(**(fields | bad)))
    with pytest.raises(ValueError, match=says):
        agreement.load_agreement(path)


def test_loader_says_which_column_is_missing(tmp_path):
    """An empty file lacks all of them."""
    columns = [c for c in COLUMNS if c != "verb_index"]
    path = write(tmp_path / "agr.tsv", columns=columns)
    with pytest.raises(ValueError, match="no column verb_index"):
        agreement.load_agreement(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="no column sentence, verb_pos"):
        agreement.load_agreement(path)
