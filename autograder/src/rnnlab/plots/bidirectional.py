"""Figures of chapter 8: the wiring, and who reads what.

The nodes that are drawn are the nodes that the tests run and compare with
``torch.nn.RNN(bidirectional=True)``: a wrong wire fails a test.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch, Rectangle

from rnnlab.plots import INK, PALETTE
from rnnlab.plots.wiring import Node, arrow

#: Equations of the drawing, in the book's order.
BIDIRECTIONAL_EQUATIONS = (
    "eq-bidirectional-forward",
    "eq-bidirectional-backward",
    "eq-bidirectional-states",
)
_FORWARD, _BACKWARD, _STATES = BIDIRECTIONAL_EQUATIONS
_COLOURS = {_FORWARD: PALETTE["blue"], _BACKWARD: PALETTE["vermillion"]}
_STEP = 2.4  # from one word to the next
_SIDE = 0.5  # of a direction's boxes, to the left and right of the word
_HEIGHTS = {_FORWARD: 1.7, _BACKWARD: 3.3, _STATES: 4.9}
_BOX = (0.36, 0.46)  # half a width and half a height
_THIN = {"lw": 1.4, "color": INK}


def bidirectional_nodes(seq_len):
    """Return every operation of the network, each after what it reads.

    Args:
        seq_len: Number of words.

    Returns:
        list: of Node; "step" is one step of that direction's RNN on the
        state that is read first and the word that is read second, "join"
        puts two states side by side.
    """
    nodes = []
    for t in range(seq_len):
        before = (f"forward {t - 1}",) if t else ()
        place = (_STEP * t - _SIDE, _HEIGHTS[_FORWARD])
        reads = (*before, f"x {t}")
        nodes.append(Node(f"forward {t}", "step", reads, _FORWARD, place))
    for t in reversed(range(seq_len)):
        after = (f"backward {t + 1}",) if t + 1 < seq_len else ()
        place = (_STEP * t + _SIDE, _HEIGHTS[_BACKWARD])
        reads = (*after, f"x {t}")
        nodes.append(Node(f"backward {t}", "step", reads, _BACKWARD, place))
    for t in range(seq_len):
        reads = (f"forward {t}", f"backward {t}")
        place = (_STEP * t, _HEIGHTS[_STATES])
        nodes.append(Node(f"states {t}", "join", reads, _STATES, place))
    return nodes


def draw_bidirectional(ax, words):
    """Draw a bidirectional RNN over some words.

    Args:
        ax: Axes to draw on; its frame and ticks are taken away.
        words: A text for each step.

    Equations:
        eq-bidirectional-forward, eq-bidirectional-backward,
        eq-bidirectional-states

    Returns:
        Axes: the one that was given.

    Source:
        Schuster & Paliwal 1997; the lecture's drawing.
    """
    nodes = bidirectional_nodes(len(words))
    places = {node.name: node.place for node in nodes}
    places |= {f"x {t}": (_STEP * t, 0.35) for t in range(len(words))}
    for node in nodes:
        for name in node.inputs:
            _draw_wire(ax, places[name], node)
    for node in nodes:
        _draw_node(ax, node)
    for t, word in enumerate(words):
        ax.text(_STEP * t, 0, word, ha="center", va="center", fontsize=11)
    for label, height in (
        ("joined", _HEIGHTS[_STATES]),
        ("backward", _HEIGHTS[_BACKWARD]),
        ("forward", _HEIGHTS[_FORWARD]),
    ):
        ax.text(-1.3, height, label, ha="right", va="center", fontsize=11)
    right = _STEP * (len(words) - 1) + 1.3
    ax.set(xlim=(-3.6, right), ylim=(-0.5, 5.6), aspect="equal")
    ax.set_axis_off()
    return ax


def _draw_wire(ax, start, node):
    """Draw a wire: straight up beside the word, or along a direction."""
    (x0, y0), (x1, y1) = start, node.place
    half, height = _BOX
    if y0 == y1:
        away = half if x0 < x1 else -half
        style = {"lw": 2.4, "color": _COLOURS[node.equation]}
        points = [(x0 + away, y0), (x1 - away, y1)]
    else:
        x = x1 if node.operation == "step" else x0
        style = _THIN
        points = [(x, y0 if y0 < 1 else y0 + height), (x, y1 - height)]
    arrow(ax, points, style, ends=points[-1:])


def _draw_node(ax, node):
    """Draw a box: one colour for a direction, both for joined states."""
    (x, y), (half, height) = node.place, _BOX
    if node.operation == "step":
        colour = _COLOURS[node.equation]
        corner = (x - half, y - height)
        sign = (
            r"$\rightarrow$" if node.equation == _FORWARD else "$\\leftarrow$"
        )
        ax.add_patch(Rectangle(corner, 2 * half, 2 * height, fc=colour))
        middle = {"ha": "center", "va": "center", "color": "white"}
        ax.text(x, y, sign, fontsize=13, **middle)
        return
    for colour, left in zip(_COLOURS.values(), (x - 0.86, x), strict=True):
        corner = (left, y - height)
        ax.add_patch(Rectangle(corner, 0.86, 2 * height, fc=colour))


def draw_influence(axes, matrices, words):
    """Draw which word each output depends on.

    Args:
        axes: Axes to draw on, one for each matrix.
        matrices: Maps a title to its matrix.
        words: A text for each step.

    Shapes:
        matrices[title]: (seq_len, seq_len), bool; row: output, column: word

    Returns:
        list: the Axes.
    """
    drawn = list(np.ravel(axes))
    steps = range(len(words))
    for ax, (title, matrix) in zip(drawn, matrices.items(), strict=True):
        for t in steps:
            for s in steps:
                if matrix[t][s]:
                    late = s > t
                    ax.add_patch(
                        Rectangle(
                            (s - 0.5, t - 0.5),
                            1,
                            1,
                            fc=PALETTE["vermillion" if late else "blue"],
                            alpha=0.8 if late else 0.5,
                            hatch="//" if late else None,
                            ec=INK,
                            lw=0.5,
                        )
                    )
        ax.set(xlim=(-0.5, len(words) - 0.5), ylim=(len(words) - 0.5, -0.5))
        ax.set(aspect="equal", title=title)
        ax.set_xticks(steps, words, rotation=90)
        ax.set_yticks(steps, words)
        ax.grid(visible=False)
    return drawn


def influence_legend():
    """Return patches that explain the colours of ``draw_influence``."""
    return [
        Patch(fc=PALETTE["blue"], alpha=0.5, label="reads itself or before"),
        Patch(
            fc=PALETTE["vermillion"],
            alpha=0.8,
            hatch="//",
            ec=INK,
            label="reads ahead",
        ),
    ]


def dots_by_group(groups, series, *, ax=None):
    """Draw one dot for each seed, in groups side by side.

    Args:
        groups: Names of the groups.
        series: Maps a label to the values of each group.
        ax: Axes to draw on; the current ones where there are none.

    Shapes:
        series[label]: (groups, seeds)

    Returns:
        Axes: with a legend; a bar marks the median of each group's dots.
    """
    ax = plt.gca() if ax is None else ax
    looks = zip(PALETTE.values(), "os^DvX", strict=False)
    width = 0.7 / len(series)
    for k, ((label, rows), (colour, marker)) in enumerate(
        zip(series.items(), looks, strict=False)
    ):
        shift = width * (k - (len(series) - 1) / 2)
        for g, values in enumerate(np.asarray(rows)):
            spots = g + shift + np.linspace(-0.08, 0.08, len(values))
            ax.plot(
                spots,
                values,
                ls="none",
                marker=marker,
                color=colour,
                label=label if g == 0 else None,
            )
            middle = np.median(values)
            bar = [g + shift - 0.13, g + shift + 0.13]
            ax.plot(bar, [middle] * 2, color=colour, ls="-", marker="")
    ax.set_xticks(range(len(groups)), groups)
    ax.legend()
    return ax
