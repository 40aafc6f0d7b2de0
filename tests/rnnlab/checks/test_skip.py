"""The checks of chapter 7: what they refuse and say."""

import pytest
import torch
from torch import nn
from trying import changed, refusal

from reference import skip
from rnnlab import checks


def test_relu_after_the_addition_fails_at_zero():
    """The case whose parameters are all 0 sees it, whatever else does."""
    check = checks.residual_block
    case = check.public[2]

    def block(*arguments):
        return skip.residual_block(*arguments).relu()

    (report,) = check.reports(block, [case])
    assert check.judge(report, case) is not None


# The norms


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda norms: norms.tolist(), "is a list"),
        (lambda norms: norms[0], "has shape ()"),
        (lambda norms: norms.float(), "is float32, expected float64"),
        (lambda norms: norms.requires_grad_(), "still part of a graph"),
        (lambda norms: norms * torch.nan, "where a finite number is right"),
        (lambda _: None, "is None"),
    ],
)
def test_norms_of_wrong_kinds_are_told_apart(change, says):
    """The sentence says what is odd about them."""
    assert says in refusal(
        "gradient_norm_by_layer", changed("gradient_norm_by_layer", change)
    )


def test_clearing_the_weights_gradients_is_seen():
    """A .grad that was there must be there afterwards."""

    def clearing(layers, x, loss_fn):
        for layer in layers:
            if isinstance(layer, nn.Module):
                layer.zero_grad()
        return skip.gradient_norm_by_layer(layers, x, loss_fn)

    assert "changed the .grad of a layer's weights" in refusal(
        "gradient_norm_by_layer", clearing
    )


def test_scaling_x_in_place_is_seen():
    """The sentence names x."""

    def scaling(layers, x, loss_fn):
        norms = skip.gradient_norm_by_layer(layers, x, loss_fn)
        x.mul_(2)
        return norms

    assert "changed its input x in place" in refusal(
        "gradient_norm_by_layer", scaling
    )


# The logarithms


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda logs: logs[-1], "has shape ()"),
        (lambda logs: logs.clamp(min=-50), "differs from the exact"),
    ],
)
def test_logarithms_that_are_not_quite_right_are_told_apart(change, says):
    """The last one alone, and those of a gradient that has vanished."""
    assert says in refusal("log_growth", changed("log_growth", change))
