"""The wiring diagram, run as a program and compared with torch."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from rnnlab import plots, train
from rnnlab.layout import gate_slices
from rnnlab.plots import wiring

PAGE = Path(__file__).parents[2] / "book" / "04-lstm.md"
OPERATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "multiply": torch.mul,
    "add": torch.add,
}
BLOCKS = {
    "input_gate": "input",
    "forget_gate": "forget",
    "output_gate": "output",
    "cell_candidate": "cell",
}


def run(cell, x, hidden_state, cell_state):
    """Evaluate the nodes of the drawing, one after the other."""
    values = {
        "x": x,
        "prev_hidden_state": hidden_state,
        "prev_cell_state": cell_state,
    }
    rows = gate_slices(cell.hidden_size)
    for node in wiring.LSTM_NODES:
        read = [values[name] for name in node.inputs]
        if node.affine:
            hidden, given = read
            block = rows[BLOCKS[node.name]]
            total = (
                given @ cell.weight_ih[block].T
                + hidden @ cell.weight_hh[block].T
                + cell.bias_ih[block]
                + cell.bias_hh[block]
            )
            read = [total]
        values[node.name] = OPERATIONS[node.operation](*read)
    return tuple(values[name] for name in ("hidden_state", "cell_state"))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 3, 4), (6, 5, 8)])
def test_the_drawing_computes_torchs_lstm_cell(sizes, seed):
    """The nodes and wires that are drawn give LSTMCell's two states."""
    batch, input_size, hidden_size = sizes
    lstm = train.seeded(nn.LSTM, input_size, hidden_size, seed=seed).double()
    cell = nn.LSTMCell(input_size, hidden_size).double()
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    cell.load_state_dict(
        dict(zip(names, lstm.state_dict().values(), strict=True))
    )
    generator = torch.Generator().manual_seed(seed)
    x, h, c = (
        torch.randn(batch, size, generator=generator, dtype=torch.float64)
        for size in (input_size, hidden_size, hidden_size)
    )
    for ours, theirs in zip(run(cell, x, h, c), cell(x, (h, c)), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_every_node_belongs_to_an_equation_of_the_page_and_none_is_left():
    """The six labels of the drawing are the first six of the page."""
    labels = re.findall(r"^:label: (\S+)$", PAGE.read_text(), re.MULTILINE)
    assert tuple(labels[:6]) == wiring.LSTM_EQUATIONS
    drawn = {node.equation for node in wiring.LSTM_NODES}
    assert drawn == set(wiring.LSTM_EQUATIONS)


def test_every_named_node_is_in_the_pages_table():
    """Each equation's row names what its last node computes."""
    page = PAGE.read_text()
    last = {node.equation: node.name for node in wiring.LSTM_NODES}
    for label, name in last.items():
        row = rf"^\| \{{eq\}}`{label}` \|.*\| `{name}` \|$"
        assert re.search(row, page, re.MULTILINE), label


def test_wires_start_where_something_is_known():
    """A node reads sources and earlier nodes only."""
    known = set(wiring.LSTM_SOURCES)
    for node in wiring.LSTM_NODES:
        assert set(node.inputs) <= known
        known.add(node.name)
    assert set(wiring.LSTM_SINKS) <= known
    read = {start for start, _ in wiring.lstm_wires()}
    assert known - read == {"hidden_state"}


def test_the_drawing_numbers_every_node_and_names_every_symbol():
    """Each node carries its equation's number, each vector its letter."""
    with mpl.rc_context(plots.BOOK_STYLE):
        ax = wiring.draw_lstm_cell(Figure().subplots())
    texts = [text.get_text() for text in ax.texts]
    for node in wiring.LSTM_NODES:
        assert wiring.SIGNS[node.operation] in texts
    for number, label in enumerate(wiring.LSTM_EQUATIONS, start=1):
        nodes = [n for n in wiring.LSTM_NODES if n.equation == label]
        assert texts.count(f"({number})") == len(nodes)
    for symbol in wiring.SYMBOLS.values():
        assert texts.count(symbol) == 1
    assert len(ax.patches) == len(wiring.LSTM_NODES)
