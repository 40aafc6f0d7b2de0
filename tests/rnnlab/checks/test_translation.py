"""Odd answers to the checks of chapter 10, each with its sentence.

The messages that name a mistake are kept in ``golden/``. After a change of
wording write them anew and read the difference as the student who failed:

    REGENERATE=1 pytest tests/rnnlab/checks/test_translation.py
"""

import os
from pathlib import Path

import pytest
import torch

from reference import translation
from reference.mistakes import MISTAKES
from reference.number_rules import translate_numbers
from rnnlab import checks
from rnnlab.checks import drive
from rnnlab.checks.outcome import CheckFailed, Verdict
from rnnlab.translation import numbers

GOLDEN = Path(__file__).parent / "golden"
OURS = (
    "attention",
    "decoder_step",
    "masked_loss",
    "greedy_decode",
    "translate_numbers",
)


def visible(name, function, rows=()):
    """Return the outcome of a visible check."""
    check = checks.CHECKS[name]
    reports = check.reports(function, check.public)
    return check.judge_visible(reports, check.public, rows)


@pytest.mark.parametrize(
    "mistake",
    [mistake for mistake in MISTAKES if mistake.check in OURS],
    ids=lambda mistake: f"{mistake.check}-{mistake.id}",
)
def test_message_is_the_one_that_was_reviewed(mistake):
    """Byte for byte."""
    outcome = visible(mistake.check, mistake.variant, None)
    # A frame says where in the catalogue the mistake stands; leave it out.
    lines = outcome.message.splitlines()
    lines = [line for line in lines if not line.startswith("  at  ")]
    text = "\n".join(lines) + "\n"
    file = GOLDEN / mistake.check / f"{mistake.id}.txt"
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    assert file.read_bytes() == text.encode()


@pytest.mark.parametrize("name", OURS)
def test_no_golden_message_is_left_over(name):
    """Each belongs to a mistake of the catalogue."""
    kept = {file.stem for file in (GOLDEN / name).glob("*.txt")}
    assert kept == {m.id for m in MISTAKES if m.check == name}


def said(name, function):
    """Return the words of a visible check that fails."""
    outcome = visible(name, function)
    assert not outcome.passed
    return " ".join(outcome.message.split())


def test_attention_that_changes_its_input_is_told_so():
    """Scaling the keys in place is seen."""

    def spoils(query, keys, values, is_padding):
        result = translation.attention(query, keys, values, is_padding)
        keys.mul_(2)
        return result

    assert "changed its input keys" in said("attention", spoils)


def test_attention_cut_from_the_graph_is_told_so():
    """A detached context has no gradient."""

    def cuts(*arguments):
        return tuple(t.detach() for t in translation.attention(*arguments))

    assert "No gradient reaches" in said("attention", cuts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.float(), "float32, expected float64"),
        (lambda t: t[:-1], "has shape"),
        (lambda t: t * torch.nan, "holds nan"),
        (lambda t: t.tolist(), "not a torch.Tensor"),
        (lambda _: None, "is None"),
    ],
)
def test_odd_contexts_get_a_sentence(change, words):
    """Dtype, shape, NaN, a list and nothing."""

    def odd(*arguments):
        context, weights = translation.attention(*arguments)
        return change(context), weights

    assert words in said("attention", odd)


def test_weights_that_overflow_fail_the_hidden_check():
    """A softmax written without care is Inf where scores are large."""

    def careless(query, keys, values, is_padding):
        scores = (keys * query).sum(2) / query.shape[1] ** 0.5
        powers = scores.exp().masked_fill(is_padding, 0)
        weights = powers / powers.sum(0)
        return (weights[:, :, None] * values).sum(0), weights

    check = checks.CHECKS["attention"]
    assert visible("attention", careless).passed
    with pytest.raises(CheckFailed, match="thousands"):
        check.hidden(careless)


def test_decoder_step_wants_an_lstm_state():
    """A bare pair is refused with the way to mend it."""

    def bare(*arguments):
        output, state, weights = translation.decoder_step(*arguments)
        return output, tuple(state), weights

    assert "not an LSTMState" in said("decoder_step", bare)


def test_decoder_step_without_attention_cannot_be_checked():
    """The task that is missing is named."""

    def attention(*_):
        raise NotImplementedError

    def step(x, fed, state, memory, mask, cell, combine):
        del x, fed, cell, combine
        return attention(state.hidden_state, memory, memory, mask)

    outcome = visible("decoder_step", step)
    assert outcome.verdict is Verdict.CANNOT_CHECK
    assert "calls attention" in outcome.message


def test_loss_as_a_number_is_refused():
    """A float has no gradient."""

    def number(*arguments):
        return translation.masked_loss(*arguments).item()

    assert "not a torch.Tensor" in said("masked_loss", number)


def test_loss_that_divides_by_zero_is_seen():
    """A mean of means fails where a sentence is all padding."""

    def means(logits, targets, padding_index):
        real = targets != padding_index
        logs = -torch.log_softmax(logits, 2)
        costs = logs.gather(2, targets[:, :, None])[:, :, 0]
        return ((costs * real).sum(0) / real.sum(0)).mean()

    check = checks.CHECKS["masked_loss"]
    with pytest.raises(CheckFailed):
        check.hidden(means)


def test_decoding_without_end_is_stopped():
    """A loop that forgets max_len does not run for ever."""

    def endless(next_logits, state, tokens, max_len):
        del max_len
        while True:
            logits, state = next_logits(tokens, state)
            tokens = logits.argmax(1)

    assert "does not stop at max_len" in said("greedy_decode", endless)


@pytest.mark.parametrize(
    "spoil", [lambda t: t.float(), lambda t: t[:1], lambda t: t[:, None]]
)
def test_tokens_of_the_wrong_kind_are_refused(spoil):
    """The model says what it wants to be fed."""

    def odd(next_logits, state, tokens, max_len):
        del max_len
        return next_logits(spoil(tokens), state)[0]

    assert "one int64 token" in said("greedy_decode", odd)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (lambda _: "a text", "not a list"),
        (lambda _: [1, 2], "not a list of texts"),
        (lambda given: given[:-1], "texts for"),
        (lambda given: [*given, ""], "texts for"),
    ],
)
def test_odd_translations_get_a_sentence(odd, words):
    """A text, numbers, too few and too many."""
    assert words in said("translate_numbers", odd)


@pytest.mark.parametrize("wrong", [0, 8, 9])
def test_the_bar_is_eight_in_ten(wrong):
    """8 wrong of 40 pass, 9 do not."""

    def some(sources):
        right = translate_numbers(sources)
        return ["falsch"] * (wrong * len(right) // 40) + right[
            wrong * len(right) // 40 :
        ]

    assert visible("translate_numbers", some).passed == (wrong <= 8)


def test_numbers_of_the_check_are_held_out_and_follow_from_the_nonce():
    """None of them may be trained on; another nonce asks for others."""
    check = checks.CHECKS["translate_numbers"]
    asked = [
        [line.number for line in case.sentences()]
        for nonce in ("a", "b")
        for case in check.challenge(nonce)
    ]
    assert all(numbers.is_held_out(n) for each in asked for n in each)
    assert asked[0] != asked[2]


def test_a_translation_that_depends_on_its_neighbours_is_seen():
    """Each sentence also comes alone."""

    def only_together(sources):
        if len(sources) == 1:
            return [""]
        return translate_numbers(sources)

    with pytest.raises(CheckFailed, match="comes alone"):
        checks.translate_numbers.hidden(only_together)


def test_long_and_strange_texts_are_cut_and_shown_in_ascii():
    """A megabyte of umlauts makes a small answer and a narrow message."""
    check = checks.CHECKS["translate_numbers"]
    long = check.reports(
        lambda given: ["\u00fc" * 10**6] * len(given), check.public
    )
    assert all(report.status == drive.RETURNED for report in long)
    outcome = check.judge_visible(long, check.public, [])
    assert outcome.message.isascii()
    assert max(map(len, outcome.message.splitlines())) <= 80
