"""Figures on depth: wires, gates by layer, and products of matrices."""

import math

import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import INK, PALETTE

#: How high the arcs of each kind's row reach.
_TOPS = {"plain": 0.4, "residual": 0.7, "dense": 1.25, "highway": 0.7}
KINDS = tuple(_TOPS)


def wires(axes=None, count=4):
    """Draw four ways to put layers in a row.

    Args:
        axes: Four Axes, one above the other; new ones if None.
        count: Number of layers in each row.

    Returns:
        list[Axes]: one for each of KINDS, without frames. What is drawn
        thick is not multiplied by any weight on its way.
    """
    if axes is None:
        heights = {"height_ratios": [top + 0.3 for top in _TOPS.values()]}
        axes = plt.subplots(4, 1, figsize=(5.2, 3.8), gridspec_kw=heights)[1]
    for ax, kind in zip(axes, KINDS, strict=True):
        for place in range(count + 1):
            _box(ax, place, "$x$" if place == 0 else f"${place}$")
            if place:
                _arrow(ax, place - 1, place)
        for start, end in _skips(kind, count):
            _arc(ax, start, end)
        if kind == "highway":
            for place in range(count):
                look = {"ms": 10, "mfc": "none", "mec": INK, "mew": 1.5}
                ax.plot(place + 0.5, 0.47, "o", ls="", **look)
        ax.text(-0.5, 0, kind, ha="right", va="center")
        ax.set(xlim=(-1.6, count + 0.35), ylim=(-0.3, _TOPS[kind]))
        ax.set_axis_off()
    return list(axes)


def _skips(kind, count):
    """Return the pairs of places that a thick wire joins."""
    if kind == "plain":
        return []
    if kind == "dense":
        return [
            (start, end)
            for start in range(count)
            for end in range(start + 2, count + 1)
        ]
    return [(place, place + 1) for place in range(count)]


def _box(ax, place, text):
    style = {"boxstyle": "round,pad=0.35", "fc": "none", "ec": INK}
    ax.text(place, 0, text, ha="center", va="center", bbox=style)


def _arrow(ax, start, end):
    shape = {"arrowstyle": "->", "color": INK, "lw": 1}
    ends = {"xy": (end - 0.17, 0), "xytext": (start + 0.17, 0)}
    ax.annotate("", **ends, arrowprops=shape)


def _arc(ax, start, end):
    """Draw an arc above the row, higher the further it reaches."""
    span = end - start
    height = 0.47 if span == 1 else 0.25 + 0.22 * span
    turn = np.linspace(0, math.pi, 40)
    across = (start + end) / 2 - (span / 2 - 0.05) * np.cos(turn)
    up = 0.16 + (height - 0.16) * np.sin(turn)
    ax.plot(across, up, color=PALETTE["blue"], lw=2.2, ls="-", marker="")


def gate_map(gates, ax=None):
    """Draw the mean of each unit's gate, layer by layer.

    Args:
        gates: Gate values, averaged over inputs.
        ax: Where to draw; the current Axes if None.

    Shapes:
        gates: (layers, units), each in (0, 1)

    Returns:
        Axes: layers from left to right, each layer's units sorted by their
        value, with a colour bar from 0 to the largest.
    """
    ax = plt.gca() if ax is None else ax
    ordered = np.sort(np.asarray(gates), axis=1).T
    layers = ordered.shape[1]
    image = ax.imshow(
        ordered,
        aspect="auto",
        origin="lower",
        vmin=0,
        vmax=ordered.max(),
        extent=(0.5, layers + 0.5, 0, len(ordered)),
        interpolation="nearest",
    )
    bar = ax.figure.colorbar(image, ax=ax)
    bar.set_label("transform gate")
    ax.grid(visible=False)
    ax.set(xlabel="layer", ylabel="units, sorted")
    return ax


def fans(panels, axes=None):
    """Draw many walks of a logarithm, a panel for each kind of product.

    Args:
        panels: Title to the walks, at least one.
        axes: As many Axes as panels, one above the other; new ones if None.

    Shapes:
        panels[title]: (draws, factors + 1)

    Returns:
        list[Axes]: with the same limits; a thin line for each draw, and the
        median and the middle half in strong ones.
    """
    if axes is None:
        shape = {"figsize": (5.2, 2.6 * len(panels)), "sharex": True}
        axes = plt.subplots(len(panels), 1, sharey=True, **shape)[1]
        axes = np.atleast_1d(axes)
    for ax, (title, drawn) in zip(axes, panels.items(), strict=True):
        walks = np.asarray(drawn) / math.log(10)
        steps = range(walks.shape[1])
        thin = {"lw": 0.6, "alpha": 0.35, "ls": "-", "marker": ""}
        ax.plot(steps, walks.T, color=PALETTE["grey"], **thin)
        low, middle, high = np.quantile(walks, (0.25, 0.5, 0.75), axis=0)
        strong = {"color": PALETTE["blue"], "marker": ""}
        ax.plot(steps, middle, ls="-", label="median", **strong)
        ax.plot(steps, low, ls="--", label="middle half", **strong)
        ax.plot(steps, high, ls="--", **strong)
        ax.set_title(title)
        ax.set_ylabel("log10 of norm")
    axes[-1].set_xlabel("factors")
    axes[0].legend(loc="upper left")
    return list(axes)
