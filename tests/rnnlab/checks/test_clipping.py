"""The checks of chapter 3: they pass what is right and name what is not.

The messages of the mistakes are kept as texts in golden/<check>/. After a
message was changed on purpose, write them anew with REGENERATE=1 in the
environment and read the difference.
"""

import functools
import itertools
import os
import re
from pathlib import Path

import pytest
import torch

from reference import clipping as reference
from reference.fingerprint import rows
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks import message
from rnnlab.checks.outcome import Verdict

GOLDEN = Path(__file__).parent / "golden"
NAMES = (
    "global_gradient_norm",
    "clip_by_norm",
    "clip_by_value",
    "train_with_recovery",
)
MINE = [mistake for mistake in MISTAKES if mistake.check in NAMES]
BY_NAME = pytest.mark.parametrize("name", NAMES)
BY_MISTAKE = pytest.mark.parametrize(
    "mistake", MINE, ids=lambda mistake: f"{mistake.check}-{mistake.id}"
)


@functools.cache
def rows_of(name):
    """Return the fingerprints of a check, computed once."""
    return rows(checks.CHECKS[name])


def judged(name, function):
    """Return the outcome of the visible check, with its catalogue."""
    check = checks.CHECKS[name]
    reports = check.reports(function, check.public)
    return check.judge_visible(reports, check.public, rows_of(name))


def judged_hidden(name, function, nonce="nonce"):
    """Return the outcome of the hidden check for one nonce."""
    check = checks.CHECKS[name]
    cases = check.challenge(nonce)
    return check.judge_hidden(check.reports(function, cases), cases)


def is_readable(text):
    """Return whether a message keeps its size."""
    lines = text.splitlines()
    return len(lines) <= message.LINES and all(
        len(line) <= message.WIDTH for line in lines
    )


def test_torch_passes():
    """What torch offers for the same job passes as well."""
    for name, function in {
        "clip_by_norm": torch.nn.utils.clip_grad_norm_,
        "global_gradient_norm": lambda parameters: (
            torch.nn.utils.clip_grad_norm_(parameters, torch.inf)
        ),
    }.items():

        def call(parameters, *rest, function=function, **keywords):
            return function(list(parameters), *rest, **keywords)

        assert judged(name, call).passed
        for nonce in range(5):
            assert judged_hidden(name, call, str(nonce)).passed


def test_both_denominators_pass():
    """The norm and the norm plus 1e-6 are both right; plus 1e-2 is not."""

    def clip_with(epsilon):
        def clip(parameters, max_norm, error_if_nonfinite=False):
            parameters = list(parameters)
            norm = reference.global_gradient_norm(parameters)
            if error_if_nonfinite and not norm.isfinite():
                raise RuntimeError("the norm is not finite")
            factor = (max_norm / (norm + epsilon)).clamp(max=1)
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter.grad.mul_(factor)
            return norm

        return clip

    for epsilon in (0.0, 1e-8, 1e-6):
        assert judged("clip_by_norm", clip_with(epsilon)).passed
        assert judged_hidden("clip_by_norm", clip_with(epsilon)).passed
    assert not judged("clip_by_norm", clip_with(1e-2)).passed


def test_unwritten_helper_is_told():
    """A task that calls an unwritten one says which to write first."""

    def global_gradient_norm(parameters):
        raise NotImplementedError

    def clip_by_norm(parameters, max_norm, error_if_nonfinite=False):
        del max_norm, error_if_nonfinite
        return global_gradient_norm(parameters)

    outcome = judged("clip_by_norm", clip_by_norm)
    assert outcome.verdict is Verdict.CANNOT_CHECK
    assert "calls global_gradient_norm" in outcome.message


@BY_MISTAKE
def test_message_of_a_mistake(mistake):
    """The paragraph a learner reads is the one that was reviewed."""
    text = judged(mistake.check, mistake.variant).message
    # Where a mistake stands in its file is no part of the message.
    text = re.sub(r"line \d+ in", "line N in", text) + "\n"
    file = GOLDEN / mistake.check / f"{mistake.id}.txt"
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    assert file.read_bytes() == text.encode()


@BY_NAME
def test_no_golden_message_is_left_over(name):
    """Every golden message belongs to a catalogued mistake."""
    kept = {file.stem for file in (GOLDEN / name).glob("*")}
    assert kept == {mistake.id for mistake in MINE if mistake.check == name}


@BY_NAME
def test_incomplete_answers_are_refused(name):
    """An answer with a tensor left out or of another shape never passes."""
    check = checks.CHECKS[name]
    reports = check.reports(getattr(reference, name), check.public)
    names = {key for report in reports for key in report.tensors}
    for key, change in itertools.product(names, ("drop", "reshape")):
        for report in reports:
            if key not in report.tensors:
                continue
            tensors = dict(report.tensors)
            if change == "drop":
                del tensors[key]
            else:
                tensors[key] = tensors[key].reshape(1, *tensors[key].shape)
            changed = type(report)("returned", tensors)
            outcome = check.judge_visible(
                [changed if r is report else r for r in reports],
                check.public,
                [],
            )
            assert not outcome.passed, (key, change)
            assert is_readable(outcome.message)


@BY_NAME
def test_hidden_messages_hold_no_numbers_of_ours(name):
    """A failed hidden check tells kind and property, no expected value."""
    for mistake in MINE:
        if mistake.check != name:
            continue
        outcome = judged_hidden(name, mistake.variant)
        assert is_readable(outcome.message)
        if not outcome.passed:
            assert "hidden check" in outcome.message
            assert "expected" not in outcome.message
            assert "yours" not in outcome.message
