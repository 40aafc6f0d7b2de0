"""The wiring of a GRU in its two forms, as data and as drawings.

As in ``wiring``, the nodes that are drawn are the nodes that the tests run
and compare with ``torch.nn.GRUCell``: a wrong wire fails a test.
"""

from rnnlab.plots import INK, PALETTE
from rnnlab.plots.wiring import SIGNS, Node, arrow, draw_node

#: What the four equations of torch's form compute, in the book's order.
GRU_EQUATIONS = (
    "eq-gru-reset-gate",
    "eq-gru-update-gate",
    "eq-gru-candidate",
    "eq-gru-hidden-state",
)

#: The same for the lecture's form; the gates' equations are the same.
LECTURE_EQUATIONS = (
    *GRU_EQUATIONS[:2],
    "eq-gru-lecture-candidate",
    "eq-gru-lecture-hidden-state",
)

#: What flows into the cell and where the drawing puts it.
GRU_SOURCES = {"prev_hidden_state": (0.0, 8.0), "x": (0.0, 0.2)}

#: Where the new hidden state leaves the cell.
GRU_SINK = (10.8, 8.0)

_BUS = {"prev_hidden_state": 1.0, "x": 0.2}  # heights of the two lines
_BOTH = ("prev_hidden_state", "x")
_TURN = 0.7  # where the hidden state's line goes down
_R, _Z, _N, _H = GRU_EQUATIONS
_LN, _LH = LECTURE_EQUATIONS[2:]
_UPDATE = Node("update_gate", "sigmoid", _BOTH, _Z, (2.0, 2.4), affine=True)
_RESET = Node("reset_gate", "sigmoid", _BOTH, _R, (4.2, 2.4), affine=True)

#: Torch's form, each node after those that it reads. "recalled" is an affine
#: map of the hidden state; the candidate's own weights are for x alone.
GRU_NODES = (
    _UPDATE,
    _RESET,
    Node("recalled", "affine", _BOTH[:1], _N, (6.4, 2.4), affine=True),
    Node("admitted", "multiply", ("reset_gate", "recalled"), _N, (6.4, 4.2)),
    Node(
        "hidden_candidate",
        "tanh",
        ("admitted", "x"),
        _N,
        (8.8, 4.2),
        affine=True,
    ),
    Node(
        "kept", "multiply", ("prev_hidden_state", "update_gate"), _H, (2, 8.0)
    ),
    Node("complement", "complement", ("update_gate",), _H, (5.2, 6.2)),
    Node(
        "written",
        "multiply",
        ("complement", "hidden_candidate"),
        _H,
        (8.8, 6.2),
    ),
    Node("hidden_state", "add", ("kept", "written"), _H, (8.8, 8.0)),
)

#: The lecture's form. The candidate's weights are for both things it reads.
LECTURE_NODES = (
    _UPDATE,
    _RESET,
    Node(
        "admitted",
        "multiply",
        ("reset_gate", "prev_hidden_state"),
        _LN,
        (6.4, 2.4),
    ),
    Node(
        "hidden_candidate",
        "tanh",
        ("admitted", "x"),
        _LN,
        (8.8, 4.2),
        affine=True,
    ),
    Node("complement", "complement", ("update_gate",), _LH, (2, 6.5)),
    Node(
        "kept", "multiply", ("prev_hidden_state", "complement"), _LH, (2, 8.0)
    ),
    Node(
        "written",
        "multiply",
        ("update_gate", "hidden_candidate"),
        _LH,
        (8.8, 5.7),
    ),
    Node("hidden_state", "add", ("kept", "written"), _LH, (8.8, 8.0)),
)

#: What is written into a node, by its operation.
GRU_SIGNS = SIGNS | {"affine": r"$W$", "complement": "1\N{MINUS SIGN}"}

_GATE, _NEW, _STATE = (PALETTE[c] for c in ("blue", "green", "purple"))
_COLOURS = {_R: _GATE, _Z: _GATE, _N: _NEW, _LN: _NEW, _H: _STATE, _LH: _STATE}
_THICK = {"lw": 3.5, "color": _STATE}
_THIN = {"lw": 1.6, "color": INK}


def draw_gru_cell(ax):
    """Draw one time step of a GRU in torch's form.

    Args:
        ax: Axes to draw on; its frame and ticks are taken away.

    Equations:
        eq-gru-reset-gate, eq-gru-update-gate, eq-gru-candidate,
        eq-gru-hidden-state

    Returns:
        Axes: the one that was given.

    Source:
        Cho et al. 2014, in the form of torch.nn.GRU.
    """
    symbols = {"update_gate": r"$z_t$", "hidden_candidate": r"$n_t$"}
    return _draw(ax, GRU_NODES, GRU_EQUATIONS, symbols)


def draw_lecture_gru_cell(ax):
    """Draw one time step of a GRU in the lecture's form.

    Args:
        ax: Axes to draw on; its frame and ticks are taken away.

    Equations:
        eq-gru-reset-gate, eq-gru-update-gate, eq-gru-lecture-candidate,
        eq-gru-lecture-hidden-state

    Returns:
        Axes: the one that was given.

    Source:
        The lecture; the form of Chung et al. 2014.
    """
    symbols = {"update_gate": r"$u_t$", "hidden_candidate": r"$\tilde{h}_t$"}
    return _draw(ax, LECTURE_NODES, LECTURE_EQUATIONS, symbols)


def _draw(ax, nodes, equations, symbols):
    """Draw a cell from its nodes."""
    places = {node.name: node.place for node in nodes}
    _draw_lines(ax, nodes)
    for node in nodes:
        for name in node.inputs:
            if name in places:
                _draw_wire(ax, name, places[name], node)
    for node in nodes:
        sign = GRU_SIGNS[node.operation]
        draw_node(ax, node, equations, _COLOURS, sign)
    _draw_symbols(ax, places, symbols | {"reset_gate": r"$r_t$"})
    ax.set(xlim=(-1.4, 11.7), ylim=(-0.3, 8.7), aspect="equal")
    ax.set_axis_off()
    return ax


def _draw_wire(ax, name, start, node):
    """Draw a wire between two nodes: straight, or first up and then along."""
    (x0, y0), (x1, y1) = start, node.place
    side = (x1 - 0.62 * node.affine, y1)  # boxes are wider than circles
    corner = [] if x0 == x1 or y0 == y1 else [(x0, y1)]
    style = _THICK if name == "kept" else _THIN
    ends = (side,) if node.affine else ()
    arrow(ax, [start, *corner, side], style, ends)


def _draw_lines(ax, nodes):
    """Draw the two lines that come in, and what branches off from them."""
    top = GRU_SOURCES["prev_hidden_state"]
    kept = next(node.place for node in nodes if node.name == "kept")
    last = next(n.place for n in nodes if n.name == "hidden_state")
    arrow(ax, [top, kept], _THICK)
    arrow(ax, [last, GRU_SINK], _THICK, (GRU_SINK,))
    dots = [(_TURN, top[1])]
    for name, height in _BUS.items():
        readers = [n for n in nodes if name in n.inputs and n.name != "kept"]
        places = [_foot(node, name) for node in readers]
        end = max(places)
        begin = [(_TURN, top[1]), (_TURN, height)]
        line = begin if name != "x" else [GRU_SOURCES["x"]]
        xs, ys = zip(*line, (end, height), strict=True)
        ax.plot(xs, ys, ls="-", marker="", zorder=1, **_THIN)
        for foot, node in zip(places, readers, strict=True):
            tip = (foot, node.place[1])
            arrow(ax, [(foot, height), tip], _THIN, (GRU_SINK,))
            if foot != end:
                dots.append((foot, height))
    xs, ys = zip(*dots, strict=True)
    ax.plot(xs, ys, ls="none", marker="o", ms=5, color=INK, zorder=1)


def _foot(node, name):
    """Return where a wire from one of the two lines reaches a node."""
    both = set(_BOTH) <= set(node.inputs)
    return node.place[0] + both * (0.25 if name == "x" else -0.25)


def _draw_symbols(ax, places, symbols):
    """Write the book's symbols at what comes in, at gates and at the end."""
    middle = {"ha": "center", "va": "center", "fontsize": 14}
    letters = {"prev_hidden_state": r"$h_{t-1}$", "x": r"$x_t$"}
    for name, (x, y) in GRU_SOURCES.items():
        ax.text(x - 0.15, y, letters[name], **middle | {"ha": "right"})
    x, y = GRU_SINK
    ax.text(x + 0.15, y, r"$h_t$", **middle | {"ha": "left"})
    for name, symbol in symbols.items():
        x, y = places[name]
        beside = (-0.95, 0.5) if name == "hidden_candidate" else (-0.42, 0.82)
        ax.text(x + beside[0], y + beside[1], symbol, **middle)
