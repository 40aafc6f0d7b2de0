"""Odd answers to the checks of chapter 10, each with its sentence."""

import pytest
import torch
from trying import refusal, visible

from reference import translation
from reference.number_rules import translate_numbers
from rnnlab import checks
from rnnlab.checks import drive
from rnnlab.checks.outcome import CheckFailed
from rnnlab.translation import numbers


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

    assert words in refusal("attention", odd)


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

    assert "not an LSTMState" in refusal("decoder_step", bare)


def test_loss_as_a_number_is_refused():
    """A float has no gradient."""

    def number(*arguments):
        return translation.masked_loss(*arguments).item()

    assert "not a torch.Tensor" in refusal("masked_loss", number)


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

    assert "does not stop at max_len" in refusal("greedy_decode", endless)


@pytest.mark.parametrize(
    "spoil", [lambda t: t.float(), lambda t: t[:1], lambda t: t[:, None]]
)
def test_tokens_of_the_wrong_kind_are_refused(spoil):
    """The model says what it wants to be fed."""

    def odd(next_logits, state, tokens, max_len):
        del max_len
        return next_logits(spoil(tokens), state)[0]

    assert "one int64 token" in refusal("greedy_decode", odd)


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
    assert words in refusal("translate_numbers", odd)


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
