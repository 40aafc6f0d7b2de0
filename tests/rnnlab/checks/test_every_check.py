"""What holds for every check, whatever it checks."""

import json
import time

import pytest
from trying import (
    NONCE,
    answered,
    flat,
    hidden,
    require_readable,
    right,
    rows,
    unwritten,
    visible,
)

from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks import fingerprints, message
from rnnlab.checks.outcome import CheckFailed, Verdict

#: Checks whose judge runs something long; they get fewer nonces.
SLOW = {"hold_forever": 3, "gru_hold_forever": 3, "counting_lstm": 3}

every_check = pytest.mark.parametrize("name", checks.CHECKS)
every_mistake = pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.check}-{mistake.id}"
)


@every_check
def test_reference_passes_the_visible_check(name):
    """The right function passes."""
    assert visible(name, right(name)).verdict is Verdict.PASSED


@every_check
def test_reference_passes_the_hidden_check_for_many_nonces(name):
    """The right function passes whatever is drawn."""
    for number in range(SLOW.get(name, 20)):
        outcome = hidden(name, right(name), f"nonce {number}")
        assert outcome.passed, outcome.message


@every_check
def test_visible_check_is_quick(name):
    """A learner waits less than a second."""
    visible(name, right(name))
    start = time.process_time()
    visible(name, right(name))
    assert time.process_time() - start < 1


@every_check
def test_untouched_exercise_is_not_attempted(name):
    """A stub is no mistake, visible, hidden and by way of an answer."""
    for outcome in (
        visible(name, unwritten),
        hidden(name, unwritten),
        answered(name, unwritten),
    ):
        assert outcome.verdict is Verdict.NOT_ATTEMPTED
        require_readable(outcome.message)


@every_mistake
def test_mistake_is_caught_and_named(mistake):
    """The visible check catches every mistake and says which it is."""
    outcome = visible(mistake.check, mistake.variant)
    assert not outcome.passed
    assert outcome.mistake == mistake.id
    assert mistake.sentence in flat(outcome)
    require_readable(outcome.message)


@every_mistake
def test_answer_of_a_mistake_is_judged_alike(mistake):
    """What went through JSON gets the same verdict and the same words."""
    outcome = visible(mistake.check, mistake.variant)
    assert answered(mistake.check, mistake.variant) == outcome


@every_check
def test_answer_of_the_reference_passes(name):
    """The right function passes by way of an answer."""
    assert answered(name, right(name)).passed


@every_check
def test_check_has_eight_mistakes_that_differ(name):
    """At least eight, and no two that do the same on every case."""
    known = rows(name)
    assert len(known) >= 8
    assert len({row["mistake"] for row in known}) == len(known)
    for number, row in enumerate(known):
        for other in known[:number]:
            pairs = zip(row["signatures"], other["signatures"], strict=True)
            assert not all(fingerprints.same(*pair) for pair in pairs), (
                row["mistake"],
                other["mistake"],
            )


@every_check
def test_fingerprints_are_plain_data(name):
    """They survive JSON unchanged."""
    assert json.loads(json.dumps(rows(name))) == rows(name)


@every_mistake
def test_sentence_of_a_mistake_is_a_sentence(mistake):
    """It ends with a full stop and fits two lines."""
    assert mistake.sentence.endswith((".", "?"))
    assert len(mistake.sentence) <= 2 * message.WIDTH
    assert mistake.sentence.isascii()


@every_check
def test_calling_a_check_prints_or_raises(name, capfd):
    """Passed is printed on stdout; everything else raises the paragraph."""
    check = checks.CHECKS[name]
    assert check(right(name)) is None
    assert check.hidden(right(name)) is None
    printed, complained = capfd.readouterr()
    assert printed.count("PASSED") == 2
    assert complained == ""
    with pytest.raises(CheckFailed) as caught:
        check(unwritten)
    shown = caught.value._render_traceback_()
    assert shown[0] == f"NOT ATTEMPTED  {name}"
    with pytest.raises(CheckFailed, match="NOT ATTEMPTED"):
        check.hidden(unwritten)


@every_check
def test_hidden_message_tells_no_numbers(name):
    """It names the property and the kind of input."""
    outcome = hidden(name, lambda *_, **__: None)
    assert "hidden check" in outcome.message
    assert "seed" not in outcome.message
    assert "expected" not in outcome.message


@every_check
def test_challenge_follows_from_the_nonce_alone(name):
    """The same nonce gives the same cases, another one gives others."""
    check = checks.CHECKS[name]
    assert check.challenge(NONCE) == check.challenge(NONCE)
    first, second = (
        {case.seed for case in check.challenge(nonce)}
        for nonce in (NONCE, "another")
    )
    assert len(first - second) > len(first) // 2


@every_check
def test_three_hints_that_fit(name, capsys):
    """Three hints, each of them short; a number too large gives the last."""
    check = checks.CHECKS[name]
    assert len(check.hints) == 3
    assert "?" in check.hints[0]
    for number in (1, 2, 3, 4):
        checks.hint(name, number)
        text = capsys.readouterr().out.rstrip("\n")
        require_readable(text)
        assert " ".join(check.hints[min(number, 3) - 1].split()) in " ".join(
            text.split()
        )


def test_hint_for_an_unknown_task_lists_the_known_ones():
    """The message is a list of names."""
    with pytest.raises(KeyError, match=next(iter(checks.CHECKS))):
        checks.hint("nonsense")
