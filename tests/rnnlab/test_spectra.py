"""Matrices have the spectrum they were asked for; modes add up."""

import math

import pytest
import torch

from rnnlab import spectra

SEEDS = (0, 1, 2)


def random(seed):
    """Return a generator of its own."""
    return torch.Generator().manual_seed(seed)


def test_radius_takes_the_absolute_value_of_negative_and_complex():
    """A rotation, a reflection and a delay line have known radii."""
    rotation = torch.tensor([[0.6, -0.8], [0.8, 0.6]], dtype=torch.float64)
    assert spectra.spectral_radius(3 * rotation) == pytest.approx(3)
    assert spectra.spectral_radius(torch.tensor([[-1.5]])) == 1.5
    assert spectra.spectral_radius(torch.diag(torch.ones(4), 1)) == 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["symmetric", "Gaussian", "orthogonal"])
@pytest.mark.parametrize("radius", [0.5, 1.3])
def test_random_matrices_have_the_radius_and_are_of_their_kind(
    kind, radius, seed
):
    """The radius by power iteration of the squared matrix agrees."""
    matrix = spectra.with_radius(kind, radius, 12, random(seed))
    assert matrix.dtype == torch.float64
    high = torch.linalg.matrix_power(matrix / radius, 2000)
    grown = torch.linalg.matrix_norm(high).log().item() / 2000
    assert grown == pytest.approx(0, abs=5e-3)
    if kind == "symmetric":
        torch.testing.assert_close(matrix, matrix.T)
    if kind == "orthogonal":
        square = radius**2 * torch.eye(12, dtype=torch.float64)
        torch.testing.assert_close(matrix @ matrix.T, square)
    normal = torch.allclose(matrix @ matrix.T, matrix.T @ matrix)
    assert normal == (kind != "Gaussian")


def test_unknown_kind_is_refused():
    """There are three kinds."""
    with pytest.raises(KeyError):
        spectra.with_radius("triangular", 1.0, 3, random(0))


@pytest.mark.parametrize("degrees", [3, 30, 90])
def test_two_modes_are_left_eigenvectors_at_the_angle(degrees):
    """Both rows are only multiplied, and meet at the angle."""
    matrix = spectra.two_modes((0.9, -0.4), degrees)
    turn = math.radians(degrees)
    first = torch.tensor([1.0, 0.0], dtype=torch.float64)
    second = torch.tensor(
        [math.cos(turn), math.sin(turn)], dtype=torch.float64
    )
    torch.testing.assert_close(first @ matrix, 0.9 * first)
    torch.testing.assert_close(second @ matrix, -0.4 * second)


@pytest.mark.parametrize("seed", SEEDS)
def test_mode_sizes_are_those_of_the_parts(seed):
    """For known modes each part's size is |c| |eigenvalue|^lag."""
    weight = spectra.two_modes((0.5, 0.9), 40)
    turn = math.radians(40)
    first = torch.tensor([1.0, 0.0], dtype=torch.float64)
    second = torch.tensor(
        [math.cos(turn), math.sin(turn)], dtype=torch.float64
    )
    parts = torch.randn(2, generator=random(seed), dtype=torch.float64)
    gradient = parts[0] * first + parts[1] * second
    sizes = spectra.mode_sizes(gradient, weight, 3)
    lag = torch.arange(4, dtype=torch.float64)
    expected = torch.stack(
        [parts[1].abs() * 0.9**lag, parts[0].abs() * 0.5**lag]
    )
    torch.testing.assert_close(sizes, expected)


def test_normal_modes_add_up_by_pythagoras():
    """At right angles the squared sizes sum to the squared norm."""
    weight = spectra.with_radius("symmetric", 0.9, 6, random(1))
    gradient = torch.randn(6, generator=random(2), dtype=torch.float64)
    sizes = spectra.mode_sizes(gradient, weight, 5)
    for lag in range(6):
        norm = (gradient @ torch.linalg.matrix_power(weight, lag)).norm()
        torch.testing.assert_close(sizes[:, lag].norm(), norm)


def test_log_slope_sees_the_lags_of_the_fit_only():
    """A kink outside the window does not change the slope."""
    lag = torch.arange(30, dtype=torch.float64)
    norms = torch.exp(-0.25 * lag)
    norms[:10] = 7.0
    assert spectra.log_slope(norms, 10, 29) == pytest.approx(-0.25)
    assert spectra.log_slope(norms, 0, 29) != pytest.approx(-0.25, abs=0.01)
