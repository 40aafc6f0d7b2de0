"""Figures on exploding gradients and clipping: numbers in, Axes out.

``plots.book_style`` sets the look; ``cliff_plots`` draws the one-unit RNNs,
``optimizer_plots`` compares optimizers and thresholds.
"""

import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import INK, PALETTE, lines_with_spread

#: The book's cycle, for figures that need a colour by its place.
COLOURS = tuple(PALETTE.values())
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v")


def norms_by_lag(curves, ax=None):
    """Draw gradient norms against lag, one band per kind of network.

    Args:
        curves: Name to relative gradient norms, one row per seed.
        ax: Where to draw; a new figure if None.

    Shapes:
        curves[name]: (seeds, lags)

    Returns:
        Axes: logarithmic in the norm; line is the median, band the range.
    """
    # The legend has a row a curve and takes its room from the axes.
    ax = ax or plt.subplots(figsize=(5.2, 3 + 0.25 * len(curves)))[1]
    lags = np.arange(np.shape(next(iter(curves.values())))[1])
    lines_with_spread(lags, curves, ax=ax, mark_every=max(1, len(lags) // 6))
    ax.set(yscale="log", xlabel="lag (steps back)")
    ax.set_ylabel("gradient norm, relative")
    legend_above(ax, columns=1)
    return ax


def step_lengths(runs, learning_rate, max_norm, ax=None):
    """Draw the length of each update against the norm of its gradient.

    Args:
        runs: Name to a pair of gradient norms and step lengths.
        learning_rate: Slope of the line through the unclipped points.
        max_norm: Where clipping begins.
        ax: Where to draw; a new figure if None.

    Returns:
        Axes: logarithmic on both axes.
    """
    ax = ax or plt.subplots()[1]
    for place, (name, (norms, lengths)) in enumerate(runs.items()):
        ax.plot(
            norms,
            lengths,
            linestyle="",
            marker=MARKERS[place],
            markersize=4,
            alpha=0.6,
            color=COLOURS[place],
            label=name,
            rasterized=True,
        )
    ends = np.array(ax.get_xlim())
    ax.plot(
        ends,
        learning_rate * ends,
        color=INK,
        linewidth=1,
        linestyle="--",
        marker="",
        label="learning rate \N{MULTIPLICATION SIGN} norm",
    )
    ax.axvline(max_norm, color=INK, linewidth=1, linestyle=":")
    ax.set(xscale="log", yscale="log")
    ax.set(xlabel="gradient norm, before clipping", ylabel="step length")
    legend_above(ax, columns=1)
    return ax


def runs_with_recovery(runs, first_step=0, axes=None):
    """Draw loss and gradient norm of runs, some of which end in NaN.

    Args:
        runs: Name to a list of (first step, losses, gradient norms), one
            for each seed. A value that is not finite ends its line with a
            cross at the last finite value.
        first_step: Where the horizontal axis begins.
        axes: Two Axes, one above the other; a new figure if None.

    Returns:
        ndarray: the two Axes, loss above gradient norm, both logarithmic.
    """
    if axes is None:
        _, axes = plt.subplots(2, sharex=True, figsize=(5.2, 5))
    for place, (name, seeds) in enumerate(runs.items()):
        for seed, (begin, *series) in enumerate(seeds):
            for ax, values in zip(axes, series, strict=True):
                label = name if seed == 0 else None
                _draw_until_nonfinite(ax, begin, values, place, label)
    axes[0].set(yscale="log", ylabel="loss")
    axes[1].set(yscale="log", ylabel="gradient norm", xlabel="step")
    axes[1].set_xlim(left=first_step)
    legend_above(axes[0], columns=1)
    return axes


def two_clippers(gradients, by_norm, by_value, threshold, ax=None):
    """Draw gradients of two parameters before and after both clippings.

    Args:
        gradients: The gradients.
        by_norm: The same, clipped by norm.
        by_value: The same, clipped by value.
        threshold: Radius of the circle, half the side of the square.
        ax: Where to draw; a new figure if None.

    Shapes:
        gradients, by_norm, by_value: (number of gradients, 2)

    Returns:
        Axes: both axes to the same scale.
    """
    ax = ax or plt.subplots(figsize=(5.2, 4))[1]
    turn = np.linspace(0, 2 * np.pi, 200)
    corner = threshold * np.array([1, -1, -1, 1, 1])
    outlines = (
        (threshold * np.cos(turn), threshold * np.sin(turn), "green"),
        (corner, np.roll(corner[:-1], 1)[[0, 1, 2, 3, 0]], "purple"),
    )
    for horizontal, vertical, colour in outlines:
        line = {"color": PALETTE[colour], "linewidth": 1, "linestyle": ":"}
        ax.plot(horizontal, vertical, marker="", **line)
    kinds = (
        (gradients, "grey", "o", "gradient"),
        (by_norm, "green", "s", "clipped by norm"),
        (by_value, "purple", "D", "clipped by value"),
    )
    for vectors, colour, marker, label in kinds:
        for place, (x, y) in enumerate(np.asarray(vectors)):
            ax.plot(
                (0, x),
                (0, y),
                color=PALETTE[colour],
                marker=marker,
                markevery=[1],
                markersize=7,
                linestyle="-" if marker == "o" else "--",
                linewidth=1.5,
                label=None if place else label,
            )
    ax.set(xlabel=r"$g_1$", ylabel=r"$g_2$", aspect="equal")
    legend_above(ax, columns=1)
    return ax


def angles_by_fraction(fractions, angles, ax=None):
    """Draw how far clipping turns a gradient, against how much it shortens.

    Args:
        fractions: Length after over length before.
        angles: Kind of clipping to angles in degrees, one row per seed.
        ax: Where to draw; a new figure if None.

    Shapes:
        fractions:    (fractions,)
        angles[kind]: (seeds, fractions)

    Returns:
        Axes: line is the median over seeds, band the range.
    """
    ax = ax or plt.subplots()[1]
    lines_with_spread(fractions, angles, ax=ax, mark_every=1)
    ax.set(xscale="log", ylim=(0, None))
    ax.set(xlabel="length after / length before", ylabel="angle (degrees)")
    legend_above(ax, columns=1)
    return ax


def _draw_until_nonfinite(ax, begin, values, place, label):
    """Draw values up to the first Inf or NaN, and a cross there."""
    values = np.asarray(values, float)
    bad = np.flatnonzero(~np.isfinite(values))
    end = bad[0] if len(bad) else len(values)
    steps = begin + np.arange(end)
    style = {"color": COLOURS[place], "linestyle": STYLES[place]}
    ax.plot(
        steps,
        values[:end],
        linewidth=1.2,
        marker="",
        alpha=0.85,
        label=label,
        **style,
    )
    if len(bad) and end:
        spot = {"marker": "X", "markersize": 8, "linestyle": ""}
        ax.plot(
            steps[-1:], values[end - 1 : end], color=style["color"], **spot
        )


def legend_above(ax, columns):
    """Put the legend above the Axes, where it hides nothing."""
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        borderaxespad=0.2,
    )
