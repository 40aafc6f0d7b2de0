"""Figures of chapter 8: the wiring as a program, and what is drawn."""

import re
from pathlib import Path

import pytest
import torch
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from torch import nn

from rnnlab import train
from rnnlab.plots import PALETTE
from rnnlab.plots import bidirectional as drawings

PAGE = Path(__file__).parents[2] / "book" / "08-bidirectional.md"
WORDS = ["the", "movie", "was", "terribly", "exciting", "!"]


def run(nodes, layer, inputs):
    """Evaluate the nodes of the drawing, one after the other."""
    values = {f"x {t}": x for t, x in enumerate(inputs)}
    ends = {"forward": "", "backward": "_reverse"}
    for node in nodes:
        read = [values[name] for name in node.inputs]
        if node.operation == "join":
            values[node.name] = torch.cat(read, dim=1)
            continue
        end = ends[node.name.split()[0]]
        cell = nn.RNNCell(layer.input_size, layer.hidden_size).double()
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        cell.load_state_dict(
            {name: getattr(layer, f"{name}_l0{end}") for name in names}
        )
        values[node.name] = cell(*reversed(read))
    return torch.stack([values[f"states {t}"] for t in range(len(inputs))])


@pytest.mark.parametrize("seq_len", [1, 2, 6])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_wiring_is_torchs_layer(seq_len, seed):
    """The nodes compute what torch.nn.RNN(bidirectional=True) does."""
    sizes = 3, 4, 1, "tanh", True, False, 0.0, True
    layer = train.seeded(nn.RNN, *sizes, seed=seed).double()
    assert layer.bidirectional
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(
        seq_len, 2, 3, generator=generator, dtype=torch.float64
    )
    nodes = drawings.bidirectional_nodes(seq_len)
    torch.testing.assert_close(run(nodes, layer, inputs), layer(inputs)[0])


def test_nodes_name_equations_of_the_page():
    """Each label is on the page, in the order of the list."""
    labels = re.findall(
        r"^:label: (eq-[a-z-]+)$", PAGE.read_text(), re.MULTILINE
    )
    ours = [x for x in labels if x in drawings.BIDIRECTIONAL_EQUATIONS]
    assert tuple(ours) == drawings.BIDIRECTIONAL_EQUATIONS
    for node in drawings.bidirectional_nodes(3):
        assert node.equation in ours


def test_drawing_has_a_box_for_each_node_and_each_word():
    """Six words: six boxes a direction, and two halves for each pair."""
    ax = drawings.draw_bidirectional(Figure().subplots(), WORDS)
    assert len(ax.patches) >= 4 * len(WORDS)
    texts = [text.get_text() for text in ax.texts]
    assert set(WORDS) < set(texts)
    assert texts.count(r"$\rightarrow$") == texts.count(r"$\leftarrow$") == 6


def test_influence_is_drawn_where_it_is():
    """A square for each True, of another colour above the diagonal."""
    matrix = torch.ones(6, 6, dtype=torch.bool).tril()
    matrix[1, 4] = True
    (ax,) = drawings.draw_influence(
        [Figure().subplots()], {"one": matrix}, WORDS
    )
    assert ax.get_title() == "one"
    squares = {
        (round(p.get_y() + 0.5), round(p.get_x() + 0.5)): p for p in ax.patches
    }
    assert set(squares) == {tuple(x) for x in matrix.nonzero().tolist()}
    for (t, s), square in squares.items():
        name = "vermillion" if s > t else "blue"
        assert square.get_facecolor()[:3] == to_rgb(PALETTE[name])
    reads, ahead = drawings.influence_legend()
    assert reads.get_facecolor()[:3] == to_rgb(PALETTE["blue"])
    assert ahead.get_hatch() == "//"


def test_dots_are_the_values_and_bars_their_medians():
    """A dot for each seed, a bar for each group."""
    series = {"a": [[1.0, 2.0, 6.0], [0.0, 0.0, 0.5]], "b": [[3.0] * 3] * 2}
    ax = drawings.dots_by_group(["x", "y"], series, ax=Figure().subplots())
    dots = [line for line in ax.lines if line.get_linestyle() == "None"]
    bars = [line for line in ax.lines if line.get_linestyle() == "-"]
    assert [list(line.get_ydata()) for line in dots[:2]] == series["a"]
    assert [line.get_ydata()[0] for line in bars] == [2.0, 0.0, 3.0, 3.0]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["a", "b"]
