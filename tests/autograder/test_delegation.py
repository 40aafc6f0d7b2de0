"""Delegation is found where plain sight can find it, and nowhere else."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import delegation
from rnnlab.checks import CHECKS


def found(*sources, name="lstm_step"):
    """Return what is found in cells of a learner."""
    cells = []
    for number, source in enumerate(sources):
        cell = new_code_cell(source, id=f"cell-{number}")
        cell.metadata["nbgrader"] = {
            "grade_id": f"c{number}",
            "solution": True,
            "grade": False,
            "task": False,
        }
        cells.append(cell)
    return delegation.find(new_notebook(cells=cells), CHECKS[name])


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("LSTMCell", "def lstm_step(x): return nn.LSTMCell(1, 2)(x)"),
        ("LSTM", "import torch.nn as n\nlstm_step = n.LSTM(1, 2)"),
        (
            "LSTMCell",
            "from torch.nn import LSTMCell as C\ndef lstm_step(x): C()",
        ),
        ("lstm_cell", "def lstm_step(x): return torch.lstm_cell(x)"),
        ("torch.lstm", "def lstm_step(x): return torch.lstm(x)"),
        ("_VF", "def lstm_step(x): return torch._VF.lstm(x)"),
        ("LSTMCell", "C = nn.LSTMCell\ndef h(): C()\nlstm_step = h"),
        ("LSTMCell", "def lstm_step(x): getattr(nn, 'LSTMCell')"),
        (
            "rnnlab.checks (oracle)",
            "def lstm_step(x): return checks.lstm_step.oracle(x)",
        ),
        (
            "rnnlab.checks",
            "import rnnlab.checks.check as k\nk.drive = 1\n"
            "def lstm_step(x): return x",
        ),
    ],
)
def test_delegation_is_found(name, source):
    """By attribute, alias, helper, text; and by what patches the kit."""
    assert name in found(source)


@pytest.mark.parametrize(
    "source",
    [
        "def lstm_step(x): return x @ x",
        "def lstm_step(x):\n    'As nn.LSTMCell does.'\n    return x",
        "def lstm_step(x):\n    lstm = x + 1  # not nn.LSTM\n    return lstm",
        "def other(): nn.LSTMCell()\ndef lstm_step(x): return x",
        "def lstm_step(x: oops",
        "x = '\0'",
        "",
    ],
)
def test_nothing_is_found_in_honest_work(source):
    """Texts, comments, other functions and broken code are no calls."""
    assert not found(source)


@pytest.mark.parametrize(
    "source",
    [
        "from rnnlab.stacks import rnn_cell as c\ndef rnn_step(x): c(x)",
        "from rnnlab import stacks\ndef rnn_step(x): stacks.rnn_cell(x)",
        "import rnnlab\ndef rnn_step(x): rnnlab.stacks.rnn_layer(x)",
    ],
)
def test_what_the_kit_has_for_a_later_chapter_is_found(source):
    """By the module that it is taken from, whatever it is called here."""
    assert found(source, name="rnn_step")


def test_a_name_alone_is_not_the_kit_s():
    """A learner's own helper may have the name of one of the kit's."""
    source = "def rnn_cell(x): return x\ndef rnn_step(x): return rnn_cell(x)"
    assert not found(source, name="rnn_step")


def test_a_task_may_call_another_task():
    """What lstm_step does is not held against lstm_unroll."""
    step = "def lstm_step(x): return nn.LSTMCell(1, 2)(x)"
    unroll = "def lstm_unroll(x): return lstm_step(x)"
    assert found(step, unroll)
    assert not found(step, unroll, name="lstm_unroll")


def test_where_nothing_is_forbidden_nothing_is_found():
    """Opening a forget gate is done to an LSTM of torch."""
    source = "def open_forget_gate(lstm, bias): nn.LSTM(1, 2)"
    assert not found(source, name="open_forget_gate")
