"""The checks of chapter 3 meet odd objects: a sentence, never a crash."""

import pytest
import torch

from reference import clipping as reference
from rnnlab import checks
from rnnlab.checks import message
from rnnlab.checks.outcome import Verdict

NAMES = (
    "global_gradient_norm",
    "clip_by_norm",
    "clip_by_value",
    "train_with_recovery",
)
BY_NAME = pytest.mark.parametrize("name", NAMES)


def judged(name, function):
    """Return the outcome of the visible check."""
    check = checks.CHECKS[name]
    reports = check.reports(function, check.public)
    return check.judge_visible(reports, check.public, [])


def judged_hidden(name, function):
    """Return the outcome of the hidden check for one nonce."""
    check = checks.CHECKS[name]
    cases = check.challenge("nonce")
    return check.judge_hidden(check.reports(function, cases), cases)


def is_readable(text):
    """Return whether a message keeps its size."""
    lines = text.splitlines()
    return len(lines) <= message.LINES and all(
        len(line) <= message.WIDTH for line in lines
    )


def odd_returns(right):
    """Return functions that work but return odd things, by name."""

    def then(change):
        def wrapped(*arguments, **keywords):
            return change(right(*arguments, **keywords))

        return wrapped

    return {
        "list": then(lambda norm: [norm]),
        "tuple": then(lambda norm: (norm, norm)),
        "nothing": then(lambda norm: None),  # noqa: ARG005
        "number": then(lambda norm: norm.item()),
        "half": then(lambda norm: norm.half()),
        "float32": then(lambda norm: norm.float()),
        "a parameter": then(torch.nn.Parameter),
        "an axis": then(lambda norm: norm.reshape(1)),
        "text": then(str),
        "complex": then(lambda norm: norm.to(torch.complex64)),
        "bfloat16": then(lambda norm: norm.to(torch.bfloat16)),
        "numpy": then(lambda norm: norm.numpy()),
    }


@pytest.mark.parametrize("name", ["global_gradient_norm", "clip_by_norm"])
@pytest.mark.parametrize("kind", list(odd_returns(None)))
def test_odd_norms_get_a_sentence(name, kind):
    """A norm of another type, dtype or shape is told apart in one sentence."""
    function = odd_returns(getattr(reference, name))[kind]
    for outcome in (judged(name, function), judged_hidden(name, function)):
        assert outcome.verdict is Verdict.NOT_YET
        assert is_readable(outcome.message)
    assert "norm" in judged(name, function).message


@pytest.mark.parametrize("name", ["global_gradient_norm", "clip_by_norm"])
def test_norm_that_requires_grad_passes(name):
    """A norm that still hangs on a graph is right; its value counts."""
    right = getattr(reference, name)

    def function(*arguments, **keywords):
        return right(*arguments, **keywords).clone().requires_grad_() * 1.0

    assert judged(name, function).passed


def remove(parameter):
    """Take the gradient away."""
    parameter.grad = None


def poison(parameter):
    """Put NaN into the gradient."""
    parameter.grad.fill_(torch.nan)


def replace(parameter):
    """Put an equal tensor in place of the gradient."""
    parameter.grad = parameter.grad.clone()


def move(parameter):
    """Change the weight."""
    parameter.data.add_(1)


@pytest.mark.parametrize("name", NAMES[:3])
@pytest.mark.parametrize("how", [remove, poison, replace, move])
def test_odd_gradients_get_a_sentence(name, how):
    """Gradients put in anew, deleted or made strange are told apart."""

    def function(parameters, *rest, **keywords):
        parameters = list(parameters)
        returned = getattr(reference, name)(parameters, *rest, **keywords)
        for parameter in parameters:
            if parameter.grad is not None:
                how(parameter)
        return returned

    for outcome in (judged(name, function), judged_hidden(name, function)):
        assert outcome.verdict is Verdict.NOT_YET
        assert is_readable(outcome.message)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("the norm is not finite"), "asks for RuntimeError"),
        (FloatingPointError("Inf"), "asks for RuntimeError"),
        (RuntimeError("no"), "say that the norm is not finite"),
        (RuntimeError("norm is nan"), ""),
    ],
)
def test_how_clip_by_norm_refuses(error, words):
    """Inf and NaN need RuntimeError, with a text that says why."""

    def function(parameters, max_norm, error_if_nonfinite=False):
        parameters = list(parameters)
        norm = reference.global_gradient_norm(parameters)
        if error_if_nonfinite and not norm.isfinite():
            raise error
        return reference.clip_by_norm(parameters, max_norm)

    outcome = judged("clip_by_norm", function)
    assert outcome.passed == (not words)
    assert words in outcome.message.replace("\n", " ")
    assert is_readable(outcome.message)
