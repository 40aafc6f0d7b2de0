"""Alike: which solutions of an assignment are written alike."""

from typing import NamedTuple

from nbgrader.utils import is_solution

from autograder import submission
from autograder.similarity import Comparison, compare


class Alike(NamedTuple):
    """What comparing the solutions in a cell came to.

    Attributes:
        notebook: Name of the notebook.
        grade_id: Id of the cell, without "-solution".
        comparison: The Comparison.
    """

    notebook: str
    grade_id: str
    comparison: Comparison


def find(course, assignment, stubs, students):
    """Compare the solutions in each cell of an assignment.

    Args:
        course: The course.
        assignment: Name of the assignment.
        stubs: The instructor's notebooks without solutions, by name.
        students: Ids of those whose ``autograded`` notebooks are read.

    Returns:
        list[Alike]: in the order of the notebooks.
    """
    complete = course.notebooks(assignment)
    found = []
    for name, stub in stubs.items():
        given = {
            cell.metadata.nbgrader["grade_id"]: [cell.source]
            for cell in stub.cells
            if cell.cell_type == "code" and is_solution(cell)
        }
        for grade_id, source in _solutions(complete[name]):
            given.get(grade_id, []).append(source)
        sources = {grade_id: {} for grade_id in given}
        for student in students:
            folder = course.folder("autograded", assignment, student)
            for grade_id, source in _solutions(folder / f"{name}.ipynb"):
                if grade_id in sources:
                    sources[grade_id][student] = source
        found += [
            Alike(
                name,
                grade_id.removesuffix("-solution"),
                compare(sources[grade_id], given[grade_id]),
            )
            for grade_id in given
        ]
    return found


def _solutions(path):
    """Yield id and source of the code cells of a notebook that have an id."""
    try:
        cells = submission.read(path)
    except submission.RejectedError:
        return
    for cell in cells:
        if cell.kind == "code" and cell.grade_id:
            yield cell.grade_id, cell.source
