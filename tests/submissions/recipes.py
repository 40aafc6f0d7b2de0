"""The sample class: each student is a recipe that changes a notebook.

A recipe is given the instructor's notebook and returns the text of the file
that is handed in. The solutions in it are the course's own, so the class
never goes stale; what each student must get stands in
``<student>/expected.json``.
"""

import copy
import json

import nbformat

LSTM, CLIPPING = "04-lstm", "03-exploding-gradients"
STUB = "    raise NotImplementedError"

#: Recipes by student and assignment.
CLASS = {}


def hands_in(*assignments):
    """Return a decorator that enrols a recipe under its function's name."""

    def enrol(recipe):
        student = recipe.__name__.replace("_", "-")
        for assignment in assignments:
            CLASS.setdefault(student, {})[assignment] = recipe
        return recipe

    return enrol


def text(notebook):
    """Return a notebook as the text of a file."""
    return nbformat.writes(notebook)


def grade_id(cell):
    """Return a cell's grade_id or ""."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def find(notebook, name):
    """Return the cell with a grade_id."""
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def write(notebook, task, source):
    """Write a solution into its cell, below the marker line."""
    cell = find(notebook, f"{task}-solution")
    cell.source = f"# solution: {task}\n{source}"


def swap(notebook, task, old, new):
    """Change a solution in one place."""
    cell = find(notebook, f"{task}-solution")
    if old not in cell.source:
        message = f"the solution of {task} has no {old!r} any more"
        raise LookupError(message)
    cell.source = cell.source.replace(old, new)


def wipe(notebook, *tasks):
    """Leave some tasks as the learner got them."""
    for task in tasks:
        cell = find(notebook, f"{task}-solution")
        lines, inside = [], False
        for line in cell.source.splitlines():
            if "### BEGIN SOLUTION" in line:
                inside = True
                lines += ["    # YOUR CODE HERE", STUB]
            if not inside:
                lines.append(line)
            inside = inside and "### END SOLUTION" not in line
        cell.source = "\n".join(lines)


def graded(notebook):
    """Return the cells that hold the checks."""
    return [cell for cell in notebook.cells if "# grade:" in cell.source]


@hands_in(LSTM, CLIPPING)
def perfect(notebook):
    """Solve everything."""
    return text(notebook)


@hands_in(LSTM, CLIPPING)
def untouched(notebook):
    """Hand in what was handed out."""
    tasks = [grade_id(cell) for cell in graded(notebook)]
    wipe(notebook, *tasks)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and "BEGIN SOLUTION" in cell.source:
            marker = cell.source.splitlines()[0]
            cell.source = f"{marker}\nYOUR ANSWER HERE"
    return text(notebook)


@hands_in(LSTM)
def partly_right(notebook):
    """Solve the first two tasks and leave the rest."""
    wipe(notebook, "open_forget_gate", "hold_forever")
    return text(notebook)


@hands_in(LSTM)
def swapped_gates(notebook):
    """Take the forget block for the input gate and the other way round."""
    swap(notebook, "lstm_step", '["input"]', '["FORGET"]')
    swap(notebook, "lstm_step", '["forget"]', '["input"]')
    swap(notebook, "lstm_step", '["FORGET"]', '["forget"]')
    return text(notebook)


@hands_in(CLIPPING)
def per_tensor_clipping(notebook):
    """Clip each tensor by its own norm."""
    write(
        notebook,
        "clip_by_norm",
        "def clip_by_norm(parameters, max_norm, error_if_nonfinite=False):\n"
        "    parameters = [p for p in parameters if p.grad is not None]\n"
        "    norm = global_gradient_norm(parameters)\n"
        "    if error_if_nonfinite and not torch.isfinite(norm):\n"
        "        raise RuntimeError(f'the gradient norm is {norm}')\n"
        "    for p in parameters:\n"
        "        if p.grad.norm() > max_norm:\n"
        "            p.grad.mul_(max_norm / p.grad.norm())\n"
        "    return norm",
    )
    return text(notebook)


@hands_in(LSTM)
def raises(notebook):
    """Raise in one solution, and leave a syntax error in another."""
    write(
        notebook,
        "lstm_step",
        "def lstm_step(x, prev_state, *parameters):\n"
        "    return prev_state.cell_sate * x",
    )
    write(notebook, "open_forget_gate", "def open_forget_gate(lstm, bias:")
    return text(notebook)


@hands_in(LSTM)
def endless_loop(notebook):
    """Never come back from one solution; the others are right."""
    write(
        notebook,
        "open_forget_gate",
        "def open_forget_gate(lstm, bias):\n    while True:\n        pass",
    )
    return text(notebook)


@hands_in(LSTM)
def edited_tests(notebook):
    """Solve nothing, and edit the tests and the points."""
    untouched(notebook)
    for cell in graded(notebook):
        cell.source = "print('PASSED')"
        cell.metadata.nbgrader.update(points=1000, locked=False)
        cell.outputs = [
            nbformat.v4.new_output("execute_result", data={"text/plain": "9"})
        ]
    return text(notebook)


@hands_in(LSTM)
def deleted_cells(notebook):
    """Delete a solution, a test and everything that explains."""
    gone = {"lstm_unroll-solution", "lstm_step"}
    notebook.cells = [
        cell
        for cell in notebook.cells
        if grade_id(cell) not in gone and cell.cell_type == "code"
    ]
    return text(notebook)


@hands_in(LSTM)
def duplicated_cells(notebook):
    """Copy cells, metadata and all; the last answer counts."""
    cell = find(notebook, "lstm_step-solution")
    wrong = copy.deepcopy(cell)
    wrong.source = wrong.source.replace("torch.tanh(", "torch.sigmoid(")
    twin = copy.deepcopy(find(notebook, "lstm_step"))
    where = notebook.cells.index(cell)
    notebook.cells[where:where] = [wrong, twin]
    for number, each in enumerate(notebook.cells):
        each.id = f"cell-{number}"
    return text(notebook)


@hands_in(LSTM, CLIPPING)
def metadata_stripped(notebook):
    """Paste everything into a new notebook, as Colab saves it."""
    for cell in notebook.cells:
        cell.metadata = {"id": "x", "colab": {"base_uri": "https://x"}}
        cell.pop("id", None)
    notebook.metadata = {"colab": {"provenance": []}}
    notebook.nbformat_minor = 0
    return json.dumps(notebook)


@hands_in(LSTM)
def malformed_json(notebook):
    """Hand in half a file."""
    return text(notebook)[: len(text(notebook)) // 2]


@hands_in(LSTM)
def old_format(notebook):
    """Save in nbformat 3."""
    cells = [
        {
            "cell_type": cell.cell_type,
            "input" if cell.cell_type == "code" else "source": cell.source,
            "metadata": cell.metadata,
        }
        for cell in notebook.cells
    ]
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]})


@hands_in(LSTM)
def skipped_tests(notebook):
    """Solve nothing, and tag the tests so that nobody runs them."""
    untouched(notebook)
    for cell in graded(notebook):
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
    return text(notebook)


@hands_in(LSTM)
def patched_assertions(notebook):
    """Make every comparison and every check of the kit succeed."""
    untouched(notebook)
    find(notebook, "lstm_step-solution").source = (
        "# solution: lstm_step\n"
        "import numpy, torch, rnnlab.checks.check as check\n"
        "torch.testing.assert_close = lambda *a, **k: None\n"
        "torch.allclose = numpy.allclose = lambda *a, **k: True\n"
        "check.Check.__call__ = lambda *a, **k: print('PASSED')\n"
        "check.Check.hidden = check.Check.__call__\n"
        "check.Check.judge = lambda *a, **k: None\n"
        "def lstm_step(x, prev_state, *parameters):\n"
        "    return prev_state"
    )
    return text(notebook)


@hands_in(LSTM)
def overloaded_equality(notebook):
    """Return things that say they equal everything."""
    untouched(notebook)
    find(notebook, "lstm_step-solution").source = (
        "# solution: lstm_step\n"
        "import torch\n"
        "class Agreeable(torch.Tensor):\n"
        "    def __eq__(self, other):\n"
        "        return True\n"
        "    def __getattr__(self, name):\n"
        "        return self\n"
        "    __hash__ = torch.Tensor.__hash__\n"
        "def lstm_step(x, prev_state, *parameters):\n"
        "    zeros = torch.zeros_like(prev_state.cell_state)\n"
        "    same = zeros.as_subclass(Agreeable)\n"
        "    return LSTMState(same, same)"
    )
    return text(notebook)


@hands_in(LSTM)
def forged_answers(notebook):
    """Print what a passed check prints, and answers to every challenge."""
    untouched(notebook)
    find(notebook, "lstm_step-solution").source = (
        "# solution: lstm_step\n"
        "from IPython.display import display\n"
        "from rnnlab.checks import wire\n"
        "def lstm_step(*arguments):\n"
        "    print('PASSED  lstm_step')\n"
        "    answer = {'version': 1, 'check': 'lstm_step', 'nonce': '',\n"
        "              'passed': True, 'score': 1e9, 'reports': []}\n"
        "    display({wire.MIME: answer}, raw=True)\n"
        "    raise SystemExit(0)"
    )
    return text(notebook)


@hands_in(LSTM)
def own_helpers(notebook):
    """Solve it with a helper in a cell of its own, further down."""
    helper = nbformat.v4.new_code_cell(
        "def activated(blocks, block, name):\n"
        "    return torch.sigmoid(blocks[:, block[name]])"
    )
    for gate in ("input", "forget", "output"):
        swap(
            notebook,
            "lstm_step",
            f'torch.sigmoid(blocks[:, block["{gate}"]])',
            f'activated(blocks, block, "{gate}")',
        )
    notebook.cells.append(helper)
    return text(notebook)


@hands_in(LSTM)
def kernel_killer(notebook):
    """Kill the process in the last task; what answered before counts."""
    write(
        notebook,
        "hold_forever",
        "def hold_forever(hidden_size):\n    import os\n    os._exit(3)",
    )
    return text(notebook)
