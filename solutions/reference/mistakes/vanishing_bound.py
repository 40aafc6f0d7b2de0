"""Mistakes in vanishing_bound: which number, and what goes to the power."""

import torch

from reference.catalogue import mistake
from reference.vanishing import vanishing_bound


def _bound(size, max_slope, lags):
    """Return the bound with some other size of the weights."""
    return (max_slope * size) ** lags


@mistake(
    "vanishing_bound",
    "You used the spectral radius, the largest eigenvalue; a matrix can "
    "stretch a vector by more than that. Use the largest singular value.",
)
def spectral_radius(weight_hh, max_slope, lags):
    """Use the eigenvalues."""
    radius = torch.linalg.eigvals(weight_hh).abs().max()
    return _bound(radius, max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the largest real part of an eigenvalue; the bound needs the "
    "largest singular value.",
)
def largest_real_part(weight_hh, max_slope, lags):
    """Use the real parts of the eigenvalues."""
    largest = torch.linalg.eigvals(weight_hh).real.max()
    return _bound(largest, max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used eigvalsh, which takes weight_hh for symmetric; the bound needs "
    "its largest singular value.",
)
def taken_for_symmetric(weight_hh, max_slope, lags):
    """Use the eigenvalues of the lower triangle."""
    largest = torch.linalg.eigvalsh(weight_hh).abs().max()
    return _bound(largest, max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the Frobenius norm, which torch takes unless told otherwise; it "
    "bounds too, but further off: use ord=2.",
)
def frobenius_norm(weight_hh, max_slope, lags):
    """Use the default of matrix_norm."""
    return _bound(weight_hh.norm(), max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the largest sum over a column; the bound needs the largest "
    "singular value, ord=2.",
)
def column_sum_norm(weight_hh, max_slope, lags):
    """Use ord=1."""
    largest = torch.linalg.matrix_norm(weight_hh, ord=1)
    return _bound(largest, max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the largest sum over a row; the bound needs the largest "
    "singular value, ord=2.",
)
def row_sum_norm(weight_hh, max_slope, lags):
    """Use ord=inf."""
    largest = torch.linalg.matrix_norm(weight_hh, ord=torch.inf)
    return _bound(largest, max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the sum of all singular values; the bound needs the largest.",
)
def sum_of_singular_values(weight_hh, max_slope, lags):
    """Use the nuclear norm."""
    return _bound(torch.linalg.svdvals(weight_hh).sum(), max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the smallest singular value, which bounds from below; the "
    "bound needs the largest.",
)
def smallest_singular_value(weight_hh, max_slope, lags):
    """Take the last singular value."""
    return _bound(torch.linalg.svdvals(weight_hh)[-1], max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the square of the largest singular value: the eigenvalues of "
    "W.T @ W are squares, and the root is missing.",
)
def root_missing(weight_hh, max_slope, lags):
    """Forget the root."""
    largest = torch.linalg.svdvals(weight_hh)[0]
    return _bound(largest.square(), max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the largest entry of weight_hh; the bound needs its largest "
    "singular value.",
)
def largest_entry(weight_hh, max_slope, lags):
    """Take the entries for the stretch."""
    return _bound(weight_hh.abs().max(), max_slope, lags)


@mistake(
    "vanishing_bound",
    "You used the determinant; the bound needs the largest singular value.",
)
def determinant(weight_hh, max_slope, lags):
    """Take the change of volume for the stretch."""
    return _bound(torch.linalg.det(weight_hh).abs(), max_slope, lags)


@mistake(
    "vanishing_bound",
    "Your bound has an entry for each singular value; asked for is the "
    "largest one's alone.",
)
def a_bound_for_each_singular_value(weight_hh, max_slope, lags):
    """Keep all singular values."""
    return _bound(torch.linalg.svdvals(weight_hh), max_slope, lags[:, None])


def _stretch(weight_hh):
    return torch.linalg.svdvals(weight_hh)[0]


@mistake(
    "vanishing_bound",
    "Your max_slope stands outside the power; every step multiplies by a "
    "slope, so it belongs inside.",
)
def slope_outside_the_power(weight_hh, max_slope, lags):
    """Multiply by the slope once."""
    return max_slope * _stretch(weight_hh) ** lags


@mistake("vanishing_bound", "Your bound does not depend on max_slope.")
def slope_left_out(weight_hh, max_slope, lags):
    """Take every slope for 1."""
    del max_slope
    return _stretch(weight_hh) ** lags


@mistake("vanishing_bound", "You divided by max_slope where it multiplies.")
def divided_by_the_slope(weight_hh, max_slope, lags):
    """Divide in place of multiplying."""
    return (_stretch(weight_hh) / max_slope) ** lags


@mistake(
    "vanishing_bound",
    "Your bound does not depend on weight_hh: it is the power of max_slope "
    "alone.",
)
def weight_left_out(weight_hh, max_slope, lags):
    """Take the stretch for 1."""
    return (max_slope + 0 * weight_hh.sum()) ** lags


@mistake("vanishing_bound", "You multiply by the lag where it is a power.")
def lag_as_a_factor(weight_hh, max_slope, lags):
    """Grow linearly."""
    return max_slope * _stretch(weight_hh) * lags


@mistake(
    "vanishing_bound",
    "Your power is the lag plus 1; at lag 0 nothing has happened and the "
    "bound is 1.",
)
def one_step_too_many(weight_hh, max_slope, lags):
    """Count from 1."""
    return vanishing_bound(weight_hh, max_slope, lags + 1)


@mistake(
    "vanishing_bound",
    "You took the lags for 0, 1, 2 and so on; they may come in any order.",
)
def lags_counted_anew(weight_hh, max_slope, lags):
    """Ignore the values of the lags."""
    counted = torch.arange(len(lags), device=lags.device)
    return vanishing_bound(weight_hh, max_slope, counted)


@mistake(
    "vanishing_bound",
    "You cut your bound off at 1; where it is larger it says nothing about "
    "vanishing, but it is what it is.",
)
def cut_off_at_one(weight_hh, max_slope, lags):
    """Allow no growth."""
    return vanishing_bound(weight_hh, max_slope, lags).clamp(max=1)


@mistake(
    "vanishing_bound",
    "You return the logarithm of the bound to base 10.",
)
def logarithm(weight_hh, max_slope, lags):
    """Return what a logarithmic axis shows."""
    return vanishing_bound(weight_hh, max_slope, lags).log10()


@mistake(
    "vanishing_bound",
    "Your numbers went through Python, and torch.tensor makes float32 of "
    "Python numbers; keep the dtype of weight_hh.",
)
def python_numbers(weight_hh, max_slope, lags):
    """Use item and tolist."""
    numbers = vanishing_bound(weight_hh, max_slope, lags).tolist()
    return torch.tensor(numbers, dtype=torch.float32, device=lags.device)
