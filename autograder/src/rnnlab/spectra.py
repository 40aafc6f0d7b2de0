"""Recurrent matrices with a known spectrum, and what their powers do."""

import math

import numpy as np
import torch


def spectral_radius(matrix):
    """Return the largest absolute value of an eigenvalue.

    Eigenvalues of a real matrix may be negative or complex; what counts for
    growth is their absolute value.

    Args:
        matrix: A square matrix; it need not be symmetric.

    Shapes:
        matrix: (size, size)

    Returns:
        float: the spectral radius.

    Example:
        >>> turn = torch.tensor([[0.0, -2.0], [2.0, 0.0]])
        >>> round(spectral_radius(turn), 4)
        2.0
    """
    return torch.linalg.eigvals(matrix.detach()).abs().max().item()


def with_radius(kind, radius, size, generator):
    """Draw a matrix of a given spectral radius.

    Args:
        kind: "symmetric" (a normal matrix, its modes at right angles),
            "Gaussian" (independent entries, in general not normal) or
            "orthogonal" (the radius times a rotation).
        radius: Spectral radius of the result.
        size: Number of rows and columns.
        generator: Where the random numbers come from.

    Shapes:
        returns: (size, size), float64

    Returns:
        Tensor: the matrix.

    Raises:
        KeyError: there is no such kind.
    """
    noise = torch.randn(size, size, generator=generator, dtype=torch.float64)
    matrix = {
        "symmetric": lambda: noise + noise.T,
        "Gaussian": lambda: noise,
        "orthogonal": lambda: torch.linalg.qr(noise)[0],
    }[kind]()
    return matrix * (radius / spectral_radius(matrix))


def two_modes(eigenvalues, degrees):
    """Build a matrix whose two left eigenvectors meet at a given angle.

    The first left eigenvector is (1, 0). At 90 degrees the matrix is normal;
    the smaller the angle, the further from normal it is.

    Args:
        eigenvalues: Two real numbers.
        degrees: Angle between the left eigenvectors, above 0.

    Shapes:
        returns: (2, 2), float64

    Returns:
        Tensor: the matrix.

    Example:
        >>> two_modes((0.5, 0.25), 90).tolist()
        [[0.5, 0.0], [0.0, 0.25]]
    """
    turn = math.radians(degrees)
    cosine = 0.0 if degrees == 90 else math.cos(turn)
    rows = torch.tensor(
        [[1.0, 0.0], [cosine, math.sin(turn)]], dtype=torch.float64
    )
    values = torch.tensor(eigenvalues, dtype=torch.float64)
    return torch.linalg.solve(rows, values[:, None] * rows)


def mode_sizes(gradient, weight_hh, lags):
    """Split a gradient into modes and follow the size of each.

    Equations:
        eq-eigenbasis

    Args:
        gradient: Gradient at lag 0, a row vector.
        weight_hh: Recurrent matrix; its eigenvectors must form a basis.
        lags: How far back to go.

    Shapes:
        gradient:  (size,)
        weight_hh: (size, size)
        returns:   (size, lags + 1)

    Returns:
        Tensor: norm of each mode's part of the gradient at each lag; the
        mode with the largest eigenvalue first.
    """
    values, columns = torch.linalg.eig(weight_hh.mT)
    order = values.abs().argsort(descending=True)
    values, columns = values[order], columns[:, order]
    parts = torch.linalg.solve(columns, gradient.to(columns.dtype))
    start = parts.abs() * columns.norm(dim=0)
    distance = torch.arange(lags + 1, dtype=start.dtype)
    return start[:, None] * values.abs()[:, None] ** distance


def log_slope(norms, first, last):
    """Fit a line to the logarithm of a norm and return its slope.

    Args:
        norms: Positive numbers, one for each lag from 0.
        first: First lag of the fit.
        last: Last lag of the fit.

    Shapes:
        norms: (lags,)

    Units:
        Natural logarithm per step.

    Returns:
        float: the slope of the least-squares line.

    Example:
        >>> round(log_slope([1.0, 0.5, 0.25], 0, 2), 4)
        -0.6931
    """
    lag = np.arange(first, last + 1)
    values = np.log(np.asarray(norms, float)[first : last + 1])
    return float(np.polynomial.polynomial.polyfit(lag, values, 1)[1])
