"""A small instructor's notebook: tasks f and g, and a written answer."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.submission import SubmittedCell

STUB = "# solution: {0}\ndef {0}(x):\n    raise NotImplementedError"


def solution(name):
    """Return an instructor's solution cell."""
    nbgrader = {"grade_id": f"{name}-solution", "solution": True}
    nbgrader |= {"grade": False, "locked": False, "schema_version": 3}
    return new_code_cell(STUB.format(name), metadata={"nbgrader": nbgrader})


def graded(name):
    """Return an instructor's graded cell."""
    nbgrader = {"grade_id": name, "solution": False, "points": 2}
    nbgrader |= {"grade": True, "locked": True, "schema_version": 3}
    source = f"# grade: {name}\nchecks.{name}({name})"
    return new_code_cell(source, metadata={"nbgrader": nbgrader})


def written():
    """Return the cell of a written answer."""
    nbgrader = {"grade_id": "why", "solution": True, "points": 2}
    nbgrader |= {"grade": True, "locked": False, "schema_version": 3}
    source = "<!-- solution: why -->\nYOUR ANSWER HERE"
    return new_markdown_cell(source, metadata={"nbgrader": nbgrader})


def make():
    """Return an instructor's notebook with two tasks and a question."""
    cells = [new_markdown_cell("# Title"), new_code_cell("import torch")]
    for name in ("f", "g"):
        cells += [solution(name), graded(name)]
    cells += [written(), new_markdown_cell("## Hand in")]
    return new_notebook(cells=cells)


def submitted(master, **sources):
    """Return the cells of a submission that changes some solutions."""
    cells = []
    for cell in master.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        name = grade_id.removesuffix("-solution")
        source = sources.get(name) if name != grade_id else None
        cells.append(
            SubmittedCell(cell.cell_type, source or cell.source, grade_id)
        )
    return cells


MINE = "# solution: f\ndef f(x):\n    return x"


def code(built):
    """Return the sources of a rebuilt notebook's code cells."""
    return [c.source for c in built.notebook.cells if c.cell_type == "code"]
