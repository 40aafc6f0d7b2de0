"""The checks of chapter 3 meet odd objects: a sentence, never a crash."""

import pytest
import torch
from trying import changed, flat, hidden, require_readable, right, visible

from reference import clipping as reference
from rnnlab.checks.outcome import Verdict

both_norms = pytest.mark.parametrize(
    "name", ["global_gradient_norm", "clip_by_norm"]
)

ODD_NORMS = {
    "list": lambda norm: [norm],
    "tuple": lambda norm: (norm, norm),
    "nothing": lambda _: None,
    "number": lambda norm: norm.item(),
    "half": lambda norm: norm.half(),
    "float32": lambda norm: norm.float(),
    "a parameter": torch.nn.Parameter,
    "an axis": lambda norm: norm.reshape(1),
    "text": str,
    "complex": lambda norm: norm.to(torch.complex64),
    "bfloat16": lambda norm: norm.to(torch.bfloat16),
    "numpy": lambda norm: norm.numpy(),
}


@both_norms
@pytest.mark.parametrize("kind", ODD_NORMS)
def test_odd_norms_get_a_sentence(name, kind):
    """A norm of another type, dtype or shape is told apart in one sentence."""
    function = changed(name, ODD_NORMS[kind])
    for outcome in (visible(name, function), hidden(name, function)):
        assert outcome.verdict is Verdict.NOT_YET
        require_readable(outcome.message)
    assert "norm" in visible(name, function).message


@both_norms
def test_norm_that_requires_grad_passes(name):
    """A norm that still hangs on a graph is right; its value counts."""

    def on_a_graph(norm):
        return norm.clone().requires_grad_() * 1.0

    assert visible(name, changed(name, on_a_graph)).passed


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


@pytest.mark.parametrize(
    "name", ["global_gradient_norm", "clip_by_norm", "clip_by_value"]
)
@pytest.mark.parametrize("how", [remove, poison, replace, move])
def test_odd_gradients_get_a_sentence(name, how):
    """Gradients put in anew, deleted or made strange are told apart."""

    def function(parameters, *rest, **keywords):
        parameters = list(parameters)
        returned = right(name)(parameters, *rest, **keywords)
        for parameter in parameters:
            if parameter.grad is not None:
                how(parameter)
        return returned

    for outcome in (visible(name, function), hidden(name, function)):
        assert outcome.verdict is Verdict.NOT_YET
        require_readable(outcome.message)


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

    outcome = visible("clip_by_norm", function)
    assert outcome.passed == (not words)
    assert words in flat(outcome)
    require_readable(outcome.message)
