"""What holds for every check, whatever it checks."""

import functools
import importlib
import json
import pkgutil
import time
import warnings

import pytest
import torch

import reference
from reference import fingerprint
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks import drive, fingerprints, message, wire
from rnnlab.checks.outcome import CheckFailed, Verdict

NAMES = tuple(checks.CHECKS)
NONCE = "a nonce"
#: Checks whose judge runs something long; they get fewer nonces.
SLOW = {"hold_forever": 3, "gru_hold_forever": 3, "counting_lstm": 3}

every_check = pytest.mark.parametrize("name", NAMES)
every_mistake = pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.check}-{mistake.id}"
)


@pytest.fixture(autouse=True)
def _one_thread():
    """Run small tensors on one thread, which is faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def right(name):
    """Return the reference implementation of a graded function."""
    for module in pkgutil.iter_modules(reference.__path__):
        found = importlib.import_module(f"reference.{module.name}")
        if callable(getattr(found, name, None)):
            return getattr(found, name)
    raise LookupError(f"no reference implementation of {name}")


@functools.cache
def rows(name):
    """Return the fingerprints of a check's mistakes."""
    return fingerprint.rows(checks.CHECKS[name])


def visible(name, function):
    """Return the outcome of the visible check."""
    check = checks.CHECKS[name]
    reports = check.reports(function, check.public)
    return check.judge_visible(reports, check.public, rows(name))


def hidden(name, function, nonce=NONCE):
    """Return the outcome of the hidden check for a nonce."""
    check = checks.CHECKS[name]
    cases = check.challenge(nonce)
    return check.judge_hidden(check.reports(function, cases), cases)


def answered(name, function):
    """Return the outcome of an answer that went through JSON."""
    check = checks.CHECKS[name]
    cases = [*check.public, *check.challenge(NONCE)]
    reports = check.reports(function, cases)
    answer = json.loads(json.dumps(wire.encode(name, NONCE, reports)))
    return check.judge_answer(answer, NONCE, rows(name))


def stub(*_, **__):
    """Do what an untouched exercise does."""
    raise NotImplementedError


def require_readable(text):
    """Assert the form of a message: short, narrow, plain."""
    lines = text.splitlines()
    assert len(lines) <= message.LINES
    assert max(map(len, lines)) <= message.WIDTH
    assert text.isascii()


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
        visible(name, stub),
        hidden(name, stub),
        answered(name, stub),
    ):
        assert outcome.verdict is Verdict.NOT_ATTEMPTED
        require_readable(outcome.message)


@every_mistake
def test_mistake_is_caught_and_named(mistake):
    """The visible check catches every mistake and says which it is."""
    outcome = visible(mistake.check, mistake.variant)
    assert not outcome.passed
    assert outcome.mistake == mistake.id
    assert mistake.sentence in " ".join(outcome.message.split())
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


class Liar:
    """Claims to equal everything."""

    __hash__ = None

    def __eq__(self, other):
        return True


def _leave(*_, **__):
    raise SystemExit


def _complain(*_, **__):
    raise ValueError("something went wrong, " * 40)


RETURNED = {
    "none": lambda: None,
    "number": lambda: 3,
    "text": lambda: "3",
    "list": lambda: [1.0, 2.0],
    "empty list": list,
    "tuple": lambda: (1.0, 2.0),
    "empty tuple": tuple,
    "dict": dict,
    "liar": Liar,
    "scalar": lambda: torch.tensor(0.5),
    "empty": lambda: torch.zeros(0),
    "nan": lambda: torch.full((2, 3), torch.nan),
    "integers": lambda: torch.arange(6).reshape(2, 3),
    "complex": lambda: torch.zeros(2, 3, dtype=torch.complex64),
    "bfloat16": lambda: torch.zeros(2, 3, dtype=torch.bfloat16),
    "sparse": lambda: torch.zeros(2, 3).to_sparse(),
    "large": lambda: torch.zeros(1).expand(1000, 2000),
    "parameter": lambda: torch.nn.Parameter(torch.zeros(2, 3)),
    "pair of tensors": lambda: (torch.zeros(2, 3), torch.zeros(2, 3)),
    "pair of lists": lambda: ([0.0], [0.0]),
}


@every_check
@pytest.mark.parametrize("kind", RETURNED)
def test_odd_return_values_get_a_sentence(name, kind):
    """Whatever comes back, the check says what is wrong with it."""

    def odd(*_, **__):
        return RETURNED[kind]()

    for outcome in (
        visible(name, odd),
        hidden(name, odd),
        answered(name, odd),
    ):
        assert outcome.verdict in {Verdict.NOT_YET, Verdict.RAISED}
        require_readable(outcome.message)


@every_check
@pytest.mark.parametrize("function", [_leave, _complain, lambda: None])
def test_raising_is_reported_as_raising(name, function):
    """SystemExit, a long text and a wrong signature end in a message."""
    for outcome in (visible(name, function), hidden(name, function)):
        assert outcome.verdict is Verdict.RAISED
        require_readable(outcome.message)


@every_check
@pytest.mark.parametrize("value", [None, 3, "text", [], torch.zeros(2)])
def test_what_is_no_function_gets_a_sentence(name, value):
    """The check says what the name stands for."""
    outcome = visible(name, value)
    assert outcome.verdict is Verdict.NOT_YET
    assert "not a function" in outcome.message
    require_readable(outcome.message)


@every_check
def test_printing_and_warning_cost_nothing(name, capfd):
    """Both are counted, neither reaches stderr."""

    def loud(*arguments, **options):
        print("thinking")
        warnings.warn("careful", stacklevel=1)
        return right(name)(*arguments, **options)

    outcome = visible(name, loud)
    assert outcome.passed
    assert "costs nothing" in outcome.message
    require_readable(outcome.message)
    assert capfd.readouterr() == ("", "")


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
        check(stub)
    shown = caught.value._render_traceback_()
    assert shown[0] == f"NOT ATTEMPTED  {name}"
    with pytest.raises(CheckFailed, match="NOT ATTEMPTED"):
        check.hidden(stub)


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
    with pytest.raises(KeyError, match=NAMES[0]):
        checks.hint("nonsense")


def _reports(name, function):
    check = checks.CHECKS[name]
    return check.reports(function, [*check.public, *check.challenge(NONCE)])


@every_check
def test_answer_to_another_challenge_is_refused(name):
    """Neither another nonce nor another check nor fewer reports."""
    check = checks.CHECKS[name]
    good = wire.encode(name, NONCE, _reports(name, right(name)))
    for change in (
        {"nonce": "another"},
        {"check": "another"},
        {"version": 0},
        {"reports": good["reports"][1:]},
        {"reports": None},
    ):
        with pytest.raises(wire.BadAnswerError):
            check.judge_answer({**good, **change}, NONCE)


@every_check
def test_forged_reports_do_not_pass(name):
    """An answer without tensors, or with others' names, is not right."""
    check = checks.CHECKS[name]
    reports = _reports(name, right(name))
    empty = [drive.Report(drive.RETURNED) for _ in reports]
    renamed = [
        drive.Report(
            drive.RETURNED,
            {f"other {key}": value for key, value in report.tensors.items()},
        )
        for report in reports
    ]
    flat = [
        drive.Report(
            drive.RETURNED,
            {key: value.ravel()[:0] for key, value in report.tensors.items()},
        )
        for report in reports
    ]
    for forged in (empty, renamed, flat):
        answer = wire.encode(name, NONCE, forged)
        outcome = check.judge_answer(answer, NONCE, rows(name))
        assert outcome.verdict is Verdict.NOT_YET
        require_readable(outcome.message)
