"""A slider that moves curves: gradient norms against lag, on a log axis."""

import html
import math

from rnnlab.plots import PALETTE
from rnnlab.plots.slider import Frame, slider, table
from rnnlab.plots.tables import short

_WIDTH, _HEIGHT = 520, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 506, 10, 270

#: Looks of the curves: colour and dashes. The table names each.
_LOOKS = tuple(
    zip(PALETTE.values(), ("", "9 5", "2 4", "9 3 2 3"), strict=False)
)

_CHART = (
    '<svg viewBox="0 0 {width} {height}" role="img" aria-label="{alt}" '
    'style="display: block; width: 100%; color: inherit" font-size="16" '
    'fill="currentColor"><defs><clipPath id="{name}-window">'
    '<rect x="{left}" y="{top}" width="{across}" height="{down}"/>'
    "</clipPath></defs>{grid}"
    '<text x="{middle}" y="{foot}" text-anchor="middle">{label}</text>'
    '<g clip-path="url(#{name}-window)" fill="none" stroke-width="3">'
    "{lines}</g></svg>"
)

_LINE = (
    '<polyline id="{name}-line{k}" points="" stroke="{colour}" '
    'stroke-dasharray="{dashes}"/>'
)

_ROW = (
    '<tr><th scope="row"><svg width="36" height="8" aria-hidden="true">'
    '<line x2="36" y1="4" y2="4" stroke="{colour}" stroke-width="3" '
    'stroke-dasharray="{dashes}"/></svg> {label}</th>{cells}</tr>'
)


def curve_slider(positions, curves, *, settings, name, start=0):
    """Return the HTML of a slider that moves curves against lag or depth.

    Args:
        positions: What the slider is set to at each position.
        curves: Label of a curve to its values; at most four.
        settings: A dict with "label" (what the slider sets), "axis" (label
            of the horizontal axis), "alt" (what the chart shows), "decades"
            (lowest and highest power of ten), "lags" (columns of the table),
            "heading" (what those are; "gradient at lag" if missing) and
            "notes" (a sentence for each position).
        name: Prefix of the ids; one page needs a name for each slider.
        start: Position at first.

    Shapes:
        positions:     (positions,)
        curves[label]: (positions, lags), above 0

    Returns:
        str: a chart, its slider and a table with the same numbers.
    """
    frames = [
        Frame(
            value=f"{position:.2f}",
            note=note,
            texts={
                f"cell{k}-{lag}": short(float(rows[place][lag]))
                for k, rows in enumerate(curves.values())
                for lag in settings["lags"]
            },
            attributes={
                f"line{k}": ("points", _points(rows[place], settings))
                for k, rows in enumerate(curves.values())
            },
        )
        for place, (position, note) in enumerate(
            zip(positions, settings["notes"], strict=True)
        )
    ]
    lags = len(next(iter(curves.values()))[0]) - 1
    body = _chart(len(curves), lags, settings, name) + _numbers(
        curves, settings, name
    )
    return slider(settings["label"], frames, body, name=name, start=start)


def _points(values, settings):
    """Return a curve's corners in the chart's coordinates."""
    lags = len(values) - 1
    low, high = settings["decades"]
    corners = []
    for lag, value in enumerate(values):
        # A little outside the window is enough: what is beyond is clipped.
        power = min(max(math.log10(value), low - 2), high + 2)
        corners.append(
            f"{_across(lag, lags):.0f},{_down(power, low, high):.1f}"
        )
    return " ".join(corners)


def _across(lag, lags):
    return _LEFT + (_RIGHT - _LEFT) * lag / lags


def _down(power, low, high):
    return _TOP + (_BOTTOM - _TOP) * (high - power) / (high - low)


def _chart(count, lags, settings, name):
    """Return the chart with empty curves."""
    looks = _LOOKS[:count]
    lines = "".join(
        _LINE.format(name=html.escape(name), k=k, colour=colour, dashes=dashes)
        for k, (colour, dashes) in enumerate(looks)
    )
    return _CHART.format(
        width=_WIDTH,
        height=_HEIGHT,
        alt=html.escape(settings["alt"]),
        name=html.escape(name),
        left=_LEFT,
        top=_TOP,
        across=_RIGHT - _LEFT,
        down=_BOTTOM - _TOP,
        middle=(_LEFT + _RIGHT) / 2,
        foot=_HEIGHT - 6,
        label=html.escape(settings["axis"]),
        grid=_grid(lags, settings["decades"]),
        lines=lines,
    )


def _grid(lags, decades):
    """Return the grid with its numbers."""
    low, high = decades
    thin = 'stroke="currentColor" stroke-width="1"'
    parts = []
    for power in range(low, high + 1, 5):
        y = _down(power, low, high)
        weight = 0.8 if power == 0 else 0.25
        parts.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" {thin} '
            f'opacity="{weight}"/><text x="{_LEFT - 8}" y="{y + 5}" '
            f'text-anchor="end">{_power_of_ten(power)}</text>'
        )
    for lag in range(0, lags + 1, 10):
        x = _across(lag, lags)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{_BOTTOM}" {thin} '
            f'opacity="0.25"/><text x="{x}" y="{_BOTTOM + 20}" '
            f'text-anchor="middle">{lag}</text>'
        )
    return "".join(parts)


def _numbers(curves, settings, name):
    """Return the table with empty cells; its rows are the chart's legend."""
    lags = settings["lags"]
    heading = html.escape(settings.get("heading", "gradient at lag"))
    head = f'<th scope="col">{heading}</th>' + "".join(
        f'<th scope="col">{lag}</th>' for lag in lags
    )
    rows = "".join(
        _ROW.format(
            colour=colour,
            dashes=dashes,
            label=html.escape(label),
            cells="".join(
                f'<td id="{html.escape(name)}-cell{k}-{lag}"></td>'
                for lag in lags
            ),
        )
        for k, (label, (colour, dashes)) in enumerate(
            zip(curves, _LOOKS, strict=False)
        )
    )
    return table(head, rows)


def _power_of_ten(power):
    """Write a power of ten as on the book's other logarithmic axes."""
    if power == 0:
        return "1"
    return f'10<tspan dy="-6" font-size="12">{power}</tspan>'.replace(
        ">-", ">\N{MINUS SIGN}"
    )
