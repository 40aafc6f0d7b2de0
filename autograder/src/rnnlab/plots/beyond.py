"""Figures of chapter 11: the rounds of a scan, and runs as dots."""

import matplotlib.pyplot as plt
import numpy as np

from rnnlab.plots import INK, PALETTE


def draw_scan(spans, *, ax=None):
    """Draw the rounds of a scan: who is combined with whom.

    Args:
        spans: For each round, first the start, how many steps each step's
            pair stands for.
        ax: Axes to draw on; the current ones where there are none.

    Shapes:
        spans: (rounds + 1, seq_len), whole numbers

    Returns:
        Axes: a dot for each step and round with its number of steps, and a
            slanted line from whatever was combined into it.
    """
    ax = plt.gca() if ax is None else ax
    spans = np.asarray(spans, dtype=int)
    rounds, seq_len = spans.shape
    steps = range(1, seq_len + 1)
    for level in range(rounds - 1):
        for step in steps:
            before, after = spans[level : level + 2, step - 1]
            straight = {"color": INK, "lw": 1, "ls": "-", "marker": ""}
            ax.plot([step, step], [level, level + 1], **straight)
            if after > before:
                slanted = {**straight, "color": PALETTE["blue"], "lw": 2}
                ax.plot([step - before, step], [level, level + 1], **slanted)
    for level in range(rounds):
        for step in steps:
            done = spans[level, step - 1] == step
            ax.text(
                step,
                level,
                str(spans[level, step - 1]),
                ha="center",
                va="center",
                color="white",
                bbox={
                    "boxstyle": "circle" if done else "square",
                    "facecolor": PALETTE["green" if done else "vermillion"],
                    "edgecolor": "none",
                },
            )
    ax.set_yticks(
        range(rounds), ["start", *(f"round {n}" for n in range(1, rounds))]
    )
    ax.set_xticks(list(steps))
    ax.set(xlabel="step", xlim=(0.5, seq_len + 0.5))
    ax.set_ylim(rounds - 0.6, -0.4)
    ax.grid(visible=False)
    return ax


def runs_as_dots(series, *, ax=None):
    """Draw every run as a dot, one row for each setting.

    Args:
        series: Maps a label to the value of each seed.
        ax: Axes to draw on; the current ones where there are none.

    Returns:
        Axes: first row on top; a bar stands at the median.
    """
    ax = plt.gca() if ax is None else ax
    for row, values in enumerate(series.values()):
        ax.plot(
            values,
            [row] * len(values),
            color=PALETTE["blue"],
            ls="",
            marker="o",
            alpha=0.6,
        )
        ax.plot(
            np.median(values),
            row,
            color=PALETTE["vermillion"],
            ls="",
            marker="|",
            markersize=14,
            markeredgewidth=3,
        )
    ax.set_yticks(range(len(series)), list(series))
    ax.set_ylim(len(series) - 0.5, -0.5)
    return ax
