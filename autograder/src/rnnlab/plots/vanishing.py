"""Figures on vanishing gradients: numbers in, Axes out."""

import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import INK, PALETTE, lines_with_spread
from rnnlab.plots.clipping import COLOURS, MARKERS, STYLES, legend_above


def way_back(norms, ax=None):
    """Draw an unrolled network with the gradient that reaches each state.

    Args:
        norms: Norm of the gradient of the last step's loss by each hidden
            state, the first step's first.
        ax: Where to draw; a new figure if None.

    Shapes:
        norms: (seq_len,)

    Returns:
        Axes: without frame. The arrows back are as wide as the norm at
        their end, relative to the largest, with a thinnest width of 0.5.
    """
    ax = ax or plt.subplots(figsize=(5.2, 2.6))[1]
    norms = np.asarray(norms, float)
    last = len(norms)
    widths = np.maximum(12 * norms / norms.max(), 0.5)
    for step, norm in enumerate(norms, start=1):
        _node(ax, (step, 1), f"$h_{{{step}}}$")
        text = f"{norm:.3f}" if norm >= 0.01 else f"{norm:.1e}"
        ax.text(step, 0.2, text, ha="center", va="center", fontsize=12)
        ax.text(step, 2.0, f"$x_{{{step}}}$", ha="center", va="center")
        _arrow(ax, (step, 1.88), (step, 1.24), 1, INK)
        if step < last:
            _arrow(ax, (step + 0.2, 1.12), (step + 0.8, 1.12), 1, INK)
            tail, head = (step + 0.8, 0.86), (step + 0.2, 0.86)
            colour = PALETTE["vermillion"]
            _arrow(ax, tail, head, widths[step - 1], colour)
            label = rf"$\partial h_{{{step + 1}}}/\partial h_{{{step}}}$"
            ax.text(step + 0.5, 0.55, label, ha="center", va="center")
    _node(ax, (last + 1, 1), f"$J_{{{last}}}$", square=True)
    _arrow(ax, (last + 0.2, 1.12), (last + 0.8, 1.12), 1, INK)
    tail, head = (last + 0.8, 0.86), (last + 0.2, 0.86)
    _arrow(ax, tail, head, widths[-1], PALETTE["vermillion"])
    ax.text(0.35, 0.2, "norm", ha="right", va="center")
    ax.set(xlim=(-0.15, last + 1.4), ylim=(0, 2.15))
    ax.set_axis_off()
    return ax


def modes(panels, axes=None):
    """Draw the norm of a gradient and of the modes that it is made of.

    Args:
        panels: Title to a pair of norms and sizes of the modes.
        axes: As many Axes as panels, one above the other; new ones if None.

    Shapes:
        norms: (lags + 1,)
        sizes: (modes, lags + 1)

    Returns:
        ndarray: the Axes, logarithmic in the norm.
    """
    if axes is None:
        _, axes = plt.subplots(
            len(panels), sharex=True, sharey=True, figsize=(5.2, 5.2)
        )
    for ax, (title, (norms, sizes)) in zip(axes, panels.items(), strict=True):
        lags = np.arange(len(norms))
        for place, size in enumerate(np.asarray(sizes), start=1):
            ax.plot(
                lags,
                size,
                color=COLOURS[place],
                linestyle=STYLES[place],
                marker="",
                label=f"mode {place}",
            )
        ax.plot(
            lags,
            norms,
            color=COLOURS[0],
            linestyle="-",
            marker="o",
            markevery=5,
            linewidth=2.5,
            label="their sum, the gradient",
        )
        ax.set(yscale="log", ylabel="norm", title=title)
    axes[-1].set_xlabel("lag (steps back)")
    axes[0].legend()
    return axes


def slopes_by_radius(slopes, ax=None):
    """Draw measured slopes of log-norms against the spectral radius.

    Args:
        slopes: Kind of matrix to a dict from radius to slopes, one a seed.
        ax: Where to draw; a new figure if None.

    Returns:
        Axes: points for each seed, and the curve log(radius).
    """
    ax = ax or plt.subplots()[1]
    radii = np.array(sorted({r for rows in slopes.values() for r in rows}))
    fine = np.linspace(radii.min(), radii.max(), 100)
    rule = {"color": INK, "linewidth": 1.5, "linestyle": "-", "marker": ""}
    ax.plot(fine, np.log(fine), label="log of the radius", **rule)
    width = 0.01 * (len(slopes) - 1)
    for place, (kind, rows) in enumerate(slopes.items()):
        spots = np.concatenate([[r] * len(rows[r]) for r in rows])
        ax.plot(
            spots + width * (place - (len(slopes) - 1) / 2),
            np.concatenate(list(rows.values())),
            color=COLOURS[place],
            linestyle="",
            marker=MARKERS[place],
            alpha=0.8,
            label=kind,
        )
    ax.axhline(0, color=INK, linewidth=0.8, linestyle=":", marker="")
    ax.set(xlabel="spectral radius", ylabel="slope per step")
    legend_above(ax, columns=1)
    return ax


def bounds(panels, axes=None):
    """Draw measured gradient norms below their bounds.

    Args:
        panels: Title to a dict from name to a pair of norms and bound.
        axes: As many Axes as panels, one above the other; new ones if None.

    Shapes:
        norms: (seeds, lags)
        bound: (seeds, lags)

    Returns:
        ndarray: the Axes, logarithmic in the norm. A bound has the colour
        of what it bounds, a thin line and no marker; norms have markers.
    """
    if axes is None:
        _, axes = plt.subplots(len(panels), sharex=True, figsize=(5.2, 6.6))
    for ax, (title, pairs) in zip(axes, panels.items(), strict=True):
        lags = np.arange(np.shape(next(iter(pairs.values()))[0])[1])
        measured = {name: norms for name, (norms, _) in pairs.items()}
        lines_with_spread(lags, measured, ax=ax, mark_every=len(lags) // 6)
        for line, (_, bound) in zip(
            ax.get_lines(), pairs.values(), strict=True
        ):
            ax.plot(
                lags,
                np.median(np.asarray(bound), axis=0),
                color=line.get_color(),
                linestyle=line.get_linestyle(),
                linewidth=1,
                marker="",
            )
        thin = {"color": INK, "linewidth": 1, "linestyle": "-", "marker": ""}
        ax.plot([], [], label="thin: the bound on each", **thin)
        ax.set(yscale="log", ylabel="relative norm")
        legend_above(ax, columns=1)
        ax.set_title(title, pad=19 * (len(pairs) + 1), loc="left")
    axes[-1].set_xlabel("lag (steps back)")
    return axes


def _node(ax, place, text, *, square=False):
    """Draw a state or a loss."""
    shape = "square,pad=0.35" if square else "circle,pad=0.28"
    box = {"boxstyle": shape, "facecolor": "none", "edgecolor": INK}
    ax.text(*place, text, ha="center", va="center", fontsize=13, bbox=box)


def _arrow(ax, tail, head, width, colour):
    """Draw an arrow of a width in points."""
    style = {
        "arrowstyle": f"simple,tail_width={width / 10},"
        f"head_width={width / 10 + 0.5},head_length=0.5",
        "mutation_scale": 10,
        "shrinkA": 0,
        "shrinkB": 0,
        "facecolor": colour,
        "edgecolor": "none",
    }
    if colour == INK:
        style = {"arrowstyle": "->", "color": INK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)
