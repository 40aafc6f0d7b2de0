"""A slider for a page: the gradient in each layer of an ever deeper stack."""

import html
import math

from rnnlab.plots import PALETTE
from rnnlab.plots.slider import Frame, slider, table
from rnnlab.plots.tables import short

_WIDTH, _HEIGHT = 520, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 506, 12, 246

#: Looks of the two curves: colour, dashes.
_LOOKS = ((PALETTE["blue"], "9 5"), (PALETTE["vermillion"], ""))

_CHART = (
    '<svg class="figure" viewBox="0 0 {width} {height}" role="img" '
    'aria-label="{alt}" style="display: block; width: 100%; color: inherit" '
    'font-size="16" fill="currentColor">{grid}'
    '<text x="{middle}" y="{foot}" text-anchor="middle">'
    "layer, counted from below</text>"
    '<text transform="translate(14 {centre}) rotate(-90)" '
    'text-anchor="middle">relative gradient norm</text>'
    '<g fill="none" stroke-width="3">{lines}</g></svg>'
)

_LINE = (
    '<polyline id="{name}-line{k}" points="{points}" stroke="{colour}" '
    'stroke-dasharray="{dashes}"/>'
)

_HEAD = '<th scope="col">stack</th><th scope="col">gradient in layer 1</th>'

_ROW = (
    '<tr><th scope="row"><svg width="36" height="8" aria-hidden="true">'
    '<line x2="36" y1="4" y2="4" stroke="{colour}" stroke-width="3" '
    'stroke-dasharray="{dashes}"/></svg> {label}</th>'
    '<td id="{name}-low{k}">{low}</td></tr>'
)


def depth_slider(curves, notes, *, alt, name, decades, start=0):
    """Return the HTML of a slider over the depth of a stack.

    Args:
        curves: Label of a kind of stack to its values: for each depth, from
            1 on, one number above 0 for each layer, the lowest first. Two
            kinds.
        notes: A sentence on each depth, which is announced.
        alt: What the drawing shows, for those who cannot see it.
        name: Prefix of the ids; one page needs a name for each slider.
        decades: Lowest and highest power of ten of the drawing.
        start: Position at first; the depth is one more.

    Returns:
        str: an element with its script, without any outside reference.

    Raises:
        ValueError: a kind has not as many depths as there are notes.
    """
    kinds = list(curves.values())
    if any(len(kind) != len(notes) for kind in kinds):
        raise ValueError("Give a sentence for each depth, and no more.")
    frames = [
        Frame(
            str(place + 1),
            note,
            {f"low{k}": short(float(row[0])) for k, row in enumerate(rows)},
            {
                f"line{k}": ("points", _points(row, len(notes), decades))
                for k, row in enumerate(rows)
            },
        )
        for place, (note, *rows) in enumerate(zip(notes, *kinds, strict=True))
    ]
    first, ident = frames[start], html.escape(name)
    looks = [
        {"name": ident, "k": k, "colour": colour, "dashes": dashes}
        for k, (colour, dashes) in enumerate(_LOOKS)
    ]
    lines = "".join(
        _LINE.format(points=first.attributes[f"line{look['k']}"][1], **look)
        for look in looks
    )
    chart = _CHART.format(
        width=_WIDTH,
        height=_HEIGHT,
        alt=html.escape(alt),
        grid=_grid(len(notes), decades),
        middle=(_LEFT + _RIGHT) / 2,
        centre=(_TOP + _BOTTOM) / 2,
        foot=_HEIGHT - 8,
        lines=lines,
    )
    rows = "".join(
        _ROW.format(
            label=html.escape(label),
            low=first.texts[f"low{look['k']}"],
            **look,
        )
        for label, look in zip(curves, looks, strict=True)
    )
    body = chart + table(_HEAD, rows)
    return slider("Number of layers:", frames, body, name=name, start=start)


def _points(row, deepest, decades):
    """Return the corners of a curve; one layer alone is a short dash."""
    corners = [
        (_across(layer, deepest), _down(math.log10(value), decades))
        for layer, value in enumerate(row, start=1)
    ]
    if len(corners) == 1:
        ((x, y),) = corners
        corners = [(x - 6, y), (x + 6, y)]
    return " ".join(f"{x:.0f},{y:.1f}" for x, y in corners)


def _across(layer, deepest):
    return _LEFT + 14 + (_RIGHT - _LEFT - 28) * (layer - 1) / (deepest - 1)


def _down(power, decades):
    low, high = decades
    power = min(max(power, low), high)
    return _TOP + (_BOTTOM - _TOP) * (high - power) / (high - low)


def _grid(deepest, decades):
    """Return the grid with its numbers."""
    thin = 'stroke="currentColor" stroke-width="1"'
    parts = []
    for power in range(decades[0], decades[1] + 1):
        y = _down(power, decades)
        weight = 0.8 if power == 0 else 0.25
        text = (
            "1"
            if power == 0
            else f'10<tspan dy="-6" font-size="12">{_signed(power)}</tspan>'
        )
        parts.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'{thin} opacity="{weight}"/>'
        )
        if power % 2 == 0:
            parts.append(
                f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">'
                f"{text}</text>"
            )
    parts += [
        f'<text x="{_across(layer, deepest):.0f}" y="{_BOTTOM + 22}" '
        f'text-anchor="middle">{layer}</text>'
        for layer in range(1, deepest + 1)
    ]
    return "".join(parts)


def _signed(power):
    return str(power).replace("-", "\N{MINUS SIGN}")
