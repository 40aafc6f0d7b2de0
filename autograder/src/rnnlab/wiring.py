"""The wiring of an LSTM cell, as data and as a drawing.

The same nodes are drawn on the page and evaluated in the tests, where their
result is compared with ``torch.nn.LSTMCell``: a wrong wire fails a test.
"""

from typing import NamedTuple

from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

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

#: Every operation of the cell, each after the nodes that it reads.
LSTM_NODES = (
    Node("forget_gate", "sigmoid", READS, LSTM_EQUATIONS[1], (2.2, 2.4), True),
    Node("input_gate", "sigmoid", READS, LSTM_EQUATIONS[0], (4.1, 2.4), True),
    Node("cell_candidate", "tanh", READS, LSTM_EQUATIONS[3], (6.0, 2.4), True),
    Node("output_gate", "sigmoid", READS, LSTM_EQUATIONS[2], (7.9, 2.4), True),
    Node(
        "kept",
        "multiply",
        ("prev_cell_state", "forget_gate"),
        LSTM_EQUATIONS[4],
        (2.2, 6.0),
    ),
    Node(
        "written",
        "multiply",
        ("input_gate", "cell_candidate"),
        LSTM_EQUATIONS[4],
        (6.0, 4.3),
    ),
    Node(
        "cell_state",
        "add",
        ("kept", "written"),
        LSTM_EQUATIONS[4],
        (6.0, 6.0),
    ),
    Node("squashed", "tanh", ("cell_state",), LSTM_EQUATIONS[5], (9.8, 4.7)),
    Node(
        "hidden_state",
        "multiply",
        ("output_gate", "squashed"),
        LSTM_EQUATIONS[5],
        (9.8, 3.3),
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
