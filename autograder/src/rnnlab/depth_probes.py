"""Instruments for depth: predictions, bounds, and sizes of updates."""

import math

import torch

from rnnlab import depth


def depth_factor(gain, mean_square_slope):
    """Predict what one layer with random weights does to a gradient.

    Equations:
        eq-depth-factor

    Args:
        gain: Gain of the weights, see DeepNet.
        mean_square_slope: Mean square of the nonlinearity's slope.

    Returns:
        float: the factor on the root mean square of the gradient's norm, if
        slopes and weights are independent.

    Example:
        >>> round(depth_factor(6**0.5, 0.5), 6)
        1.0
    """
    return gain * math.sqrt(mean_square_slope / 3)


def residual_bounds(stretches):
    """Bound what residual blocks in a row leave of a gradient.

    Equations:
        eq-residual-bounds

    Args:
        stretches: Largest singular value of each transform's Jacobian.

    Shapes:
        stretches: (blocks,)

    Returns:
        tuple: smallest and largest factor; the smallest is 0 where any
        stretch is 1 or more.
    """
    lowest = (1 - stretches).clamp(min=0).prod()
    return float(lowest), float((1 + stretches).prod())


def lyapunov_rate(gain, size):
    """Return the mean log-growth of a vector under Gaussian matrices.

    The entries are independent, of variance gain^2 / size, and every factor
    is a new draw. The squared length then grows by gain^2 / size times a
    chi-square number with size degrees of freedom, whatever the vector.

    Equations:
        eq-lyapunov-rate

    Args:
        gain: Scale of the matrices.
        size: Number of rows and columns.

    Units:
        Natural logarithm per factor.

    Returns:
        tuple: mean and standard deviation of the logarithm of one factor.
    """
    half = torch.tensor(size / 2, dtype=torch.float64)
    mean = math.log(gain) + 0.5 * float(half.digamma() - half.log())
    return mean, 0.5 * float(torch.special.polygamma(1, half)) ** 0.5


def relative_updates(net, make_optimizer, inputs, targets):
    """Take one update on spirals and measure how far each matrix moves.

    Args:
        net: A DeepNet; it is the same after the call.
        make_optimizer: Maps a list of parameters to an optimizer.
        inputs: Points.
        targets: Their spirals.

    Shapes:
        inputs:  (batch, 2)
        targets: (batch,)
        returns: (matrices,), the lowest first

    Units:
        Length of the change over the length of the matrix.

    Returns:
        Tensor: float64.
    """
    drawn = list(net.parameters())
    before = [each.detach().clone() for each in drawn]
    gradients = torch.autograd.grad(
        depth.spiral_loss(net(inputs), targets), drawn
    )
    for each, gradient in zip(drawn, gradients, strict=True):
        each.grad = gradient
    make_optimizer(drawn).step()
    moves = [
        (each.detach() - old).norm() / old.norm()
        for each, old in zip(drawn, before, strict=True)
        if each.dim() == 2
    ]
    with torch.no_grad():
        for each, old in zip(drawn, before, strict=True):
            each.copy_(old)
            each.grad = None
    return torch.stack(moves).double()
