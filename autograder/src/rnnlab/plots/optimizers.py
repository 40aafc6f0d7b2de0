"""Figures on optimizers and thresholds: numbers in, Axes out."""

import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import INK, PALETTE
from rnnlab.plots.clipping import COLOURS, MARKERS, STYLES, legend_above


def final_losses(results, baseline, ax=None):
    """Draw the final loss of each optimizer, one dot per seed.

    Args:
        results: Kind of training ("no clipping", ...) to a dict from
            optimizer to final losses; a loss that is not finite is drawn as
            a cross at the right edge.
        baseline: Loss of a model that learned nothing, drawn as a line.
        ax: Where to draw; a new figure if None.

    Returns:
        Axes: one row per optimizer, logarithmic in the loss.
    """
    ax = ax or plt.subplots(figsize=(5.2, 4))[1]
    finite = [
        loss
        for rows in results.values()
        for losses in rows.values()
        for loss in losses
        if np.isfinite(loss)
    ]
    edge = 4 * max(finite)
    for place, (kind, rows) in enumerate(results.items()):
        for row, runs in enumerate(rows.values()):
            losses = np.asarray(runs, float)
            good = np.isfinite(losses)
            height = np.full(len(losses), row + 0.3 * (place - 0.5))
            style = {"color": COLOURS[place], "linestyle": ""}
            label = kind if row == 0 else None
            marker = MARKERS[place]
            ax.plot(losses[good], height[good], marker=marker, **style)
            ax.plot([], [], marker=marker, label=label, **style)
            spread = edge * 1.5 ** np.arange((~good).sum())
            cross = {"marker": "X", "markersize": 7, **style}
            ax.plot(spread, height[~good], **cross)
    ax.axvline(baseline, color=INK, linewidth=1, linestyle=":")
    names = list(next(iter(results.values())))
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set(xscale="log", xlabel="loss at the end (x: Inf or NaN)")
    ax.grid(visible=False, axis="y")
    legend_above(ax, columns=2)
    return ax


def spike_responses(curves, spike_step, ax=None):
    """Draw step lengths before, at and after one huge gradient.

    Args:
        curves: Name to step lengths, relative to those before the spike,
            one row per seed.
        spike_step: When the huge gradient came.
        ax: Where to draw; a new figure if None.

    Shapes:
        curves[name]: (seeds, steps)

    Returns:
        Axes: logarithmic in the length; line is the median over seeds.
    """
    ax = ax or plt.subplots()[1]
    for place, (name, runs) in enumerate(curves.items()):
        median = np.median(np.asarray(runs), axis=0)
        ax.plot(
            np.arange(len(median)) - spike_step,
            median,
            color=COLOURS[place],
            linestyle=STYLES[place],
            marker=MARKERS[place],
            markevery=len(median) // 8,
            linewidth=1.5,
            label=name,
        )
    ax.set(yscale="log", xlabel="steps after the spike")
    ax.set_ylabel("step length, relative")
    legend_above(ax, columns=2)
    return ax


def thresholds(norms, sweep, baseline, axes=None):
    """Draw the norms that occur, and how training ends at each threshold.

    Args:
        norms: Gradient norms of healthy steps, over all seeds.
        sweep: Threshold to final losses, one per seed; one above 10 times
            the baseline, or not finite, is drawn as a cross at the top.
        baseline: Loss of a model that learned nothing, drawn as a line.
        axes: Two Axes, one above the other; a new figure if None.

    Returns:
        ndarray: the two Axes, which share the logarithmic axis of norms.
    """
    if axes is None:
        _, axes = plt.subplots(2, sharex=True, figsize=(5.2, 5))
    norms, top = np.asarray(norms), 10 * baseline
    bins = np.geomspace(norms.min(), norms.max(), 40)
    axes[0].hist(norms, bins, color=PALETTE["blue"], alpha=0.8)
    axes[0].axvline(np.median(norms), color=INK, linestyle="--", linewidth=1)
    axes[0].set(ylabel="steps", xscale="log")
    for max_norm, runs in sweep.items():
        losses = np.asarray(runs, float)
        good = losses <= top  # False for NaN
        style = {"color": PALETTE["vermillion"], "linestyle": ""}
        spots = max_norm * 1.12 ** (np.arange(len(losses)) - 1)
        axes[1].plot(spots[good], losses[good], marker="o", **style)
        bad = np.full((~good).sum(), top)
        cross = {"marker": "X", "markersize": 8, "clip_on": False, **style}
        axes[1].plot(spots[~good], bad, **cross)
    axes[1].axhline(baseline, color=INK, linewidth=1, linestyle=":")
    axes[1].set(yscale="log", ylabel="loss at the end", ylim=(None, top))
    axes[1].set_xlabel("gradient norm / threshold")
    return axes
