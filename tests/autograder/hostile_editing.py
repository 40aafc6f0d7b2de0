"""Cases: notebooks edited, broken or made up in every way."""

import copy
import json

import nbformat
from hostile import (
    NOT_ATTEMPTED,
    NOT_YET,
    PASSED,
    RAISED,
    WRONG,
    add,
    find,
    grade_id,
    hostile,
    text,
    write,
)

REJECTED = {
    "step": "cannot check",
    "gate": "cannot check",
    "outcome": "rejected",
}


def _data(notebook):
    """Return a notebook as plain data."""
    return json.loads(text(notebook))


def _file(name, content):
    """Register a file that is no notebook at all."""

    def case(_):
        return content

    case.__name__ = f"file_{name}"
    hostile(**REJECTED)(case)


for _name, _content in {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "array": b"[1, 2, 3]",
    "number": b"9" * 100_000,
    "text": "Dear teacher, please find attached",
    "deep": b'{"cells": ' + b"[" * 200_000,
    "deep_and_whole": b'{"cells":' + b"[" * 99_999 + b"]" * 99_999 + b"}",
    "without_cells": b'{"nbformat": 4, "metadata": {}}',
    "cells_in_a_text": b'{"nbformat": 4, "cells": "all of them"}',
    "too_large": b" " * 50_000_001,
}.items():
    _file(_name, _content)


@hostile(NOT_ATTEMPTED, NOT_ATTEMPTED)
def cells_of_every_type(_):
    """Hand in cells that are numbers, texts, lists and nothing."""
    strange = [None, 1, "x", [], {}, {"cell_type": 3}, {"source": {}}]
    return json.dumps({"nbformat": 4, "cells": strange})


@hostile(PASSED)
def cells_of_every_type_between(notebook):
    """Put the same between cells that are all right."""
    data = _data(notebook)
    data["cells"] = [
        each
        for cell in data["cells"]
        for each in (None, 7, [], {"cell_type": "code"}, cell)
    ]
    return json.dumps(data)


@hostile(PASSED)
def metadata_of_every_type(notebook):
    """Replace nbgrader's metadata by what it never is."""
    data = _data(notebook)
    for number, cell in enumerate(data["cells"]):
        cell["metadata"] = [
            [],
            7,
            "nbgrader",
            {"nbgrader": [1]},
            {"nbgrader": {"grade_id": ["lstm_step"], "points": {}}},
        ][number % 5]
    data["metadata"] = "none"
    return json.dumps(data)


@hostile(PASSED)
def nbformat_of_the_future(notebook):
    """Claim a format that does not exist."""
    data = _data(notebook)
    data.update(nbformat="ninety", nbformat_minor=[9])
    return json.dumps(data)


@hostile(PASSED)
def other_encoding(notebook):
    """Save as UTF-16, as an editor on Windows may."""
    return text(notebook).encode("utf-16")


@hostile(PASSED)
def outputs_of_every_type(notebook):
    """Hand in outputs that are large, binary and of wrong types."""
    data = _data(notebook)
    for cell in data["cells"]:
        cell["outputs"] = {"output_type": ["x" * 500_000], "data": 1e999}
        cell["execution_count"] = "many"
    return json.dumps(data)


@hostile(RAISED)
def source_of_numbers(notebook):
    """Hand in a source that is a list of lists."""
    data = _data(notebook)
    for cell in data["cells"]:
        if "# solution: lstm_step" in "".join(cell["source"]):
            cell["source"] = [[cell["source"]], 1, None]
    return json.dumps(data)


@hostile(NOT_YET)
def same_key_twice(notebook):
    """Give a cell two sources; the last one counts, as everywhere."""
    first = json.dumps(find(notebook).source)
    made = json.dumps(_data(notebook) | {"cells": []})
    second = json.dumps("# solution: lstm_step\n" + WRONG)
    gate = json.dumps(dict(find(notebook, "open_forget_gate-solution")))
    cell = (
        f'{{"cell_type": "code", "source": {first}, "source": {second},'
        '"metadata": {}}'
    )
    return made.replace('"cells": []', f'"cells": [{cell}, {gate}]')


@hostile(PASSED)
def order_reversed(notebook):
    """Put the last cell first."""
    notebook.cells.reverse()


@hostile(NOT_ATTEMPTED, NOT_ATTEMPTED)
def tests_that_grade_themselves(notebook):
    """Replace tests, points and tags; solve nothing."""
    for cell in notebook.cells:
        if grade_id(cell).endswith("-solution"):
            name = grade_id(cell).removesuffix("-solution")
            cell.source = f"def {name}(*_):\n    raise NotImplementedError"
            cell.metadata.nbgrader.update(grade=True, points=1000)
        elif "# grade:" in cell.source:
            cell.source = "1000"
            cell.metadata.nbgrader.update(points=1000, grade=False)
            cell.metadata["tags"] = ["skip-execution", "raises-exception"]


@hostile(NOT_ATTEMPTED)
def solution_deleted(notebook):
    """Delete the cell of a task, and the tests."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if grade_id(cell) in {"open_forget_gate-solution", ""}
    ]


@hostile(NOT_YET)
def solution_twice(notebook):
    """Hand in two answers, the wrong one last."""
    twin = copy.deepcopy(find(notebook))
    twin.source = "# solution: lstm_step\n" + WRONG
    twin.id = "twin"
    notebook.cells.append(twin)


@hostile(PASSED, RAISED)
def ids_swapped(notebook):
    """Give a solution the id of another task's."""
    find(notebook).metadata.nbgrader["grade_id"] = "nothing"
    write(notebook, "x = 1", task="open_forget_gate")
    cell = find(notebook, "open_forget_gate-solution")
    cell.metadata.nbgrader["grade_id"] = "lstm_step-solution"


@hostile(PASSED)
def markers_in_texts(notebook):
    """Repeat all markers in a string, in a cell without an id."""
    for cell in notebook.cells:
        if grade_id(cell) not in {"lstm_step-solution", ""}:
            continue
        cell.metadata.pop("nbgrader", None)
    add(notebook, 'text = """\n# solution: written\n# grade: lstm_step\n"""')


@hostile(PASSED)
def solution_in_markdown_as_well(notebook):
    """Copy the solution into a cell of text with the same id."""
    cell = nbformat.v4.new_markdown_cell(find(notebook).source)
    cell.metadata["nbgrader"] = dict(find(notebook).metadata["nbgrader"])
    notebook.cells.append(cell)


@hostile(NOT_YET)
def helper_called_checks(notebook):
    """Define `checks` in a cell that a solution seems to need."""
    add(
        notebook,
        "class checks:\n"
        "    CHECKS = lstm_step = open_forget_gate = None\n"
        "    def __class_getitem__(cls, name): return print",
    )
    write(notebook, WRONG, "checks")


@hostile(PASSED, seconds=8)
def helpers_in_a_chain(notebook):
    """Define 1500 helpers, each needing the next."""
    for number in range(1500):
        add(notebook, f"def h{number}(): return h{number + 1}")
    find(notebook).source += "\nh0"


@hostile(NOT_ATTEMPTED)
def blank_lines(notebook):
    """Hand in a million blank lines and no id to find the cell by."""
    find(notebook).metadata.pop("nbgrader")
    write_here = next(c for c in notebook.cells if "lstm_step(" in c.source)
    write_here.source = "\n" * 1_000_000 + "x"
