"""Mistakes in log_growth: order, start, and what cannot be held."""

import math

import torch

from reference.catalogue import mistake
from reference.skip import log_growth

_NAME = "log_growth"


def _lengths(gradient, jacobians):
    """Return the length of the row behind each factor, itself unscaled."""
    rows = [gradient]
    for jacobian in jacobians:
        rows.append(rows[-1] @ jacobian)
    return torch.stack([row.norm() for row in rows])


@mistake(
    _NAME,
    "You multiply first and take the logarithm at the end; the numbers no "
    "longer fit where there are many factors. Bring the row to length 1 "
    "behind each.",
)
def logarithm_at_the_end(gradient, jacobians):
    """Let the row overflow."""
    lengths = _lengths(gradient, jacobians)
    return (lengths / lengths[0]).log()


@mistake(
    _NAME,
    "Entry 0 is missing: before the first factor the logarithm is 0.",
)
def start_left_out(gradient, jacobians):
    """Begin behind the first factor."""
    return log_growth(gradient, jacobians)[1:]


@mistake(
    _NAME,
    "You meet the factors in the wrong order; jacobians[0] comes first.",
)
def last_factor_first(gradient, jacobians):
    """Go the other way."""
    return log_growth(gradient, jacobians.flip(0))


@mistake(
    _NAME,
    "You multiply from the wrong side: a gradient is a row, row @ jacobian.",
)
def column_in_place_of_row(gradient, jacobians):
    """Take the gradient for a column."""
    return log_growth(gradient, jacobians.mT)


@mistake(
    _NAME,
    "You did not bring the gradient to length 1 at the start; entry 0 is 0.",
)
def not_relative(gradient, jacobians):
    """Begin at the gradient's own length."""
    return log_growth(gradient, jacobians) + gradient.norm().log()


@mistake(
    _NAME, "You return logarithms to base 10; natural ones are asked for."
)
def base_ten(gradient, jacobians):
    """Use log10."""
    return log_growth(gradient, jacobians) / math.log(10)


@mistake(_NAME, "You return logarithms to base 2; natural ones are asked for.")
def base_two(gradient, jacobians):
    """Use log2."""
    return log_growth(gradient, jacobians) / math.log(2)


@mistake(
    _NAME,
    "Your logarithms are of the square: the root of the sum is missing.",
)
def logarithm_of_the_square(gradient, jacobians):
    """Take the sum of squares for the length."""
    return 2 * log_growth(gradient, jacobians)


@mistake(
    _NAME,
    "You return what each factor alone does; add the logarithms up.",
)
def not_added_up(gradient, jacobians):
    """Return the steps."""
    logs = log_growth(gradient, jacobians)
    steps = (logs[1:] - logs[:-1]).nan_to_num(nan=-math.inf)
    return torch.cat([logs[:1], steps])


@mistake(
    _NAME,
    "You add up the logarithms of the factors' own norms, which is a bound; "
    "this gradient need not point along the largest stretch.",
)
def norms_of_the_factors(gradient, jacobians):
    """Bound in place of following the row."""
    stretch = torch.linalg.matrix_norm(jacobians, ord=2).log()
    return torch.cat([torch.zeros_like(gradient[:1]), stretch.cumsum(0)])


@mistake(
    _NAME,
    "You divide by a length of 0, and the NaN stays: where nothing is left "
    "the logarithm is -inf from there on.",
)
def nothing_divided_by_nothing(gradient, jacobians):
    """Divide whatever the length is."""
    logs, row = [torch.zeros_like(gradient[0])], gradient / gradient.norm()
    for jacobian in jacobians:
        row = row @ jacobian
        logs.append(logs[-1] + row.norm().log())
        row = row / row.norm()
    return torch.stack(logs)


@mistake(
    _NAME,
    "You return the lengths; asked for are their logarithms.",
)
def lengths(gradient, jacobians):
    """Forget the logarithm."""
    return log_growth(gradient, jacobians).exp()
