"""Both wiring diagrams of a GRU, run as programs and compared with torch."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn.functional import linear

from rnnlab import plots, train
from rnnlab.layout import GRU_GATES, gate_slices
from rnnlab.plots import gru_wiring

PAGE = Path(__file__).parents[2] / "book" / "05-gru.md"
OPERATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "multiply": torch.mul,
    "add": torch.add,
    "complement": lambda gate: 1 - gate,
    "affine": lambda total: total,
}
BLOCKS = {
    "reset_gate": "reset",
    "update_gate": "update",
    "recalled": "new",
    "hidden_candidate": "new",
}
FORMS = {
    "torch": (gru_wiring.GRU_NODES, gru_wiring.GRU_EQUATIONS),
    "lecture": (gru_wiring.LECTURE_NODES, gru_wiring.LECTURE_EQUATIONS),
}
SIZES = [(1, 1, 1), (2, 3, 4), (6, 5, 8)]


def run(nodes, cell, x, hidden_state):
    """Evaluate the nodes of a drawing, one after the other.

    An affine box has weights for x and the hidden state where it reads them.
    What else it reads has passed weights already in torch's form; in the
    lecture's, the weights of the hidden state are for what was admitted.
    """
    values = {"x": x, "prev_hidden_state": hidden_state}
    rows = gate_slices(cell.hidden_size, GRU_GATES)
    names = {node.name for node in nodes}
    for node in nodes:
        read = [values[name] for name in node.inputs]
        if node.affine:
            block = rows[BLOCKS[node.name]]
            ih = cell.weight_ih[block], cell.bias_ih[block]
            hh = cell.weight_hh[block], cell.bias_hh[block]
            maps = {
                "x": lambda v, w=ih: linear(v, *w),
                "prev_hidden_state": lambda v, w=hh: linear(v, *w),
                "admitted": lambda v, w=hh: (
                    v if "recalled" in names else linear(v, *w)
                ),
            }
            read = [sum(maps[n](values[n]) for n in node.inputs)]
        values[node.name] = OPERATIONS[node.operation](*read)
    return values["hidden_state"]


def draw_case(sizes, seed):
    """Return a cell with random weights, an input and a state."""
    batch, input_size, hidden_size = sizes
    gru = train.seeded(nn.GRU, input_size, hidden_size, seed=seed).double()
    cell = nn.GRUCell(input_size, hidden_size).double()
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    cell.load_state_dict(
        dict(zip(names, gru.state_dict().values(), strict=True))
    )
    generator = torch.Generator().manual_seed(seed)
    x, h = (
        torch.randn(batch, size, generator=generator, dtype=torch.float64)
        for size in (input_size, hidden_size)
    )
    return cell, x, h


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sizes", SIZES)
def test_the_drawing_computes_torchs_gru_cell(sizes, seed):
    """The nodes and wires of torch's form give GRUCell's state."""
    cell, x, h = draw_case(sizes, seed)
    ours = run(gru_wiring.GRU_NODES, cell, x, h)
    torch.testing.assert_close(ours, cell(x, h))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sizes", SIZES)
def test_the_lectures_drawing_computes_its_equations(sizes, seed):
    """Its nodes give the lecture's state; torch's differ from it."""
    cell, x, h = draw_case(sizes, seed)
    rows = gate_slices(cell.hidden_size, GRU_GATES)
    w, v = cell.weight_ih, cell.weight_hh
    bias = cell.bias_ih + cell.bias_hh
    reset, update = (
        torch.sigmoid(x @ w[k].T + h @ v[k].T + bias[k])
        for k in (rows["reset"], rows["update"])
    )
    new = rows["new"]
    candidate = torch.tanh(x @ w[new].T + (reset * h) @ v[new].T + bias[new])
    expected = (1 - update) * h + update * candidate
    ours = run(gru_wiring.LECTURE_NODES, cell, x, h)
    torch.testing.assert_close(ours, expected)
    assert (ours - cell(x, h)).abs().max() > 1e-3


@pytest.mark.parametrize("form", FORMS)
def test_every_node_belongs_to_an_equation_of_the_page(form):
    """The labels are the page's, and each has a node."""
    nodes, equations = FORMS[form]
    labels = re.findall(r"^:label: (\S+)$", PAGE.read_text(), re.MULTILINE)
    if form == "torch":
        assert tuple(labels[:4]) == equations
    assert set(equations) <= set(labels)
    assert {node.equation for node in nodes} == set(equations)


def test_every_named_node_is_in_the_pages_table():
    """Each equation's row names what its last node computes."""
    page = PAGE.read_text()
    last = {node.equation: node.name for node in gru_wiring.GRU_NODES}
    for label, name in last.items():
        row = rf"^\| \{{eq\}}`{label}` \|.*\| `{name}` \|$"
        assert re.search(row, page, re.MULTILINE), label


@pytest.mark.parametrize("form", FORMS)
def test_wires_start_where_something_is_known(form):
    """A node reads sources and earlier nodes only, and all are read."""
    nodes, _ = FORMS[form]
    known, read = set(gru_wiring.GRU_SOURCES), set()
    for node in nodes:
        assert set(node.inputs) <= known
        known.add(node.name)
        read.update(node.inputs)
    assert known - read == {"hidden_state"}


@pytest.mark.parametrize("form", FORMS)
def test_the_drawing_numbers_every_node_and_names_every_symbol(form):
    """Each node carries its equation's number, each vector its letter."""
    nodes, equations = FORMS[form]
    drawers = gru_wiring.draw_gru_cell, gru_wiring.draw_lecture_gru_cell
    with mpl.rc_context(plots.BOOK_STYLE):
        ax = drawers[form == "lecture"](Figure().subplots())
    texts = [text.get_text() for text in ax.texts]
    for number, label in enumerate(equations, start=1):
        count = sum(node.equation == label for node in nodes)
        assert texts.count(f"({number})") == count
    letters = {"torch": "z_t n_t", "lecture": r"u_t \tilde{h}_t"}[form]
    for letter in [*letters.split(), "r_t", "x_t", "h_t", "h_{t-1}"]:
        assert texts.count(f"${letter}$") == 1, letter
    assert len(ax.patches) == len(nodes)
