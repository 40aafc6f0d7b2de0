"""A slider for a page: the path down to a cliff under a clipping threshold.

The drawing is there without the script, at the first position.
"""

import html

from rnnlab.plots import PALETTE
from rnnlab.plots.slider import Frame, slider, table

_WIDTH, _HEIGHT = 520, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 506, 10, 284

_CHART = """\
<svg viewBox="0 0 {width} {height}" role="img" aria-label="{alt}"
 style="display: block; width: 100%; color: inherit" font-size="16"
 fill="currentColor">
<defs><clipPath id="{name}-window"><rect x="{left}" y="{top}"
 width="{across}" height="{down}"/></clipPath>
<marker id="{name}-dot" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7"
 markerHeight="7" markerUnits="userSpaceOnUse"><circle cx="4" cy="4" r="4"
 fill="{colour}"/></marker></defs>
{grid}
<text x="{middle}" y="{foot}" text-anchor="middle">recurrent weight w</text>
<g clip-path="url(#{name}-window)" fill="none">
<polyline points="{edge}" stroke="currentColor" stroke-width="6"
 stroke-opacity="0.45"/>
<polyline id="{name}-path" points="{points}" stroke="{colour}"
 stroke-width="2" marker-start="url(#{name}-dot)"
 marker-mid="url(#{name}-dot)" marker-end="url(#{name}-dot)"/>
</g></svg>
"""

_ROWS = {
    "longest": "longest step",
    "last": "loss after the last step",
    "thrown": "steps longer than 0.1",
}


def threshold_slider(labels, paths, edge, window, *, alt, name, start=0):
    """Return the HTML of a slider over clipping thresholds.

    Args:
        labels: A threshold in words for each position of the slider.
        paths: For each position the points of a descent of two parameters,
            their losses and the lengths of the steps.
        edge: Points along the cliff, drawn as a thick line.
        window: What is shown: least and largest w, least and largest b.
        alt: What the drawing shows, for those who cannot see it.
        name: Prefix of the ids; one page needs a name for each slider.
        start: Position at first.

    Shapes:
        paths[k]: (steps + 1, 2), (steps + 1,) and (steps,)
        edge:     (points, 2)

    Returns:
        str: an element with its script, without any outside reference.
    """
    lines = [_corners(points, window) for points, _, _ in paths]
    told = [_numbers(losses, lengths) for _, losses, lengths in paths]
    frames = [
        Frame(label, note, texts, {"path": ("points", line)})
        for label, line, (note, texts) in zip(labels, lines, told, strict=True)
    ]
    chart = _CHART.format(
        width=_WIDTH,
        height=_HEIGHT,
        alt=html.escape(alt),
        name=html.escape(name),
        left=_LEFT,
        top=_TOP,
        across=_RIGHT - _LEFT,
        down=_BOTTOM - _TOP,
        middle=(_LEFT + _RIGHT) / 2,
        foot=_HEIGHT - 12,
        colour=PALETTE["vermillion"],
        grid=_grid(window),
        edge=_corners(edge, window),
        points=lines[start],
    )
    rows = "".join(
        f'<tr><th scope="row">{words}</th>'
        f'<td id="{html.escape(name)}-{part}">{told[start][1][part]}</td></tr>'
        for part, words in _ROWS.items()
    )
    head = '<th scope="col">this path</th><th scope="col">value</th>'
    body = chart + table(head, rows)
    return slider("Clip to norm:", frames, body, name=name, start=start)


def _numbers(losses, lengths):
    """Return a sentence on a path and its numbers for the table."""
    thrown = int((lengths > 0.1).sum())
    texts = {
        "longest": f"{lengths.max():.3f}",
        "last": f"{losses[-1]:.4f}",
        "thrown": f"{thrown} of {len(lengths)}",
    }
    note = (
        f"The longest step is {texts['longest']}; the path ends with a loss "
        f"of {texts['last']}."
    )
    return note, texts


def _corners(points, window):
    """Return points as those of a polyline in the drawing."""
    return " ".join(
        f"{_across(w, window):.1f},{_down(b, window):.1f}" for w, b in points
    )


def _across(weight, window):
    low, high = window[:2]
    return _LEFT + (_RIGHT - _LEFT) * (weight - low) / (high - low)


def _down(bias, window):
    low, high = window[2:]
    return _BOTTOM - (_BOTTOM - _TOP) * (bias - low) / (high - low)


def _grid(window):
    """Return lines at whole and half numbers, with the numbers."""
    thin = 'stroke="currentColor" stroke-width="1" opacity="0.25"'
    parts = []
    for weight in _halves(*window[:2]):
        x = _across(weight, window)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_BOTTOM}" '
            f'{thin}/><text x="{x:.1f}" y="{_BOTTOM + 20}" '
            f'text-anchor="middle">{weight:g}</text>'
        )
    for bias in _halves(*window[2:]):
        y = _down(bias, window)
        number = f"{bias:g}".replace("-", "\N{MINUS SIGN}")
        parts.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'{thin}/><text x="{_LEFT - 8}" y="{y + 5:.1f}" '
            f'text-anchor="end">{number}</text>'
        )
    middle = (_TOP + _BOTTOM) / 2
    parts.append(
        f'<text x="16" y="{middle}" text-anchor="middle" '
        f'transform="rotate(-90 16 {middle})">bias b</text>'
    )
    return "".join(parts)


def _halves(low, high):
    """Return the multiples of 1/2 between two numbers."""
    first = -(-low // 0.5)
    return [k / 2 for k in range(int(first), int(high // 0.5) + 1)]
