"""The norm and the clippings agree with loops over numbers and with torch."""

import math

import pytest
import torch
from torch import nn

from reference.clipping import (
    clip_by_norm,
    clip_by_value,
    global_gradient_norm,
)

SHAPES = [
    [(3,)],
    [(2, 3), (), (4,)],
    [(1, 1), (2, 2, 2), (5, 3), (2,)],
]
BY_SHAPES = pytest.mark.parametrize("shapes", SHAPES, ids=str)
BY_SEED = pytest.mark.parametrize("seed", range(3))


def drawn(shapes, seed, scale=1.0):
    """Return float64 parameters with gradients, none of them 0."""
    numbers = torch.Generator().manual_seed(seed)
    parameters = []
    for shape in shapes:
        value = torch.randn(shape, generator=numbers, dtype=torch.float64)
        parameters.append(nn.Parameter(value))
        parameters[-1].grad = scale * torch.randn(
            shape, generator=numbers, dtype=torch.float64
        )
    return parameters


def entries(parameters):
    """Return all entries of all gradients as Python numbers."""
    return [
        number
        for parameter in parameters
        for number in parameter.grad.reshape(-1).tolist()
    ]


def spec_norm(numbers):
    """Write the norm as a loop over numbers."""
    total = 0.0
    for number in numbers:
        total += number * number
    return math.sqrt(total)


@BY_SHAPES
@BY_SEED
def test_norm_is_that_of_one_long_vector(shapes, seed):
    """Loop, torch and reference give the same norm, as a bare number."""
    parameters = drawn(shapes, seed)
    norm = global_gradient_norm(iter(parameters))
    assert norm.shape == ()
    assert norm.dtype is torch.float64
    assert norm.item() == pytest.approx(spec_norm(entries(parameters)), 1e-12)
    gradients = [parameter.grad for parameter in parameters]
    torch.testing.assert_close(norm, nn.utils.get_total_norm(gradients))


def test_norm_of_nothing_is_zero():
    """No parameters and parameters without gradients have norm 0."""
    bare = [nn.Parameter(torch.ones(2))]
    for parameters in ([], iter([]), bare, iter(bare)):
        norm = global_gradient_norm(parameters)
        assert norm.shape == ()
        assert norm.item() == 0


@BY_SHAPES
@BY_SEED
@pytest.mark.parametrize("share", [0.01, 0.5, 0.999, 1.0, 1.001, 100.0])
def test_clip_by_norm_scales_all_alike(shapes, seed, share):
    """Loop, torch and reference agree; below the threshold, bit for bit."""
    parameters, others = drawn(shapes, seed), drawn(shapes, seed)
    before = entries(parameters)
    norm = spec_norm(before)
    max_norm = share * norm
    returned = clip_by_norm(iter(parameters), max_norm)
    assert returned.item() == pytest.approx(norm, 1e-12)
    after = entries(parameters)
    if share > 1:
        assert after == before
    expected = [number * min(1.0, max_norm / norm) for number in before]
    assert after == pytest.approx(expected, 1e-12)
    assert spec_norm(after) <= max_norm * (1 + 1e-12)
    nn.utils.clip_grad_norm_(others, max_norm)
    assert after == pytest.approx(entries(others), 1e-5)


@BY_SHAPES
@BY_SEED
def test_clipping_again_changes_nothing(shapes, seed):
    """Both clippings are projections: twice is once."""
    for clip in (clip_by_norm, clip_by_value):
        parameters = drawn(shapes, seed, scale=10.0)
        clip(parameters, 1.0)
        once = entries(parameters)
        clip(parameters, 1.0)
        assert entries(parameters) == pytest.approx(once, 1e-12)


@BY_SEED
def test_only_clipping_by_norm_keeps_the_direction(seed):
    """After clipping by norm the cosine is 1, by value it is not."""
    for clip, keeps in ((clip_by_norm, True), (clip_by_value, False)):
        parameters = drawn([(6,)], seed, scale=10.0)
        before = parameters[0].grad.clone()
        clip(parameters, 1.0)
        cosine = torch.cosine_similarity(before, parameters[0].grad, dim=0)
        assert (cosine.item() > 1 - 1e-12) == keeps
        assert torch.equal(before.sign(), parameters[0].grad.sign())


def test_zero_stays_zero():
    """A gradient of norm 0 gives neither NaN nor another number."""
    parameter = nn.Parameter(torch.ones(3))
    parameter.grad = torch.zeros(3)
    assert clip_by_norm([parameter], 1.0).item() == 0
    assert torch.equal(parameter.grad, torch.zeros(3))


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_nonfinite_norms_are_refused_on_request(bad):
    """It raises, and before it changes a gradient; else it returns."""
    parameters = drawn([(2, 2), (3,)], seed=0)
    parameters[0].grad[1, 1] = bad
    before = [parameter.grad.clone() for parameter in parameters]
    with pytest.raises(RuntimeError, match="not finite"):
        clip_by_norm(parameters, 1.0, error_if_nonfinite=True)
    for gradient, parameter in zip(before, parameters, strict=True):
        torch.testing.assert_close(
            parameter.grad, gradient, rtol=0, atol=0, equal_nan=True
        )
    assert not clip_by_norm(parameters, 1.0).isfinite()


@BY_SHAPES
@BY_SEED
@pytest.mark.parametrize("clip_value", [0.01, 0.7, 50.0])
def test_clip_by_value_treats_each_entry_alone(shapes, seed, clip_value):
    """Loop, torch and reference agree to the last bit."""
    parameters, others = drawn(shapes, seed), drawn(shapes, seed)
    expected = []
    for number in entries(parameters):
        if number > clip_value:
            expected.append(clip_value)
        elif number < -clip_value:
            expected.append(-clip_value)
        else:
            expected.append(number)
    clip_by_value(iter(parameters), clip_value)
    assert entries(parameters) == expected
    nn.utils.clip_grad_value_(others, clip_value)
    assert entries(parameters) == entries(others)


def test_clipping_skips_what_has_no_gradient():
    """None stays None, the held tensors are changed in place."""
    for clip in (clip_by_norm, clip_by_value):
        bare, held = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))
        held.grad = gradient = torch.tensor([3.0, -4.0])
        clip(iter([bare, held]), 1.0)
        assert bare.grad is None
        assert held.grad is gradient
        assert gradient.abs().max() <= 1
        assert torch.equal(held.data, torch.ones(2))
