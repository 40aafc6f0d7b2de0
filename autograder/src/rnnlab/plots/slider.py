"""A slider for a page: what a forget bias leaves of a cell.

Numbers in, HTML out. All numbers are computed before, the script on the page
only picks a row, so it needs no kernel and loads nothing. It is a plain range
input: arrow keys move it, and its text is announced. The table's class
"dataframe" keeps the book's theme from putting a light plate under it.
"""

import html
import json

_PAGE = """\
<div class="rnnlab-slider" id="{name}" style="max-width: 34rem">
<label for="{name}-bias">{label} <output id="{name}-value"></output></label>
<input type="range" id="{name}-bias" min="0" max="{last}" value="{start}"
 step="1" style="display: block; width: 100%; min-height: 2rem">
<p aria-live="polite" id="{name}-gate"></p>
<div style="overflow-x: auto"><table
 class="table dataframe">
<thead><tr><th scope="col">after</th><th scope="col">is left</th>
<th scope="col" style="width: 55%"><span class="visually-hidden">as a bar
</span></th></tr></thead>
<tbody>{rows}</tbody></table></div>
<noscript>Moving the slider needs JavaScript.</noscript>
<script>
(() => {{
  const settings = {data};
  const find = (part) => document.getElementById("{name}-" + part);
  const show = () => {{
    const row = settings[find("bias").value];
    find("value").textContent = row.bias;
    find("bias").setAttribute("aria-valuetext", row.bias);
    find("gate").textContent = row.gate;
    row.left.forEach((left, k) => {{
      find("left" + k).textContent = left.text;
      find("bar" + k).style.width = left.percent + "%";
    }});
  }};
  find("bias").addEventListener("input", show);
  show();
}})();
</script>
</div>
"""

_ROW = (
    '<tr><th scope="row">{steps:,} steps</th><td id="{name}-left{k}"></td>'
    '<td><div id="{name}-bar{k}" style="background: currentColor; '
    'height: 0.8rem; width: 0; opacity: 0.7"></div></td></tr>'
)


def forget_slider(biases, gates, left, steps, *, name="forget", start=0):
    """Return the HTML of a slider over forget biases.

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
    data = [
        {
            "bias": f"{bias:g}",
            "gate": f"The forget gate is {gate:.6f}.",
            "left": [
                {"text": _percent(f), "percent": f"{100 * f:.2f}"} for f in row
            ],
        }
        for bias, gate, row in zip(biases, gates, left, strict=True)
    ]
    rows = "".join(
        _ROW.format(steps=count, name=name, k=k)
        for k, count in enumerate(steps)
    )
    return _PAGE.format(
        name=html.escape(name),
        label="Forget bias:",
        last=len(data) - 1,
        start=start,
        rows=rows,
        data=json.dumps(data).replace("<", "\\u003c"),
    )


def _percent(fraction):
    """Write a fraction in per cent, without pretending that little is 0."""
    if fraction == 0:
        return "0\N{NO-BREAK SPACE}%"
    if fraction < 1e-4:
        return "below\N{NO-BREAK SPACE}0.01\N{NO-BREAK SPACE}%"
    return f"{100 * fraction:.2f}\N{NO-BREAK SPACE}%"
