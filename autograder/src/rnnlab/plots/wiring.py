"""The wiring of an LSTM cell, as data and as a drawing.

The same nodes are drawn on the page and evaluated in the tests, where their
result is compared with ``torch.nn.LSTMCell``: a wrong wire fails a test.
"""

from typing import NamedTuple

from matplotlib.patches import Circle, FancyBboxPatch

from rnnlab.plots import INK, PALETTE

#: What each of the six equations computes, in the order of the book. The
#: number in the drawing is the position in this list, counted from 1.
LSTM_EQUATIONS = (
    "eq-lstm-input-gate",
    "eq-lstm-forget-gate",
    "eq-lstm-output-gate",
    "eq-lstm-cell-candidate",
    "eq-lstm-cell-state",
    "eq-lstm-hidden-state",
)

#: What flows into the cell and where the drawing puts it.
LSTM_SOURCES = {
    "prev_cell_state": (0.0, 6.0),
    "prev_hidden_state": (0.0, 1.0),
    "x": (0.0, 0.0),
}

#: What flows out of the cell, by the node that computes it.
LSTM_SINKS = {"cell_state": (11.6, 6.0), "hidden_state": (11.6, 3.3)}


class Node(NamedTuple):
    """One operation of the cell.

    Attributes:
        name: What it computes, by its name in the code.
        operation: "sigmoid", "tanh", "multiply" or "add". A gate or a
            candidate is an affine map of its inputs and then this function.
        inputs: Names of the nodes and sources that flow into it.
        equation: Label of the equation that it is a part of.
        place: Where the drawing puts it.
        affine: Whether weights and biases come before the operation.
    """

    name: str
    operation: str
    inputs: tuple
    equation: str
    place: tuple
    affine: bool = False


READS = ("prev_hidden_state", "x")
_I, _F, _O, _G, _C, _H = LSTM_EQUATIONS
_KEEP = ("prev_cell_state", "forget_gate")
_WRITE = ("input_gate", "cell_candidate")

#: Every operation of the cell, each after the nodes that it reads.
LSTM_NODES = (
    Node("forget_gate", "sigmoid", READS, _F, (2.2, 2.4), affine=True),
    Node("input_gate", "sigmoid", READS, _I, (4.1, 2.4), affine=True),
    Node("cell_candidate", "tanh", READS, _G, (6.0, 2.4), affine=True),
    Node("output_gate", "sigmoid", READS, _O, (7.9, 2.4), affine=True),
    Node("kept", "multiply", _KEEP, _C, (2.2, 6.0)),
    Node("written", "multiply", _WRITE, _C, (6.0, 4.3)),
    Node("cell_state", "add", ("kept", "written"), _C, (6.0, 6.0)),
    Node("squashed", "tanh", ("cell_state",), _H, (9.8, 4.7)),
    Node(
        "hidden_state", "multiply", ("output_gate", "squashed"), _H, (9.8, 3.3)
    ),
)

SIGNS = {
    "sigmoid": r"$\sigma$",
    "tanh": "tanh",
    "multiply": r"$\odot$",
    "add": r"$+$",
}
SYMBOLS = {
    "prev_cell_state": r"$c_{t-1}$",
    "prev_hidden_state": r"$h_{t-1}$",
    "x": r"$x_t$",
    "cell_state": r"$c_t$",
    "hidden_state": r"$h_t$",
    "input_gate": r"$i_t$",
    "forget_gate": r"$f_t$",
    "output_gate": r"$o_t$",
    "cell_candidate": r"$g_t$",
}

#: Colour of a node by the equation that it is a part of: the gates, the
#: candidate, what happens to the cell state, what happens to the hidden state.
_COLOURS = {
    _I: PALETTE["blue"],
    _F: PALETTE["blue"],
    _O: PALETTE["blue"],
    _G: PALETTE["green"],
    _C: PALETTE["vermillion"],
    _H: PALETTE["purple"],
}
_RADIUS = 0.48  # of a circle; half the height of a box
_BUS = 1.0  # the height at which the previous hidden state and x meet


def lstm_wires():
    """Return every wire of the cell as (from, to), in drawing order.

    Returns:
        list: pairs of names; a wire starts at a source or a node and ends
        at a node.
    """
    return [(name, node.name) for node in LSTM_NODES for name in node.inputs]


def draw_lstm_cell(ax):
    """Draw the wiring diagram of one time step of an LSTM.

    Every node carries the number of its equation: the position of its label
    in ``LSTM_EQUATIONS``, counted from 1.

    Args:
        ax: Axes to draw on; its frame and ticks are taken away.

    Equations:
        eq-lstm-input-gate, eq-lstm-forget-gate, eq-lstm-output-gate,
        eq-lstm-cell-candidate, eq-lstm-cell-state, eq-lstm-hidden-state

    Returns:
        Axes: the one that was given.

    Source:
        Hochreiter & Schmidhuber 1997; forget gate Gers et al. 2000.
    """
    _draw_bus(ax)
    for start, end in lstm_wires():
        if start not in ("prev_hidden_state", "x"):
            _draw_wire(ax, _place(start), _place(end), start, end)
    for name, place in LSTM_SINKS.items():
        arrow(ax, [_place(name), place], _line_style(name))
    for node in LSTM_NODES:
        draw_node(ax, node)
    ax.text(4.1, 6.45, "the conveyor", ha="center", fontsize=11)
    _draw_symbols(ax)
    ax.set(xlim=(-1.3, 12.4), ylim=(-0.5, 6.9), aspect="equal")
    ax.set_axis_off()
    return ax


def _place(name):
    """Return where a node or a source is drawn."""
    places = {node.name: node.place for node in LSTM_NODES}
    return (LSTM_SOURCES | places)[name]


def _line_style(name):
    """Return the width and colour of the wires that leave a node."""
    if name in ("prev_cell_state", "kept", "cell_state"):
        return {"lw": 3.5, "color": PALETTE["vermillion"]}
    return {"lw": 1.6, "color": INK}


def _edge(tail, head, ends):
    """Return where a straight wire to the middle of a node meets its edge."""
    if head in ends:
        return head
    (x0, y0), (x1, y1) = tail, head
    reach = _RADIUS / max(abs(x1 - x0), abs(y1 - y0))
    return (x1 + reach * (x0 - x1), y1 + reach * (y0 - y1))


def arrow(ax, points, style, ends=None):
    """Draw a wire through the points, with a head at the last one.

    The head stops at the edge of the node there, unless the point is one of
    the ends, where there is no node (the LSTM's sinks if None).
    """
    *bends, tail, head = points
    if bends:
        xs, ys = zip(*bends, tail, strict=True)
        ax.plot(xs, ys, ls="-", marker="", zorder=1, **style)
    look = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
    look |= {"mutation_scale": 5 + 4 * style["lw"]}
    ends = LSTM_SINKS.values() if ends is None else ends
    head = _edge(tail, head, ends)
    ax.annotate("", head, tail, arrowprops=look | style, zorder=1)


def _draw_wire(ax, start, end, start_name, end_name):
    """Draw one wire between nodes, straight or with one corner."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1 or y0 == y1:
        points = [start, end]
    elif (start_name, end_name) == ("cell_state", "squashed"):
        points = [start, (x1, y0), end]
    else:
        points = [start, (x0, y1), end]
    style = _line_style(start_name if y0 == y1 else "")
    arrow(ax, points, style)


def _draw_bus(ax):
    """Draw the previous hidden state and x, which all four blocks read."""
    readers = [node for node in LSTM_NODES if node.inputs == READS]
    last = max(node.place[0] for node in readers)
    style = {"ls": "-", "marker": "", "zorder": 1, **_line_style("x")}
    ax.plot([0, last], [_BUS, _BUS], **style)
    ax.plot([0, 1.1, 1.1], [0, 0, _BUS], **style)
    for node in readers:
        arrow(ax, [(node.place[0], _BUS), node.place], _line_style("x"))


def draw_node(ax, node, equations=LSTM_EQUATIONS, colours=None, sign=None):
    """Draw a node: a box has weights of its own, a circle has none.

    Its number is its label's place in the equations; None: the LSTM's.
    """
    x, y = node.place
    colour = (colours or _COLOURS)[node.equation]
    look = {"fc": colour, "ec": colour, "zorder": 2}
    if node.affine:
        corner, size = (x - 0.62, y - _RADIUS), (1.24, 2 * _RADIUS)
        shape = FancyBboxPatch(
            corner, *size, boxstyle="round,pad=0,rounding_size=0.15", **look
        )
    else:
        shape = Circle(node.place, _RADIUS, **look)
    ax.add_patch(shape)
    sign = SIGNS[node.operation] if sign is None else sign
    size = 15 if sign.startswith("$") else 11  # a sign or a word
    centred = {"ha": "center", "va": "center", "zorder": 3}
    ax.text(x, y, sign, color="white", fontsize=size, **centred)
    number = equations.index(node.equation) + 1
    dx = 0.95 if node.affine else 0.72
    ax.text(x + dx, y - 0.45, f"({number})", fontsize=11, **centred)


def _draw_symbols(ax):
    """Write the book's symbols at sources, sinks and gates."""
    centred = {"ha": "center", "va": "center", "fontsize": 14}
    for name, (x, y) in LSTM_SOURCES.items():
        ax.text(x - 0.15, y, SYMBOLS[name], **centred | {"ha": "right"})
    for name, (x, y) in LSTM_SINKS.items():
        ax.text(x + 0.15, y, SYMBOLS[name], **centred | {"ha": "left"})
    for node in LSTM_NODES:
        if node.affine:
            x, y = node.place
            ax.text(x - 0.38, y + 0.8, SYMBOLS[node.name], **centred)
