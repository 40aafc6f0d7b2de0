"""The translator's kit: text, pieces, weights, training, checkpoints."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from reference import translation as written
from rnnlab.plots.alignment import draw_alignment
from rnnlab.translation import checkpoints, numbers, scores, training
from rnnlab.translation.model import Shape, Translator
from rnnlab.translation.pieces import END, PADDING, Vocabulary, stack

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
SETTINGS = training.Settings(updates=12, batch_size=4)
TEXTS = ["twenty-six", "one hundred", "sechsundzwanzig", "einhundert"]
SHAPES = [
    Shape(8),
    Shape(8, bidirectional=False),
    Shape(8, encoder="GRU"),
    Shape(8, num_layers=3, residual=False),
]


def small():
    """Return vocabulary and encoded text of a few numbers."""
    generator = torch.Generator().manual_seed(0)
    drawn = numbers.draw(30, 3, held_out=False, generator=generator)
    lines = numbers.sentences(drawn, ["de"])
    sides = [side for line in lines for side in (line.source, line.target)]
    words = Vocabulary(sides, 20, ["de"])
    return words, training.encode(lines, words)


def train(path=None, **changes):
    """Train a tiny translator; return it with losses and norms."""
    words, pairs = small()
    model = Translator(len(words), Shape(8), seed=0)
    found = training.fit(
        model,
        pairs,
        SETTINGS._replace(**changes),
        written.decoder_step,
        written.masked_loss,
        path=path,
        every=3,
        progress=False,
    )
    return model, *found


@pytest.mark.parametrize("held_out", [True, False])
def test_drawn_numbers_keep_the_rule(held_out):
    """All are different, of every length, on the right side of the rule."""
    generator = torch.Generator().manual_seed(0)
    drawn = numbers.draw(60, 4, held_out=held_out, generator=generator)
    assert len(set(drawn)) == 60
    assert all(numbers.is_held_out(n) == held_out for n in drawn)
    assert {len(str(n)) for n in drawn} == {1, 2, 3, 4}


def test_every_digit_is_found_in_every_place_on_both_sides():
    """Seven and ten share no factor."""
    for held_out in (True, False):
        names = [
            f"{n:04}"
            for n in range(10_000)
            if numbers.is_held_out(n) == held_out
        ]
        for place in range(4):
            assert {name[place] for name in names} == set("0123456789")


def test_too_many_numbers_are_refused():
    """There are 14 held-out numbers below 100."""
    generator = torch.Generator().manual_seed(0)
    with pytest.raises(ValueError, match="too many"):
        numbers.draw(50, 2, held_out=True, generator=generator)


@pytest.mark.parametrize("merges", [0, 5, 40, 10_000])
def test_text_survives_its_pieces(merges):
    """Encoding and decoding give the text back, whatever was merged."""
    words = Vocabulary(TEXTS, merges, ["de"])
    for text in TEXTS:
        encoded = words.encode(text, "de")
        assert words.tokens[encoded[0]] == "<de>"
        assert encoded[-1] == END
        assert words.decode([*encoded[1:], PADDING, 5]) == text


def test_merging_takes_the_most_frequent_pair_first():
    """In these texts that is "n" before "d" or "a" before "n"."""
    assert Vocabulary(["abab ab", "abc"], 1).tokens[-1] == "ab"


def test_pieces_do_not_cross_spaces():
    """A space stands at the beginning of a piece or nowhere."""
    words = Vocabulary(["one two one two one two"], 100)
    assert all("_" not in token[1:] for token in words.tokens)


@pytest.mark.parametrize("shape", SHAPES)
def test_padding_does_not_leak(shape):
    """A sentence has the same logits alone and beside a longer one."""
    words, pairs = small()
    model = Translator(len(words), shape, seed=1).double()
    short, long = sorted(pairs, key=lambda pair: len(pair[0]))[
        :: len(pairs) - 1
    ]
    target = stack([short[1]])
    alone = model(stack([short[0]]), target, written.decoder_step)
    both = model(
        stack([short[0], long[0]]),
        target.expand(-1, 2),
        written.decoder_step,
    )
    assert len(short[0]) < len(long[0])
    assert torch.allclose(alone[:, 0], both[:, 0])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_target_token_sees_only_those_before_it(shape):
    """Another last token changes no logits: they come before it."""
    words, pairs = small()
    model = Translator(len(words), shape, seed=1)
    source, target = (stack([side]) for side in pairs[0])
    changed = target.clone()
    changed[-1] = 4
    first, second = (
        model(source, each, written.decoder_step) for each in (target, changed)
    )
    assert torch.equal(first, second)


def test_decoding_and_training_compute_the_same():
    """Fed the right tokens, one step at a time gives the logits of forward."""
    words, pairs = small()
    model = Translator(len(words), Shape(8), seed=1).double()
    source, target = (stack([side]) for side in pairs[0])
    right = model(source, target, written.decoder_step)
    ask, state = model.prepare(source, written.decoder_step)
    tokens = torch.tensor([1])
    for t, token in enumerate(target):
        logits, state = ask(tokens, state)
        assert torch.allclose(logits, right[t])
        tokens = token


def test_seeds_decide_and_the_global_state_is_left_alone():
    """The same seed makes the same weights; torch's own generator rests."""
    before = torch.get_rng_state()
    one, same, other = (
        Translator(9, Shape(8), seed=seed).state_dict() for seed in (0, 0, 1)
    )
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["readout.weight"], other["readout.weight"])


def test_forget_gates_start_where_the_shape_says():
    """Both directions, all layers and the decoder's cell."""
    model = Translator(9, Shape(8, forget_bias=2.5), seed=0)
    found = [
        parameter[len(parameter) // 4 : len(parameter) // 2]
        for name, parameter in model.named_parameters()
        if "bias_ih" in name
    ]
    assert len(found) == 5
    assert all((rows == 2.5).all() for rows in found)


def test_training_lowers_the_loss_and_clips():
    """Forty updates are enough to see it; norms are those before clipping."""
    _, losses, norms = train(updates=40, learning_rate=0.01)
    assert losses[-1] < 0.8 * losses[0]
    assert len(losses) == len(norms) == 40
    _, clipped, _ = train(updates=3, max_norm=1e-9, optimizer="sgd")
    _, free, _ = train(updates=3, max_norm=1e9, optimizer="sgd")
    assert clipped[0] == free[0]
    assert clipped[-1] != free[-1]


CHILD = """
import sys
sys.path[:0] = [{solutions!r}, {here!r}]
import test_translation as ours
from rnnlab.translation import training

update = training._Run.update
def told(run, *rest):
    update(run, *rest)
    print(len(run.losses), flush=True)
    if len(run.losses) == 8:
        input()
training._Run.update = told
ours.train({path!r})
"""


def test_a_killed_run_goes_on_exactly(tmp_path):
    """Killed at update 8, resumed from the checkpoint of 6: same losses."""
    path = tmp_path / "run" / "translator.pt"
    code = CHILD.format(
        solutions=str(SOLUTIONS),
        here=str(Path(__file__).parent),
        path=str(path),
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        for line in child.stdout:
            if line.strip() == "8":
                break
        child.send_signal(signal.SIGKILL)
    assert len(checkpoints.load(path)["losses"]) == 6
    resumed, losses, norms = train(path)
    unbroken, right, right_norms = train()
    assert losses == right
    assert norms == right_norms
    for ours, theirs in zip(
        resumed.parameters(), unbroken.parameters(), strict=True
    ):
        assert torch.equal(ours, theirs)


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    """Other settings need another path."""
    train(tmp_path / "a.pt")
    with pytest.raises(ValueError, match="other settings"):
        train(tmp_path / "a.pt", seed=1)


def test_a_failed_save_leaves_the_old_checkpoint(tmp_path):
    """What cannot be written never takes the old one's place."""
    path = tmp_path / "a.pt"
    checkpoints.save(path, {"update": 1})
    with pytest.raises(Exception, match="pickle"):
        checkpoints.save(path, {"update": lambda: None})
    assert checkpoints.load(path) == {"update": 1}
    assert checkpoints.load(tmp_path / "none.pt") is None


def test_progress_goes_to_stdout(capfd):
    """In a graded cell nothing may reach stderr."""
    words, pairs = small()
    training.fit(
        Translator(len(words), Shape(8), seed=0),
        pairs,
        SETTINGS,
        written.decoder_step,
        written.masked_loss,
    )
    printed, complained = capfd.readouterr()
    assert "12/12" in printed
    assert complained == ""


def test_scores_of_right_and_wrong_texts():
    """Exact match counts texts, BLEU forgives one wrong letter in many."""
    right = ["einundzwanzig", "zweiunddreissig"]
    wrong = ["einundzwanzig", "zweiunddreissik"]
    assert scores.exact_match(right, right) == 1
    assert scores.exact_match(wrong, right) == 0.5
    assert scores.letter_bleu(right, right) == pytest.approx(100)
    assert 80 < scores.letter_bleu(wrong, right) < 100


def test_alignment_shows_the_weights_and_marks_the_largest():
    """One row a target piece, a cross in the column of its largest weight."""
    weights = np.array([[0.1, 0.9], [0.7, 0.3], [0.5, 0.5]])
    ax = draw_alignment(weights, ["six", "ty"], ["sech", "zig", "<end>"])
    (image,) = ax.images
    assert np.array_equal(image.get_array(), weights)
    assert [mark.get_position() for mark in ax.texts] == [
        (1, 0),
        (0, 1),
        (0, 2),
    ]
    assert ax.get_yticklabels()[0].get_text() == "sech"


def test_losses_are_plain_numbers(tmp_path):
    """They survive JSON."""
    _, losses, norms = train(tmp_path / "a.pt")
    assert json.loads(json.dumps([losses, norms])) == [losses, norms]
