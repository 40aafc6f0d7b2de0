"""The instructor's notebook as it is graded: stubs, hidden tests, points."""

import contextlib

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    IncludeHeaderFooter,
    LockCells,
)

from autograder.errors import UsageError

# ComputeChecksums must come after whatever changes a source.
_STEPS = (
    IncludeHeaderFooter,
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
)


def masters(course, assignment):
    """Return the notebooks to rebuild submissions from, by name.

    Args:
        course: The course.
        assignment: Name of the assignment.

    Returns:
        dict[str, NotebookNode]: instructor's notebooks with stubs where the
            solutions were; graded cells as the gradebook has them.

    Raises:
        UsageError: the assignment is not in the gradebook, or not in Python.
    """
    found = {}
    for name, path in course.notebooks(assignment).items():
        notebook = nbformat.read(path, as_version=4)
        _insist_on_python(path.name, notebook)
        notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
        resources = {"nbgrader": {}, "metadata": {"path": str(path.parent)}}
        # Paths in the configuration, a header's say, are the course's.
        with contextlib.chdir(course.path):
            for step in _STEPS:
                made = step(config=course.config, parent=course.directory)
                notebook, resources = made.preprocess(notebook, resources)
        # Old notebooks have no ids, and a header may repeat one.
        for number, cell in enumerate(notebook.cells):
            cell.id = f"cell-{number}"
        found[name] = notebook
    _overlay(course, assignment, found)
    return found


def _insist_on_python(name, notebook):
    kernel = notebook.metadata.get("kernelspec", {})
    wanted = kernel.get("name", "python3")
    if "python" not in {kernel.get("language"), wanted.rstrip("0123456789")}:
        raise UsageError(
            f"{name} is for the kernel {wanted}; only notebooks in Python can "
            "be graded here."
        )


def _overlay(course, assignment, found):
    """Take locked cells from the gradebook, where AUTOTEST is filled in."""
    with course.gradebook() as gradebook:
        for name, notebook in found.items():
            try:
                known = gradebook.find_notebook(name, assignment)
            except MissingEntry:
                raise UsageError(
                    f"{assignment}/{name} is not in the gradebook. Run "
                    f"`nbgrader generate_assignment {assignment}` in the "
                    "course's folder."
                ) from None
            sources = {cell.name: cell for cell in known.source_cells}
            for cell in notebook.cells:
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
                if grade_id in sources:
                    cell.source = sources[grade_id].source
                    if checksum := sources[grade_id].checksum:
                        cell.metadata.nbgrader["checksum"] = checksum
