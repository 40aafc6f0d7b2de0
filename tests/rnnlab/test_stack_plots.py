"""The wiring of a stack, run as a program; its map and its slider."""

import json
import re

import matplotlib as mpl
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from reference.stacks import stacked_rnn, stacked_rnn_with_skips
from rnnlab import plots, train
from rnnlab.plots import stacks as drawings
from rnnlab.plots.depth_slider import depth_slider
from rnnlab.stacks import rnn_cell, split_parameters


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("sizes", [(1, 1), (2, 3), (4, 2)])
def test_the_drawing_computes_the_stack(sizes, skips, seed):
    """Nodes and wires, evaluated in turn, give the reference's outputs."""
    num_layers, seq_len = sizes
    rnn = train.seeded(nn.RNN, 3, 3, num_layers, seed=seed).double()
    layers = split_parameters(rnn)
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(seq_len, 2, 3, generator=generator).double()
    values = {("x", t + 1): x for t, x in enumerate(inputs)}
    zeros = torch.zeros(2, 3, dtype=torch.float64)
    for name, reads in drawings.stack_nodes(*sizes, skips=skips):
        read = [values[each] for each in reads]
        if name[0] == "sum":
            values[name] = read[0] + read[1]
        else:
            before = read[1] if len(read) > 1 else zeros
            values[name] = rnn_cell(read[0], before, layers[name[1] - 1])
    run = stacked_rnn_with_skips if skips else stacked_rnn
    outputs, _ = run(inputs, zeros.expand(num_layers, 2, 3), layers)
    top = "sum" if skips and num_layers > 1 else "layer"
    drawn = [values[top, num_layers, t + 1] for t in range(seq_len)]
    torch.testing.assert_close(torch.stack(drawn), outputs)


@pytest.mark.parametrize("skips", [False, True])
def test_every_node_and_every_input_is_drawn(skips):
    """A box a layer and step, a circle an addition, a letter an input."""
    with mpl.rc_context(plots.BOOK_STYLE):
        ax = drawings.draw_stack(Figure().subplots(), 3, 2, skips=skips)
    texts = [text.get_text() for text in ax.texts]
    assert len(ax.patches) == 6 + 4 * skips
    assert texts.count("+") == 4 * skips
    for t in (1, 2):
        assert texts.count(f"$x_{t}$") == 1
        for number in (1, 2, 3):
            assert texts.count(f"$h_{t}^{{({number})}}$") == 1
            assert f"layer {number}" in texts
    # One bent line for each skip, none without.
    assert len(ax.lines) == 4 * skips


def test_map_has_the_loss_at_the_top_right():
    """Lag 0 is at the right end, layer 1 at the bottom."""
    norms = np.array([[1e-9, 1e-3], [1.0, 0.1]])
    with mpl.rc_context(plots.BOOK_STYLE):
        ax = drawings.gradient_map(norms, ax=Figure().subplots())
    (image,) = ax.images
    np.testing.assert_allclose(image.get_array(), np.log10(norms))
    assert image.get_clim() == (-6, 0)
    left, right = ax.get_xlim()
    assert left > right
    bottom, top = ax.get_ylim()
    assert bottom < top
    assert image.origin == "lower"


def test_map_bears_a_gradient_of_zero():
    """It has the colour of the lowest end."""
    with mpl.rc_context(plots.BOOK_STYLE):
        ax = drawings.gradient_map(np.zeros((2, 2)), ax=Figure().subplots())
    assert np.isfinite(ax.images[0].get_array()).all()


CURVES = {
    "a < b": [[1.0], [0.1, 1.0], [1e-30, 0.1, 1.0]],
    "level": [[1.0], [1.0, 1.0], [1.2, 1.0, 1.0]],
}


def page(name="d", start=1):
    """Return a slider of three depths."""
    return depth_slider(
        CURVES,
        ["one", "two", "three"],
        alt="what it shows",
        name=name,
        decades=(-4, 1),
        start=start,
    )


def test_slider_carries_its_numbers():
    """One frame a depth, one point a layer; the start is drawn."""
    text = page()
    frames = json.loads(re.search(r"frames = (\[.*\]);", text)[1])
    assert [frame["value"] for frame in frames] == ["1", "2", "3"]
    assert [frame["note"] for frame in frames] == ["one", "two", "three"]
    assert frames[1]["texts"] == {"low0": "0.1", "low1": "1"}
    key, points = frames[1]["attributes"]["line0"]
    assert key == "points"
    assert f'points="{points}"' in text
    low, high = (float(p.split(",")[1]) for p in points.split())
    assert low > high, "up is up"
    assert "a &lt; b" in text
    assert 'aria-label="what it shows"' in text


def test_slider_keeps_what_is_too_small_inside():
    """A point below the drawing's scale lies on its lower edge."""
    frames = json.loads(re.search(r"frames = (\[.*\]);", page())[1])
    _, points = frames[2]["attributes"]["line0"]
    heights = [float(p.split(",")[1]) for p in points.split()]
    assert max(heights) == pytest.approx(246)


def test_slider_refuses_what_does_not_fit():
    """A depth without its sentence is a mistake of the page."""
    with pytest.raises(ValueError, match="each depth"):
        depth_slider(CURVES, ["one"], alt="", name="d", decades=(-4, 1))


def test_slider_loads_nothing():
    """No address and no source in the element."""
    assert not re.search(r"https?:|//|src=|@import", page())
