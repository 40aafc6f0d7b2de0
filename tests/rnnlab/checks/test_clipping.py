"""The checks of chapter 3: they pass what is right and name what is not."""

import itertools

import pytest
import torch
from trying import hidden, require_readable, right, visible

from reference import clipping as reference
from reference.mistakes import MISTAKES
from rnnlab import checks

NAMES = (
    "global_gradient_norm",
    "clip_by_norm",
    "clip_by_value",
    "train_with_recovery",
)
BY_NAME = pytest.mark.parametrize("name", NAMES)


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

        assert visible(name, call).passed
        for nonce in range(5):
            assert hidden(name, call, str(nonce)).passed


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
        assert visible("clip_by_norm", clip_with(epsilon)).passed
        assert hidden("clip_by_norm", clip_with(epsilon)).passed
    assert not visible("clip_by_norm", clip_with(1e-2)).passed


@BY_NAME
def test_incomplete_answers_are_refused(name):
    """An answer with a tensor left out or of another shape never passes."""
    check = checks.CHECKS[name]
    reports = check.reports(right(name), check.public)
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
            require_readable(outcome.message)


@BY_NAME
def test_hidden_messages_hold_no_numbers_of_ours(name):
    """A failed hidden check tells kind and property, no expected value."""
    for mistake in MISTAKES:
        if mistake.check != name:
            continue
        outcome = hidden(name, mistake.variant)
        require_readable(outcome.message)
        if not outcome.passed:
            assert "hidden check" in outcome.message
            assert "expected" not in outcome.message
            assert "yours" not in outcome.message
