"""Whatever a learner's object does, every check answers with a sentence."""

import warnings

import pytest
import torch
from trying import (
    NONCE,
    answered,
    hidden,
    require_readable,
    right,
    rows,
    visible,
)

from rnnlab import checks
from rnnlab.checks import drive, wire
from rnnlab.checks.outcome import Verdict

every_check = pytest.mark.parametrize("name", checks.CHECKS)


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
    emptied = [
        drive.Report(
            drive.RETURNED,
            {key: value.ravel()[:0] for key, value in report.tensors.items()},
        )
        for report in reports
    ]
    for forged in (empty, renamed, emptied):
        answer = wire.encode(name, NONCE, forged)
        outcome = check.judge_answer(answer, NONCE, rows(name))
        assert outcome.verdict is Verdict.NOT_YET
        require_readable(outcome.message)
