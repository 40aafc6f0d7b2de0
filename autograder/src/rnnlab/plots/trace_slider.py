"""A slider for a page: a mark that moves along curves over what was read.

The curves are there without the script; the mark and the table below show
the numbers of one step.
"""

import html

from rnnlab.plots import PALETTE
from rnnlab.plots.slider import Frame, slider, table

_WIDTH, _LEFT, _RIGHT = 520, 46, 510
_TOP, _BOTTOM, _HEIGHT = 12, 212, 250

#: Colour and dashes of the curves; the table names each.
_LOOKS = tuple(
    zip(PALETTE.values(), ("", "9 5", "2 4", "9 3 2 3"), strict=False)
)

_CHART = """\
<svg viewBox="0 0 {width} {height}" role="img" aria-label="{alt}"
 style="display: block; width: 100%; color: inherit" font-size="16"
 fill="currentColor">
{grid}{letters}
<g fill="none" stroke-width="3">{lines}</g>
<line id="{name}-mark" y1="{top}" y2="{bottom}" stroke="currentColor"
 stroke-width="2" transform="translate({start} 0)"/>
</svg>
"""

_LINE = (
    '<polyline points="{points}" stroke="{colour}" '
    'stroke-dasharray="{dashes}"/>'
)

_ROW = (
    '<tr><th scope="row"><svg width="36" height="8" aria-hidden="true">'
    '<line x2="36" y1="4" y2="4" stroke="{colour}" stroke-width="3" '
    'stroke-dasharray="{dashes}"/></svg> {label}</th>'
    '<td id="{name}-now{k}">{value}</td></tr>'
)


def trace_slider(steps, curves, *, settings, name, start=0):
    """Return the HTML of a slider over the steps of a sequence.

    Args:
        steps: What was read at each step.
        curves: Label of a curve to its number at each step; at most four.
        settings: A dict with "label" (what the slider sets), "alt" (what the
            chart shows), "ticks" (numbers at the left, smallest first),
            "values" (what stands beside the label at each step), "notes" (a
            sentence for each step) and "letters" (whether the steps are
            written below the chart).
        name: Prefix of the ids; one page needs a name for each slider.
        start: Step at first, from 0.

    Shapes:
        steps:         (seq_len,)
        curves[label]: (seq_len,)

    Returns:
        str: a chart, its slider and a table, without any outside reference.
    """
    texts = {
        label: [_number(value) for value in values]
        for label, values in curves.items()
    }
    frames = [
        Frame(
            value,
            note,
            {f"now{k}": texts[label][place] for k, label in enumerate(curves)},
            {"mark": ("transform", f"translate({_across(place, steps)} 0)")},
        )
        for place, (value, note) in enumerate(
            zip(settings["values"], settings["notes"], strict=True)
        )
    ]
    rows = "".join(
        _ROW.format(
            colour=colour,
            dashes=dashes,
            label=html.escape(label),
            name=html.escape(name),
            k=k,
            value=texts[label][start],
        )
        for k, (label, (colour, dashes)) in enumerate(
            zip(curves, _LOOKS, strict=False)
        )
    )
    head = '<th scope="col">curve</th><th scope="col">at this step</th>'
    body = _chart(steps, curves, settings, name, start) + table(head, rows)
    return slider(settings["label"], frames, body, name=name, start=start)


def _chart(steps, curves, settings, name, start):
    """Return the chart with its curves and the mark at the first place."""
    ticks = settings["ticks"]
    lines = "".join(
        _LINE.format(
            points=" ".join(
                f"{_across(place, steps)},{_down(value, ticks):.1f}"
                for place, value in enumerate(values)
            ),
            colour=colour,
            dashes=dashes,
        )
        for values, (colour, dashes) in zip(
            curves.values(), _LOOKS, strict=False
        )
    )
    return _CHART.format(
        width=_WIDTH,
        height=_HEIGHT,
        alt=html.escape(settings["alt"]),
        name=html.escape(name),
        grid=_grid(ticks),
        letters=_letters(steps) if settings["letters"] else "",
        lines=lines,
        top=_TOP,
        bottom=_BOTTOM,
        start=_across(start, steps),
    )


def _across(place, steps):
    return round(_LEFT + (_RIGHT - _LEFT) * (place + 0.5) / len(steps))


def _down(value, ticks):
    low, high = ticks[0], ticks[-1]
    inside = min(max(float(value), low), high)
    return _TOP + (_BOTTOM - _TOP) * (high - inside) / (high - low)


def _grid(ticks):
    """Return a line and a number for each tick."""
    parts = []
    for tick in ticks:
        y = _down(tick, ticks)
        weight = 0.8 if tick == 0 else 0.25
        parts.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="currentColor" opacity="{weight}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">'
            f"{_tick(tick)}</text>"
        )
    return "".join(parts)


def _letters(steps):
    """Return what was read, below the chart."""
    return "".join(
        f'<text x="{_across(place, steps)}" y="{_BOTTOM + 26}" '
        f'text-anchor="middle">{html.escape(step)}</text>'
        for place, step in enumerate(steps)
    )


def _tick(number):
    return f"{number:g}".replace("-", "\N{MINUS SIGN}")


def _number(value):
    return f"{float(value):.2f}".replace("-", "\N{MINUS SIGN}")
