"""Figures of the one-unit RNNs: their loss, the cliff, the paths on it."""

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import INK, PALETTE
from rnnlab.plots.clipping import COLOURS, MARKERS, STYLES, legend_above

#: Colours that stand out on the heat map, which is dark in both modes.
_PATHS = (("#ffffff", "-", "o"), ("#ff9d5c", "--", "s"))


def slopes(weights, gradients, ax=None):
    """Draw the size of a gradient against the weight, one line per length.

    Args:
        weights: Recurrent weights.
        gradients: Name of a line to absolute derivatives.
        ax: Where to draw; a new figure if None.

    Shapes:
        weights:         (points,)
        gradients[name]: (points,)

    Returns:
        Axes: logarithmic in the derivative.
    """
    ax = ax or plt.subplots()[1]
    for place, (name, values) in enumerate(gradients.items()):
        ax.plot(
            weights,
            np.where(values > 0, values, np.nan),
            color=COLOURS[place],
            linestyle=STYLES[place],
            marker=MARKERS[place],
            markevery=len(weights) // 8,
            label=name,
        )
    ax.set(yscale="log", xlabel="recurrent weight w")
    ax.set_ylabel(r"$|\partial h_T / \partial w|$")
    legend_above(ax, columns=3)
    return ax


def symptoms(descents, num_steps, window=(0.93, 1.07), axes=None):
    """Draw weight and loss of one-weight descents, step by step.

    Args:
        descents: Name to a Descent of one parameter.
        num_steps: How many steps to show.
        window: Range of weights to show; a line that leaves it is labelled
            with the weight it went to.
        axes: Two Axes, one above the other; a new figure if None.

    Returns:
        ndarray: the two Axes. A line ends with a cross where the next value
        is Inf or NaN; losses below 1e-9 are drawn at 1e-9.
    """
    if axes is None:
        _, axes = plt.subplots(2, sharex=True, figsize=(5.2, 5.2))
    for place, (name, descent) in enumerate(descents.items()):
        weights = descent.points[:num_steps, 0]
        losses = np.maximum(descent.losses[:num_steps], 1e-9)
        line = {
            "color": COLOURS[place],
            "linestyle": STYLES[place],
            "marker": MARKERS[place],
            "markersize": 4,
        }
        axes[0].plot(weights, label=name, **line)
        outside = np.flatnonzero((weights < window[0]) & (weights > -np.inf))
        if len(outside):
            text = f" to {weights[outside[0]]:.1f}"
            axes[0].text(outside[0], window[0], text, va="bottom")
        axes[1].plot(np.where(np.isfinite(losses), losses, np.nan), **line)
        if not np.isfinite(losses).all():
            last = np.flatnonzero(np.isfinite(losses))[-1]
            cross = {"color": COLOURS[place], "marker": "X", "markersize": 10}
            axes[1].plot(last, losses[last], **cross)
    axes[0].set(ylabel="weight w", ylim=window)
    axes[1].set(yscale="log", ylabel="loss", xlabel="step")
    legend_above(axes[0], columns=1)
    return axes


def loss_surface(points, losses, paths=None, ax=None):
    """Draw the loss of a network with two parameters as a surface.

    Args:
        points: Parameters w and b, in rows and columns.
        losses: Loss at each point.
        paths: Name to (points, losses) to draw on the surface, or None.
        ax: Axes with 3-D projection; a new figure if None.

    Shapes:
        points: (rows, columns, 2)
        losses: (rows, columns)

    Returns:
        Axes: in three dimensions; the surface is a bitmap inside the SVG.
    """
    if ax is None:
        figure = plt.figure(figsize=(5.2, 4.6), dpi=200)
        ax = figure.add_subplot(projection="3d", computed_zorder=False)
    surface = ax.plot_surface(
        points[..., 0],
        points[..., 1],
        losses,
        cmap="cividis",
        rstride=1,
        cstride=1,
        linewidth=0,
        antialiased=False,
    )
    surface.set_rasterized(True)
    for place, (name, (steps, heights)) in enumerate((paths or {}).items()):
        colour, style, marker = _PATHS[place]
        ax.plot(
            steps[:, 0],
            steps[:, 1],
            np.asarray(heights) + 0.01,
            color=colour,
            linestyle=style,
            marker=marker,
            markersize=3,
            linewidth=1.2,
            path_effects=_outline(1.2),
            label=name,
        )
    ax.set(xlabel="w", ylabel="b")
    ax.set_zlabel("loss", labelpad=8)
    if paths:
        ax.legend(loc="upper left", bbox_to_anchor=(0, 1.05))
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.line.set_color(INK)
    return ax


def loss_map(weights, biases, losses, paths, zoom=None, ax=None):
    """Draw the same loss from above, with paths of gradient descent.

    Args:
        weights: First parameter.
        biases: Second parameter.
        losses: Loss of each pair.
        paths: Name to points, at most two; a star marks the common start.
        zoom: Window (w from, w to, b from, b to) to show enlarged in the
            upper left corner, or None.
        ax: Where to draw; a new figure if None.

    Shapes:
        weights:     (W,)
        biases:      (B,)
        losses:      (B, W)
        paths[name]: (points, 2)

    Returns:
        Axes: a heat map, a bitmap inside the SVG, with the paths on it.
    """
    ax = ax or plt.subplots(figsize=(5.2, 5))[1]
    panels = [ax]
    if zoom is not None:
        inset = ax.inset_axes((0.03, 0.54, 0.44, 0.44))
        inset.set(xlim=zoom[:2], ylim=zoom[2:], xticks=[], yticks=[])
        for spine in inset.spines.values():
            spine.set(visible=True, color="#ffffff")
        ax.indicate_inset_zoom(inset, edgecolor="#ffffff", alpha=1)
        panels.append(inset)
    limits = {"vmin": losses.min(), "vmax": losses.max()}
    for panel in panels:
        image = panel.pcolormesh(
            weights,
            biases,
            losses,
            shading="nearest",
            rasterized=True,
            **limits,
        )
        _draw_paths(panel, paths)
        panel.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, label="loss")
    ax.set(xlabel="w", ylabel="b")
    legend_above(ax, columns=1)
    return ax


def _draw_paths(ax, paths):
    """Draw paths that are seen on dark and on bright ground."""
    for (name, points), (colour, style, marker) in zip(
        paths.items(), _PATHS, strict=False
    ):
        ax.plot(
            *np.asarray(points).T,
            color=colour,
            linestyle=style,
            marker=marker,
            markersize=4,
            linewidth=1.5,
            path_effects=_outline(1.5),
            label=name,
        )
    start = next(iter(paths.values()))[0]
    ax.plot(*start, marker="*", markersize=14, color=PALETTE["vermillion"])


def _outline(linewidth):
    """Give a line a dark rim, so that it is seen on bright ground too."""
    rim = effects.Stroke(linewidth=linewidth + 1.5, foreground="#202020")
    return [rim, effects.Normal()]
