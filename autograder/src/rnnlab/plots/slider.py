"""Sliders for a page: a range input that picks one of many frames.

Numbers in, HTML out. All numbers are computed before, the script on the page
only picks a frame, so it needs no kernel and loads nothing. It is a plain
range input: arrow keys move it, and its text is announced. A table's class
"dataframe" keeps the book's theme from putting a light plate under it.
"""

import html
import json
from typing import NamedTuple

_PAGE = """\
<div class="rnnlab-slider" id="{name}"
 style="max-width: 34rem; margin: 0 auto">
<label for="{name}-input">{label} <output id="{name}-value"></output></label>
<input type="range" id="{name}-input" min="0" max="{last}" value="{start}"
 step="1" style="display: block; width: 100%; min-height: 2rem">
<p aria-live="polite" id="{name}-note"></p>
{body}
<noscript>Moving the slider needs JavaScript.</noscript>
<script>
(() => {{
  const frames = {data};
  const find = (part) => document.getElementById("{name}-" + part);
  const input = find("input");
  const show = () => {{
    const frame = frames[input.value];
    find("value").textContent = frame.value;
    input.setAttribute("aria-valuetext", frame.value);
    find("note").textContent = frame.note;
    for (const [part, text] of Object.entries(frame.texts))
      find(part).textContent = text;
    for (const [part, [key, value]] of Object.entries(frame.attributes))
      find(part).setAttribute(key, value);
  }};
  input.addEventListener("input", show);
  show();
}})();
</script>
</div>
"""

_TABLE = (
    '<div style="overflow-x: auto; margin-top: 0.75rem" tabindex="0" '
    'role="region" '
    'aria-label="what the slider shows, as a table">'
    '<table class="table dataframe">'
    "<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
)

_FORGET_HEAD = (
    '<th scope="col">after</th><th scope="col">is left</th>'
    '<th scope="col" style="width: 55%">'
    '<span class="visually-hidden">as a bar</span></th>'
)

_FORGET_ROW = (
    '<tr><th scope="row" style="white-space: nowrap">{steps:,} steps</th>'
    '<td id="{name}-left{k}"></td>'
    '<td><svg width="100%" height="13" aria-hidden="true">'
    '<rect id="{name}-bar{k}" width="0" height="13" fill="currentColor" '
    'opacity="0.7"/></svg></td></tr>'
)


class Frame(NamedTuple):
    """What a slider shows at one of its positions.

    Attributes:
        value: The position in words; stands beside the label.
        note: A sentence that is announced.
        texts: Part of the body to its text.
        attributes: Part of the body to a pair of attribute and value.
    """

    value: str
    note: str
    texts: dict
    attributes: dict


def slider(label, frames, body, *, name, start=0):
    """Return the HTML of a slider that fills a body from frames.

    Args:
        label: What the slider sets.
        frames: A Frame for each position.
        body: HTML whose parts carry the ids ``name-part``.
        name: Prefix of the ids; one page needs a name for each slider.
        start: Position at first.

    Returns:
        str: an element with its script, without any outside reference.
    """
    data = json.dumps([frame._asdict() for frame in frames])
    return _PAGE.format(
        name=html.escape(name),
        label=html.escape(label),
        last=len(frames) - 1,
        start=start,
        body=body,
        data=data.replace("<", "\\u003c"),
    )


def table(head, rows):
    """Return a table that may be wider than a phone.

    Args:
        head: HTML of the head's cells.
        rows: HTML of the body's rows.
    """
    return _TABLE.format(head=head, rows=rows)


def forget_slider(biases, gates, left, steps, *, name="forget", start=0):
    """Return the HTML of a slider: what a forget bias leaves of a cell.

    Args:
        biases: Forget biases, one for each position of the slider.
        gates: The forget gate of each bias.
        left: The fraction of a cell that is left.
        steps: The numbers of steps, a row each.
        name: Prefix of the ids; one page needs a name for each slider.
        start: Position at first.

    Shapes:
        biases, gates: (positions,)
        left:          (positions, len(steps))

    Returns:
        str: an element with its script, without any outside reference.
    """
    frames = [
        Frame(
            value=f"{bias:g}",
            note=f"The forget gate is {gate:.6f}.",
            texts={f"left{k}": _percent(f) for k, f in enumerate(row)},
            attributes={
                f"bar{k}": ("width", f"{100 * f:.2f}%")
                for k, f in enumerate(row)
            },
        )
        for bias, gate, row in zip(biases, gates, left, strict=True)
    ]
    rows = "".join(
        _FORGET_ROW.format(steps=count, name=html.escape(name), k=k)
        for k, count in enumerate(steps)
    )
    body = table(_FORGET_HEAD, rows)
    return slider("Forget bias:", frames, body, name=name, start=start)


def _percent(fraction):
    """Write a fraction in per cent, without pretending that little is 0."""
    if fraction == 0:
        return "0\N{NO-BREAK SPACE}%"
    if fraction < 1e-4:
        return "below\N{NO-BREAK SPACE}0.01\N{NO-BREAK SPACE}%"
    return f"{100 * fraction:.2f}\N{NO-BREAK SPACE}%"
