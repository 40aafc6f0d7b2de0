"""Drawings of a stack: its wiring, and its gradient as a map."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.ticker import MaxNLocator

from rnnlab.plots import INK, PALETTE
from rnnlab.plots.wiring import arrow

_ACROSS, _UP = 2.6, 2.6  # from one step, and one layer, to the next
_SUM = 1.3  # how far above its layer an addition is drawn
_LEAVES = 0.72  # how far below the next layer its skip leaves the wire


def stack_nodes(num_layers, seq_len, *, skips=False):
    """Return what a stack computes, each node after those that it reads.

    A node is a pair of its name and the names that it reads. Names are
    ("x", t), ("layer", number, t) and, with skips, ("sum", number, t);
    layers and steps count from 1. A layer's node reads what is below it,
    then its own node of the step before; at the first step there is none.

    Args:
        num_layers: Number of layers.
        seq_len: Number of steps.
        skips: Whether each layer but the first adds to what it reads.

    Equations:
        eq-stack-layer, eq-stack-skip

    Returns:
        list: pairs of a name and a tuple of names.
    """
    nodes = []
    for t in range(1, seq_len + 1):
        below = ("x", t)
        for number in range(1, num_layers + 1):
            own = ("layer", number, t)
            before = (("layer", number, t - 1),) if t > 1 else ()
            nodes.append((own, (below, *before)))
            if skips and number > 1:
                added = ("sum", number, t)
                nodes.append((added, (own, below)))
                own = added
            below = own
    return nodes


def draw_stack(ax, num_layers=3, seq_len=4, *, skips=False):
    """Draw the grid of a stack: time to the right, depth upwards.

    Args:
        ax: Axes to draw on; its frame and ticks are taken away.
        num_layers: Number of layers.
        seq_len: Number of steps.
        skips: Whether each layer but the first adds to what it reads.

    Equations:
        eq-stack-layer, eq-stack-skip

    Returns:
        Axes: the one that was given.
    """
    thin, thick = {"lw": 1.6, "color": INK}, {"lw": 3.0}
    thick["color"] = PALETTE["vermillion"]
    for name, reads in stack_nodes(num_layers, seq_len, skips=skips):
        end = _place(name)
        for read in reads:
            start = _place(read)
            if name[0] == "sum" and read[1] != name[1]:
                # From the wire above what is read, around the layer.
                start = (start[0], end[1] - _SUM - _LEAVES)
                side = end[0] + 0.9
                line = [start, (side, start[1]), (side, end[1]), end]
                arrow(ax, line, thick, ())
            else:
                arrow(ax, [start, end], thin, ())
        _draw_node(ax, name, end)
    for t in range(1, seq_len + 1):
        x, y = _place(("x", t))
        ax.text(x, y - 0.5, f"$x_{t}$", ha="center", va="center", fontsize=14)
    top = ("sum" if skips and num_layers > 1 else "layer", num_layers)
    for t in range(1, seq_len + 1):
        x, y = _place((*top, t))
        arrow(ax, [(x, y), (x, y + 1.2)], thin, ((x, y + 1.2),))
    right = _place(("layer", 1, seq_len))[0] + 1.2
    ax.set(
        xlim=(-3.2, right),
        ylim=(-2.2, y + 1.3),
        aspect="equal",
    )
    for number in range(1, num_layers + 1):
        y = _place(("layer", number, 1))[1]
        ax.text(-1.0, y, f"layer {number}", ha="right", va="center")
    ax.set_axis_off()
    return ax


def _place(name):
    """Return where a node is drawn."""
    if name[0] == "x":
        return (_ACROSS * (name[1] - 1), -1.4)
    kind, number, t = name
    height = _UP * (number - 1)
    return (_ACROSS * (t - 1), height + (_SUM if kind == "sum" else 0))


def _draw_node(ax, name, place):
    """Draw a layer at a step as a box, an addition as a circle."""
    x, y = place
    middle = {"ha": "center", "va": "center", "color": "white", "zorder": 3}
    if name[0] == "sum":
        colour = PALETTE["vermillion"]
        ax.add_patch(Circle(place, 0.3, fc=colour, ec=colour, zorder=2))
        ax.text(x, y, "+", fontsize=13, **middle)
        return
    colour = PALETTE["blue"]
    box = FancyBboxPatch(
        (x - 0.5, y - 0.38),
        1.0,
        0.76,
        boxstyle="round,pad=0,rounding_size=0.15",
        fc=colour,
        ec=colour,
        zorder=2,
    )
    ax.add_patch(box)
    _, number, t = name
    ax.text(x, y, f"$h_{t}^{{({number})}}$", fontsize=12, **middle)


def gradient_map(norms, *, ax=None, decades=(-6, 0)):
    """Draw gradient norms by layer and lag as a map on a logarithmic scale.

    Time runs to the right and depth upwards, so the loss is at the top right
    and the gradient travels to the left and down.

    Args:
        norms: Norms above 0; what is smaller than the scale has its end's
            colour.
        ax: Axes to draw on; the current ones where there are none.
        decades: Lowest and highest power of ten of the scale.

    Shapes:
        norms: (num_layers, lags)

    Returns:
        Axes: with the map and a colour bar.
    """
    ax = plt.gca() if ax is None else ax
    powers = np.log10(np.maximum(np.asarray(norms), 1e-300))
    num_layers, lags = powers.shape
    image = ax.imshow(
        powers,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        extent=(-0.5, lags - 0.5, 0.5, num_layers + 0.5),
        vmin=decades[0],
        vmax=decades[1],
    )
    ax.invert_xaxis()
    ax.grid(visible=False)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="lag, steps before the last", ylabel="layer")
    beyond = "both" if powers.max() > decades[1] else "min"
    bar = ax.figure.colorbar(image, ax=ax, extend=beyond)
    bar.set_label("gradient, power of 10")
    bar.outline.set_visible(False)
    return ax
