"""A slider for a page: how a constant update gate follows its candidates.

The drawing is there without the script, at the first position.
"""

import html

from rnnlab.plots import PALETTE
from rnnlab.plots.slider import Frame, slider, table

_CHART = """\
<svg class="figure" role="img" aria-label="{alt}" viewBox="0 0 400 {height}"
 style="display: block; width: 100%; color: inherit" font-size="14"
 fill="currentColor">
<g stroke="currentColor" stroke-opacity="0.3">{grid}</g>
<g>{dots}</g>
<polyline id="{name}-line" fill="none" stroke="{colour}" stroke-width="3"
 points="{points}"/>
<text x="36" y="{foot}">step 1</text>
<text x="396" y="{foot}" text-anchor="end">step {steps}</text>
</svg>
"""

_HEAD = (
    '<th scope="col">step</th><th scope="col">candidate (dots)</th>'
    '<th scope="col">hidden state (line)</th>'
)
_ROW = (
    '<tr><th scope="row">{step}</th><td>{candidate}</td>'
    '<td id="{name}-at{step}">{state}</td></tr>'
)

_HEIGHT, _MIDDLE, _UNIT = 190, 82, 74  # of the drawing; of 0 and 1 in it


def update_slider(
    biases, notes, states, candidates, *, alt, name, shown, start=0
):
    """Return the HTML of a slider over update biases.

    Args:
        biases: Update biases, one for each position of the slider.
        notes: A sentence on each bias, which is announced.
        states: The hidden state of one unit after each step.
        candidates: What the unit's candidate is at each step.
        alt: What the drawing shows, for those who cannot see it.
        name: Prefix of the ids; one page needs a name for each slider.
        shown: Steps that stand in the table, counted from 1.
        start: Position at first.

    Shapes:
        biases, notes: (positions,)
        states:        (positions, seq_len), each in [-1, 1]
        candidates:    (seq_len,), each in [-1, 1]

    Returns:
        str: an element with its script, without any outside reference.
    """
    lines = [_points(row) for row in states]
    numbers = [[_number(row[step - 1]) for step in shown] for row in states]
    frames = [
        Frame(
            f"{bias:g}",
            note,
            {f"at{step}": n for step, n in zip(shown, at, strict=True)},
            {"line": ("points", line)},
        )
        for bias, note, line, at in zip(
            biases, notes, lines, numbers, strict=True
        )
    ]
    chart = _chart(candidates, lines[start], html.escape(name), alt)
    rows = "".join(
        _ROW.format(
            step=step,
            candidate=_number(candidates[step - 1]),
            name=html.escape(name),
            state=state,
        )
        for step, state in zip(shown, numbers[start], strict=True)
    )
    body = chart + table(_HEAD, rows)
    return slider("Update bias:", frames, body, name=name, start=start)


def _chart(candidates, points, name, alt):
    """Return the drawing, with the line at the first position."""
    dots = (point.split(",") for point in _points(candidates).split())
    return _CHART.format(
        alt=html.escape(alt),
        name=name,
        height=_HEIGHT,
        foot=_HEIGHT - 6,
        colour=PALETTE["blue"],
        grid=_grid(),
        dots="".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in dots),
        points=points,
        steps=len(candidates),
    )


def _number(value):
    """Write a number between -1 and 1 for the table."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _points(row):
    """Return a row of numbers as the points of a polyline."""
    across = 352 / (len(row) - 1)
    return " ".join(
        f"{40 + round(across * step)},{round(_MIDDLE - _UNIT * value)}"
        for step, value in enumerate(row)
    )


def _grid():
    """Return lines at 1, 0 and -1 and their numbers."""
    lines = []
    for value, label in ((1, "1"), (0, "0"), (-1, "\N{MINUS SIGN}1")):
        y = _MIDDLE - _UNIT * value
        lines.append(f'<line x1="34" x2="400" y1="{y}" y2="{y}"/>')
        lines.append(
            f'<text x="28" y="{y + 5}" text-anchor="end" stroke="none">'
            f"{label}</text>"
        )
    return "".join(lines)
