"""Figures of the LSTM chapter: numbers in, Axes out."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import PALETTE


def gate_heat_maps(gates, steps, *, axes):
    """Draw the activations of gates, units against steps, one panel each.

    Args:
        gates: Maps the title of a panel to its activations in (0, 1).
        steps: What the LSTM read at each step, short enough for a tick.
        axes: As many Axes as there are panels.

    Shapes:
        gates[title]: (seq_len, units)
        steps:        seq_len strings

    Returns:
        list: the Axes, the last one with the steps below it.
    """
    for ax, (title, activations) in zip(axes, gates.items(), strict=True):
        image = ax.imshow(
            np.asarray(activations).T,
            vmin=0,
            vmax=1,
            aspect="auto",
            interpolation="nearest",
        )
        ax.grid(visible=False)
        ax.set(title=title, ylabel="unit", yticks=[])
        ax.set_xticks(range(len(steps)), [])
        ax.tick_params(length=0)
    axes[-1].set_xticklabels(steps, family="DejaVu Sans Mono", size=11)
    axes[-1].set_xlabel("what it read")
    bar = axes[0].figure.colorbar(
        image, ax=list(axes), location="top", aspect=40, shrink=0.9
    )
    bar.set_label("gate: 0 closed, 1 open")
    return list(axes)


def word_counts(counts, *, ax=None):
    """Draw how often words stand in yearly reports, as labelled bars.

    Args:
        counts: Maps each of two words to a mapping from year to count; a
            year that is not there has no bar.
        ax: Axes to draw on; the current ones where there are none.

    Returns:
        Axes: one group of bars a year; one word filled, one in outline.
    """
    ax = plt.gca() if ax is None else ax
    years = sorted({year for by_year in counts.values() for year in by_year})
    width = 0.8 / len(counts)
    looks = zip(PALETTE.values(), (0.6, 0.0), ("-", "--"), strict=False)
    for place, (word, look) in enumerate(zip(counts, looks, strict=False)):
        colour, opacity, edge = look
        known = [year for year in years if year in counts[word]]
        left = [years.index(year) + (place - 0.5) * width for year in known]
        bars = ax.bar(
            left,
            [counts[word][year] for year in known],
            width,
            label=word,
            facecolor=mpl.colors.to_rgba(colour, opacity),
            edgecolor=colour,
            linewidth=2,
            linestyle=edge,
        )
        ax.bar_label(bars, fontsize=11)
    ax.set_xticks(range(len(years)), [str(year) for year in years])
    ax.set(xlabel="WMT report of", ylabel="times in the report")
    ax.legend()
    return ax
