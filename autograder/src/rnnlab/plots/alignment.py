"""Attention maps: which source pieces each target piece was made from."""

import matplotlib.pyplot as plt

from rnnlab import plots


def draw_alignment(attention_weights, source, target, ax=None):
    """Draw attention weights as a map, one row a target piece.

    Args:
        attention_weights: Array (target_len, source_len), rows add up to 1.
        source: Texts of the source pieces.
        target: Texts of the target pieces.
        ax: Axes to draw on; new ones by default.

    Returns:
        Axes: with the source along the bottom and the target from the top
        down, an x on the largest weight of a row, and a colour bar.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 4.6))
    image = ax.imshow(
        attention_weights,
        cmap="cividis",
        vmin=0,
        vmax=1,
        aspect="auto",
        interpolation="nearest",
    )
    ax.set_xticks(range(len(source)), source, rotation=90)
    ax.set_yticks(range(len(target)), target)
    ax.set(xlabel="source", ylabel="translation")
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax).set_label("attention weight")
    for row, weights in enumerate(attention_weights):
        column = int(weights.argmax())
        ax.text(
            column,
            row,
            "x",
            ha="center",
            va="center",
            color="white" if weights[column] < 0.6 else plots.INK,
        )
    return ax
