"""Mistakes in residual_block: where ReLU stands, and what is added."""

import torch

from reference.catalogue import mistake


def _transform(x, weight_in, bias_in, weight_out, bias_out, squash=torch.relu):
    """Return what the block adds to its input."""
    return squash(x @ weight_in.T + bias_in) @ weight_out.T + bias_out


@mistake(
    "residual_block",
    "Your ReLU stands behind the addition too, as in He et al. 2015. Then x "
    "loses its negative entries; here the skip is to be the identity.",
)
def relu_after_the_addition(x, *parameters):
    """Write the block of 2015."""
    return torch.relu(x + _transform(x, *parameters))


@mistake(
    "residual_block",
    "Your block has a ReLU on what it adds, so it can only add positive "
    "numbers. ReLU stands between the two products and nowhere else.",
)
def relu_on_the_transform(x, *parameters):
    """Squash the second layer too."""
    return x + torch.relu(_transform(x, *parameters))


@mistake(
    "residual_block",
    "Your ReLU is missing; without it two layers are one linear layer.",
)
def relu_missing(x, *parameters):
    """Leave the nonlinearity out."""
    return x + _transform(x, *parameters, squash=lambda inner: inner)


@mistake("residual_block", "Your inner layer has tanh where ReLU belongs.")
def tanh_for_relu(x, *parameters):
    """Take another nonlinearity."""
    return x + _transform(x, *parameters, squash=torch.tanh)


@mistake(
    "residual_block",
    "You return the transform alone; x is not added to it.",
)
def skip_left_out(x, *parameters):
    """Forget the one wire."""
    return _transform(x, *parameters)


@mistake(
    "residual_block",
    "You apply ReLU to x before the first product; ReLU stands behind it.",
)
def relu_before_the_first_product(x, *parameters):
    """Activate first."""
    return x + _transform(x.relu(), *parameters, squash=lambda inner: inner)


@mistake("residual_block", "You subtract the transform; it is added.")
def transform_subtracted(x, *parameters):
    """Take the residual for what is too much."""
    return x - _transform(x, *parameters)


@mistake(
    "residual_block",
    "You return the mean of x and the transform; each such block halves what "
    "passes. Add them.",
)
def mean_of_both(x, *parameters):
    """Keep the size by halving."""
    return (x + _transform(x, *parameters)) / 2


@mistake("residual_block", "You multiply x by the transform; add them.")
def product_of_both(x, *parameters):
    """Gate by accident."""
    return x * _transform(x, *parameters)


@mistake("residual_block", "Your block lacks bias_out.")
def outer_bias_left_out(x, weight_in, bias_in, weight_out, bias_out):
    """Forget the second bias."""
    nothing = torch.zeros_like(bias_out)
    return x + _transform(x, weight_in, bias_in, weight_out, nothing)


@mistake("residual_block", "Your block lacks bias_in.")
def inner_bias_left_out(x, weight_in, bias_in, weight_out, bias_out):
    """Forget the first bias."""
    nothing = torch.zeros_like(bias_in)
    return x + _transform(x, weight_in, nothing, weight_out, bias_out)


@mistake(
    "residual_block",
    "You detached x before adding it: the values are right, and the gradient "
    "misses the identity that the block is for.",
)
def skip_without_gradient(x, *parameters):
    """Cut the wire on the way back."""
    return x.detach() + _transform(x, *parameters)
