"""Figures of the course: numbers in, Axes out.

Every function takes numbers and, optionally, the Axes to draw on; it returns
the Axes and never calls ``show``. ``book_style`` sets the look: colours that
colour-blind readers tell apart and that stand out on white and on dark paper,
a line style and a marker for each colour, letters that a phone can show.
"""

import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cycler

#: Okabe and Ito's colours, moved to a middle lightness so that each has a
#: contrast of at least 3:1 on white and on the book's dark ground.
PALETTE = {
    "blue": "#1f77b8",
    "vermillion": "#d55e00",
    "green": "#00916a",
    "purple": "#b9659a",
    "ochre": "#a87800",
    "grey": "#7a7a7a",
}

#: Colour of letters, axes and ticks. The book replaces it by the colour of
#: its text, so letters have the page's own contrast in light and dark mode.
INK = "#757575"

_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
_MARKERS = ("o", "s", "^", "D", "v", "X")

#: The look of a figure in the book, as matplotlib settings.
BOOK_STYLE = {
    "figure.figsize": (5.2, 3.4),
    "figure.dpi": 100,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.03,
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": (
        cycler(color=list(PALETTE.values()))
        + cycler(linestyle=_STYLES)
        + cycler(marker=_MARKERS)
    ),
    "grid.color": INK,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "font.size": 11,
    "font.family": "DejaVu Sans",
    "legend.fontsize": 11,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "lines.markeredgewidth": 0.0,
    "image.cmap": "cividis",
    "svg.fonttype": "path",
    "svg.hashsalt": "rnnlab",
}


def book_style():
    """Draw every later figure of this session in the book's style.

    A chapter calls it once, in its first (hidden) cell. In a notebook it
    also asks for SVG, which stays sharp at every size. For one figure alone
    use ``matplotlib.rc_context(plots.BOOK_STYLE)``.
    """
    mpl.rcParams.update(BOOK_STYLE)
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython  # noqa: PLC0415  not a requirement

    if get_ipython() is not None:
        from matplotlib_inline import backend_inline  # noqa: PLC0415

        backend_inline.set_matplotlib_formats("svg")


def lines_with_spread(x, series, *, ax=None, mark_every=10):
    """Draw one line for each series: the median over seeds, and the range.

    Args:
        x: Horizontal positions.
        series: Maps a label to the values of all seeds.
        ax: Axes to draw on; the current ones where there are none.
        mark_every: One marker for so many points.

    Shapes:
        x:             (points,)
        series[label]: (seeds, points)

    Returns:
        Axes: with the lines and a legend; the band of a line runs from the
        smallest to the largest seed.
    """
    ax = plt.gca() if ax is None else ax
    for label, values in series.items():
        runs = np.asarray(values)
        median = np.median(runs, axis=0)
        (line,) = ax.plot(x, median, markevery=mark_every, label=label)
        low, high = runs.min(axis=0), runs.max(axis=0)
        band = {"color": line.get_color(), "alpha": 0.25, "linewidth": 0}
        ax.fill_between(x, low, high, **band)
    ax.legend()
    return ax
