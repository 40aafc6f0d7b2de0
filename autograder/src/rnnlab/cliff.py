"""One-unit RNNs whose loss can be seen: a power law and a cliff.

With one or two parameters the whole loss surface fits in a figure. Both
networks here are written in numpy, over arrays of parameters at once, and
give their gradient in closed form by the chain rule through time.
"""

from typing import NamedTuple

import numpy as np


class Descent(NamedTuple):
    """What gradient descent did, step by step.

    Attributes:
        points: Parameters before each step, and after the last one.
        losses: Loss at each point.
        gradient_norms: Norm of the gradient at each point, before clipping.

    Shapes:
        points:         (num_steps + 1, ..., num_parameters)
        losses:         (num_steps + 1, ...)
        gradient_norms: (num_steps + 1, ...)
    """

    points: np.ndarray
    losses: np.ndarray
    gradient_norms: np.ndarray

    @property
    def step_lengths(self):
        """Euclidean length of each step, shape (num_steps, ...)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.linalg.norm(np.diff(self.points, axis=0), axis=-1)


def linear_rnn_loss(points, seq_len=50):
    """Return loss and gradient of a linear RNN with one weight.

    The state starts at 1 and is multiplied by the weight at each step; the
    target is 1, so the minimum lies at weight 1. The dtype of ``points`` is
    the precision of the computation.

    Equations:
        h_T = w^T, loss = (h_T - 1)^2

    Args:
        points: Weights.
        seq_len: Number of time steps T.

    Shapes:
        points:  (..., 1)
        returns: loss (...), gradient (..., 1)

    Returns:
        tuple: loss and its derivative by the weight.

    Example:
        >>> linear_rnn_loss(np.array([2.0]), seq_len=3)
        (np.float64(49.0), array([168.]))
    """
    weight = points[..., 0]
    with np.errstate(over="ignore", invalid="ignore"):
        error = weight**seq_len - 1
        slope = 2 * error * seq_len * weight ** (seq_len - 1)
        return error**2, slope[..., None]


def sigmoid_rnn_loss(points, seq_len=50, initial_state=0.5, target=0.7):
    """Return loss and gradient of the one-unit RNN that has a cliff.

    Equations:
        x_t = w sigmoid(x_{t-1}) + b, loss = (sigmoid(x_T) - target)^2

    Args:
        points: Weight w and bias b.
        seq_len: Number of time steps T.
        initial_state: x_0.
        target: What sigmoid(x_T) should be.

    Shapes:
        points:  (..., 2)
        returns: loss (...), gradient (..., 2)

    Returns:
        tuple: loss and its gradient by w and b.

    Source:
        Pascanu et al. 2013, Figure 6: T = 50, x_0 = 0.5, target 0.7.
    """
    weight, bias = points[..., 0], points[..., 1]
    state = np.full_like(weight, initial_state)
    by_weight = np.zeros_like(weight)
    by_bias = np.zeros_like(weight)
    for _ in range(seq_len):
        output = _sigmoid(state)
        local = weight * output * (1 - output)  # dx_t / dx_{t-1}
        by_weight = output + local * by_weight
        by_bias = 1 + local * by_bias
        state = weight * output + bias
    output = _sigmoid(state)
    slope = 2 * (output - target) * output * (1 - output)
    gradient = np.stack([slope * by_weight, slope * by_bias], axis=-1)
    return (output - target) ** 2, gradient


def descend(loss_and_gradient, start, learning_rate, num_steps, max_norm=None):
    """Follow plain gradient descent, for many starting points at once.

    Equations:
        eq-sgd-step; eq-clip-norm where ``max_norm`` is given

    Args:
        loss_and_gradient: Maps points to loss and gradient.
        start: Parameters to start from.
        learning_rate: Length of a step over the norm of the gradient.
        num_steps: How many steps to take.
        max_norm: Clip each point's gradient to this norm; None for never.

    Shapes:
        start: (..., num_parameters)

    Returns:
        Descent: points, losses and gradient norms.
    """
    point = np.array(start)
    rows = []
    for step in range(num_steps + 1):
        loss, gradient = loss_and_gradient(point)
        norm = np.linalg.norm(gradient, axis=-1)
        rows.append((point, loss, norm))
        if step == num_steps:
            break
        if max_norm is not None:
            factor = max_norm / np.maximum(norm, max_norm)
            gradient = gradient * factor[..., None]
        with np.errstate(over="ignore", invalid="ignore"):
            point = point - np.asarray(learning_rate, point.dtype) * gradient
    return Descent(*(np.stack(column) for column in zip(*rows, strict=True)))


def grid(first, second):
    """Return every pair of two axes as points.

    Args:
        first: Values of the first parameter.
        second: Values of the second parameter.

    Shapes:
        returns: (len(second), len(first), 2)

    Returns:
        numpy.ndarray: the points, row by row.
    """
    return np.stack(np.meshgrid(first, second), axis=-1)


def cliff_edge(weights, low=-10.0, high=10.0, seq_len=50):
    """Return the bias at which the sigmoid RNN's output passes one half.

    The output rises with the bias, for positive weights. Where the network
    has a cliff, the output jumps there from its low to its high basin.

    Args:
        weights: Positive weights w.
        low: A bias at which every output is below one half.
        high: A bias at which every output is above it.
        seq_len: Number of time steps T.

    Equations:
        sigmoid(x_T) = 1/2, solved for b by bisection

    Shapes:
        weights: (W,)
        returns: (W,)

    Returns:
        numpy.ndarray: the biases.
    """
    low, high = np.full_like(weights, low), np.full_like(weights, high)
    for _ in range(60):
        middle = (low + high) / 2
        points = np.stack([weights, middle], axis=-1)
        above, _ = sigmoid_rnn_loss(points, seq_len, target=0.0)
        low = np.where(above < 0.25, middle, low)
        high = np.where(above < 0.25, high, middle)
    return (low + high) / 2


def grid_along_cliff(weights, biases, num_rows):
    """Return points in rows that run along the cliff, dense at its edge.

    On a rectangular grid the wall would be a staircase.

    Args:
        weights: First parameter, one column each.
        biases: Smallest and largest bias.
        num_rows: Number of rows, odd, so that one lies on the edge.

    Shapes:
        returns: (num_rows, len(weights), 2)

    Returns:
        numpy.ndarray: the points.
    """
    edge = cliff_edge(weights)
    place = np.linspace(-1, 1, num_rows)[:, None]
    place = place * abs(place)  # dense at 0
    room = np.where(place < 0, edge - biases[0], biases[1] - edge)
    bias = edge + place * room
    return np.stack(np.broadcast_arrays(weights, bias), axis=-1)


def _sigmoid(values):
    """Return 1 / (1 + exp(-values)) without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * values))
