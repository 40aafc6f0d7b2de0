"""Mistakes in read_counter."""

import torch

from reference.catalogue import mistake


def _sums(cell_states, counts, *, centred=True):
    """Return states, counts, sums of products and lengths, by unit."""
    states, steps = cell_states.flatten(0, 1), counts.flatten()
    if centred:
        states = states - states.mean(dim=0)
        steps = steps - steps.mean()
    return states, steps, steps @ states, states.norm(dim=0)


def _correlate(states, steps, products, norms):
    """Return the correlation of each unit, 0 where it never moves."""
    del states
    found = products / (norms * steps.norm())
    return torch.where(norms > 0, found, 0.0)


def _found(cell_states, counts, pick=torch.abs):
    """Return unit, correlation and slope, picked by another number."""
    states, steps, products, norms = _sums(cell_states, counts)
    correlation = _correlate(states, steps, products, norms)
    unit = pick(correlation).argmax()
    return unit, correlation[unit], products[unit] / steps.square().sum()


@mistake(
    "read_counter",
    "You pick the largest correlation with its sign; a unit that counts "
    "downwards follows the count as well.",
)
def sign_decides(cell_states, counts):
    """Take the maximum without the absolute value."""
    return _found(cell_states, counts, lambda found: found)


@mistake(
    "read_counter",
    "You return the absolute value of the correlation; its sign says in "
    "which direction the unit counts.",
)
def sign_lost(cell_states, counts):
    """Return the number that was compared."""
    unit, correlation, slope = _found(cell_states, counts)
    return unit, correlation.abs(), slope


@mistake(
    "read_counter",
    "You pick the unit with the largest sum of products; a unit that moves "
    "far has that without following the count.",
)
def covariance_decides(cell_states, counts):
    """Pick by the covariance."""
    states, steps, products, norms = _sums(cell_states, counts)
    unit = products.abs().argmax()
    correlation = _correlate(states, steps, products, norms)[unit]
    return unit, correlation, products[unit] / steps.square().sum()


@mistake(
    "read_counter",
    "Your slope is counts per cell state; asked for is the cell state's "
    "change per count.",
)
def slope_inverted(cell_states, counts):
    """Divide by the sum of squares of the states."""
    unit, correlation, _ = _found(cell_states, counts)
    _, _, products, norms = _sums(cell_states, counts)
    return unit, correlation, products[unit] / norms[unit].square()


@mistake(
    "read_counter",
    "Your correlation and slope lack the subtraction of the means.",
)
def not_centred(cell_states, counts):
    """Use the numbers as they come."""
    sums = _sums(cell_states, counts, centred=False)
    correlation = _correlate(*sums)
    unit = correlation.abs().argmax()
    slope = sums[2][unit] / sums[1].square().sum()
    return unit, correlation[unit], slope


@mistake(
    "read_counter",
    "Your slope lacks the subtraction of the means: it is that of a line "
    "through 0.",
)
def slope_through_the_origin(cell_states, counts):
    """Fit a line without an intercept."""
    unit, correlation, _ = _found(cell_states, counts)
    _, steps, products, _ = _sums(cell_states, counts, centred=False)
    return unit, correlation, products[unit] / steps.square().sum()


@mistake(
    "read_counter",
    "Your slope is the correlation once more; it is missing the units of "
    "the cell state.",
)
def slope_is_the_correlation(cell_states, counts):
    """Return the same number twice."""
    unit, correlation, _ = _found(cell_states, counts)
    return unit, correlation, correlation.clone()


@mistake(
    "read_counter",
    "You look at the first sequence of the batch alone.",
)
def first_sequence_alone(cell_states, counts):
    """Forget the batch."""
    return _found(cell_states[:, :1], counts[:, :1])


@mistake(
    "read_counter",
    "You average over the batch before you correlate; every sequence has "
    "counts of its own.",
)
def batch_averaged(cell_states, counts):
    """Average states and counts over the batch."""
    return _found(
        cell_states.mean(dim=1, keepdim=True),
        counts.mean(dim=1, keepdim=True),
    )


@mistake(
    "read_counter",
    "A unit that never moves makes 0 / 0 in your correlation, and that NaN "
    "wins; put 0 there.",
)
def nan_wins(cell_states, counts):
    """Divide without looking."""
    states, steps, products, norms = _sums(cell_states, counts)
    correlation = products / (norms * steps.norm())
    unit = correlation.abs().argmax()
    del states
    return unit, correlation[unit], products[unit] / steps.square().sum()


@mistake(
    "read_counter",
    "You pick the unit that moves most; the one that is asked for follows "
    "the count.",
)
def largest_range(cell_states, counts):
    """Pick by the spread of a unit."""
    states, steps, products, norms = _sums(cell_states, counts)
    unit = norms.argmax()
    correlation = _correlate(states, steps, products, norms)[unit]
    return unit, correlation, products[unit] / steps.square().sum()


@mistake(
    "read_counter",
    "Your slope divides by a variance with n - 1 and a mean of products "
    "with n; both need the same number below.",
)
def mixed_denominators(cell_states, counts):
    """Mix two conventions of the variance."""
    unit, correlation, slope = _found(cell_states, counts)
    steps = counts.numel()
    return unit, correlation, slope * (steps - 1) / steps
