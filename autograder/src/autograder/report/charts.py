"""Charts: the numbers of a picture as images that hold themselves.

Each is drawn twice, in the inks of a light and of a dark page. What a chart
shows stands beside it as a table, so no chart is the only way to a number.
"""

import base64
import io

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_INKS = {"light": "#1d2430", "dark": "#e6e9ee"}
_BARS = {"light": "#0b57a4", "dark": "#8ab8ff"}
#: Hatch of each share, so that colour is not the only sign, and its fills.
_SHARES = {
    "full marks": ("", {"light": "#4c9f70", "dark": "#2f7d4f"}),
    "some": ("///", {"light": "#e0b35c", "dark": "#8a6220"}),
    "none": ("...", {"light": "#c9d0d9", "dark": "#3a434f"}),
    "waiting": ("xxx", {"light": "none", "dark": "none"}),
}
BINS = 10
_WIDTH = 4.6


def bins(values, highest):
    """Return how many values lie in each tenth of the points.

    Args:
        values: Points.
        highest: The most that there are.

    Returns:
        list[tuple]: lower edge, upper edge, count; the last has both edges.
    """
    counts, edges = np.histogram(values, BINS, (0, highest or 1))
    return [
        (float(low), float(high), int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]


def scores(found):
    """Return the histogram of an assignment's scores as addresses.

    Args:
        found: What ``bins`` returned.
    """

    def draw(axes, mode):
        low, high, counts = (
            np.array(each) for each in zip(*found, strict=True)
        )
        axes.bar(
            low,
            counts,
            high - low,
            align="edge",
            color=_BARS[mode],
            edgecolor=_INKS[mode],
            linewidth=0.5,
        )
        axes.set(
            xlabel="points",
            ylabel="students",
            xlim=(0, high[-1]),
            ylim=(0, max(1, counts.max()) * 1.1),
        )
        axes.yaxis.get_major_locator().set_params(integer=True)

    return _images(draw, 2.2)


def shares(rows):
    """Return how a class did in each task as addresses of images.

    Args:
        rows: Title and the four counts of each task, top to bottom.
    """

    def draw(axes, mode):
        places = np.arange(len(rows))
        left = np.zeros(len(rows))
        for column, (name, look) in enumerate(_SHARES.items(), 1):
            hatch, fills = look
            counts = np.array([row[column] for row in rows])
            axes.barh(
                places,
                counts,
                0.7,
                left,
                color=fills[mode],
                hatch=hatch,
                edgecolor=_INKS[mode],
                linewidth=0.6,
                label=name,
            )
            left += counts
        axes.set(
            xlabel="students",
            yticks=places,
            yticklabels=[_short(row[0]) for row in rows],
        )
        axes.set_xlim(0, max(1, left.max()))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.invert_yaxis()
        axes.figure.legend(
            loc="outside upper center",
            ncols=4,
            frameon=False,
            labelcolor=_INKS[mode],
            fontsize=8,
            handlelength=1.4,
            columnspacing=1,
        )

    return _images(draw, 1.1 + 0.32 * len(rows))


def _short(title):
    """Return a title that leaves room for bars, without TeX."""
    title = title.replace("$", "")
    return title if len(title) <= 24 else f"{title[:23]}…"


def _images(draw, height):
    """Return a drawing as data addresses of SVG by mode."""
    images = {}
    for mode, ink in _INKS.items():
        style = {
            "svg.hashsalt": "autograder",
            "font.size": 9,
            "hatch.linewidth": 0.6,
            "hatch.color": ink,
            **dict.fromkeys(
                (
                    "text.color",
                    "axes.labelcolor",
                    "axes.edgecolor",
                    "xtick.color",
                    "ytick.color",
                ),
                ink,
            ),
        }
        with mpl.rc_context(style):
            figure = Figure((_WIDTH, height), layout="constrained")
            FigureCanvasSVG(figure)
            axes = figure.add_subplot()
            axes.spines[["top", "right"]].set_visible(False)
            draw(axes, mode)
            file = io.BytesIO()
            figure.savefig(
                file, format="svg", transparent=True, metadata={"Date": None}
            )
        code = base64.b64encode(file.getvalue()).decode()
        images[mode] = f"data:image/svg+xml;base64,{code}"
    return images
