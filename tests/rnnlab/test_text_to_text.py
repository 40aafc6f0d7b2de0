"""Five tasks as text to text: tokens, samples, the model, and the record."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from torch import nn

from rnnlab import text_to_text
from rnnlab.text_to_text import LENGTH, TASKS, TOKENS

BOOK = Path(__file__).resolve().parents[2] / "book"
SEEDS = [0, 1, 2]


def text_of(codes):
    """Return the text that some tokens spell, up to the first END."""
    return "".join(TOKENS[code] for code in codes).partition("</s>")[0]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("count a: abacd", ["count a:", "a", "b", "a", "c", "d"]),
        ("yes", ["yes"]),
        ("no", ["no"]),
        ("2", ["2"]),
        ("abcd", ["a", "b", "c", "d"]),
        ("a", ["a"]),
    ],
)
def test_words_are_tokens_and_letters_are_tokens(text, tokens):
    """A prefix and an answer in words are one token each."""
    assert text_to_text.tokenize(text) == tokens
    assert all(token in TOKENS for token in tokens)


def test_tasks_do_what_their_names_say():
    """One text through all of them."""
    found = {task: answer("dabca") for task, answer in TASKS.items()}
    assert found == {
        "copy": "dabca",
        "reverse": "acbad",
        "sort": "aabcd",
        "count a": "2",
        "equal ends": "no",
    }
    assert TASKS["equal ends"]("abcda") == "yes"


def test_no_text_is_trained_on_and_asked():
    """The two parts are disjoint and together all there are."""
    kept, held = (text_to_text.texts(held_out=h) for h in (False, True))
    assert not set(kept) & set(held)
    assert len(set(kept) | set(held)) == 4**LENGTH
    assert len(held) == 4**LENGTH // 5


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("prefix", [True, False])
def test_samples_are_right_and_never_held_out(seed, prefix):
    """Every target is its task's answer to the letters of its input."""
    generator = torch.Generator().manual_seed(seed)
    batch = text_to_text.sample(50, generator, prefix=prefix)
    held = set(text_to_text.texts(held_out=True))
    names = list(TASKS)
    for asked, answer, task in zip(
        batch.inputs.T, batch.targets.T, batch.tasks, strict=True
    ):
        said = text_of(asked)
        if prefix:
            name, _, said = said.rpartition(":")
            assert name == names[task]
        assert said not in held
        assert text_of(answer) == TASKS[names[task]](said)


def test_a_subset_of_the_tasks_is_sampled_alone():
    """Only the tasks that are named occur, and all of them."""
    generator = torch.Generator().manual_seed(0)
    batch = text_to_text.sample(200, generator, ("reverse", "count a"))
    assert set(batch.tasks.tolist()) == {1, 3}


@pytest.mark.parametrize("layer_class", [nn.GRU, nn.LSTM])
@pytest.mark.parametrize("shared", [False, True])
def test_what_is_written_is_the_likeliest_given_what_was(layer_class, shared):
    """Told its own answer, the model finds the same tokens likeliest."""
    model = text_to_text.EncoderDecoder(layer_class, 8, seed=0, shared=shared)
    batch = text_to_text.held_out()
    answer = model.answer(batch.inputs)
    assert answer.shape == batch.targets.shape
    assert torch.equal(model(batch.inputs, answer).argmax(-1), answer)


def test_model_depends_on_its_seed_alone():
    """The global random state is neither read nor moved."""
    state = torch.get_rng_state()
    first, second, third = (
        text_to_text.EncoderDecoder(nn.GRU, 4, seed=seed).readout.weight
        for seed in (0, 0, 1)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, third)
    assert torch.equal(torch.get_rng_state(), state)


def test_exact_matches_count_whole_answers():
    """A model that always writes one answer is right where it is right."""

    class Constant:
        """Answers the first target to everything."""

        def __init__(self, batch):
            self.target = batch.targets[:, :1]

        def answer(self, inputs):
            """Return the same tokens for each input."""
            return self.target.expand(-1, inputs.shape[1])

    batch = text_to_text.held_out()
    found = text_to_text.exact_matches(Constant(batch), batch)
    each = 1 / len(text_to_text.texts(held_out=True))
    assert found["copy"] == pytest.approx(each)
    assert found["equal ends"] == 0
    assert set(found) == set(TASKS)


def test_training_lowers_the_loss():
    """Thirty updates of a small model."""
    generator = torch.Generator().manual_seed(0)
    model = text_to_text.EncoderDecoder(nn.GRU, 16, seed=0)
    batches = (text_to_text.sample(32, generator) for _ in range(30))
    losses = text_to_text.train(model, batches, learning_rate=1e-2)
    assert len(losses) == 30
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])


def test_record_was_made_by_the_script_as_it_is():
    """The hash in the record is that of the script and its module.

    Where it fails, run ``python book/results/text_to_text.py``.
    """
    record = json.loads(
        (BOOK / "results" / "text_to_text.json").read_text("utf-8")
    )
    files = (
        BOOK / "results" / "text_to_text.py",
        Path(text_to_text.__file__),
    )
    text = "".join(file.read_text("utf-8") for file in files)
    assert record["script"] == hashlib.sha256(text.encode()).hexdigest()
    assert len(record["seeds"]) >= 3
    for runs in record["exact matches"].values():
        assert len(runs) == len(record["seeds"])
        assert all(set(run) == set(TASKS) for run in runs)
