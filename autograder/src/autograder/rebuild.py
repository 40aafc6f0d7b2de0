"""Rebuild: the instructor's notebook with the learner's solutions in it.

Of a submission only the sources of its solution cells count, and those of
the learner's own cells that define names the solutions use. Tags, points,
tests, order, outputs and kernel come from the instructor.

    cells --mend.py--> pieces --answers.py--> solutions
                              --helpers.py--> helpers above them
"""

import copy
from typing import NamedTuple

import nbformat
from nbgrader.utils import is_solution

from autograder import answers, helpers
from autograder.mend import mend
from autograder.piece import Piece


class Rebuilt(NamedTuple):
    """A notebook fit to run, and what had to be mended to get it.

    Attributes:
        notebook: The instructor's, with the learner's solutions.
        notes: Sentences for the learner.
    """

    notebook: object
    notes: tuple


def rebuild(master, submitted):
    """Put the solutions of a submission into the instructor's notebook.

    Args:
        master: The instructor's notebook, stubs in place of solutions.
        submitted: Cells as ``submission.read`` gives them.

    Returns:
        Rebuilt: ``master`` itself is left alone.
    """
    notebook = copy.deepcopy(master)
    solutions = [cell for cell in notebook.cells if is_solution(cell)]
    pieces = mend(_pieces(solutions, submitted))
    given = {" ".join(cell.source.split()) for cell in master.cells}
    taken, parts, notes = set(), {}, []
    for cell in solutions:
        found = answers.answer(cell, pieces, given)
        taken |= found.taken
        parts |= dict.fromkeys(found.parts, cell)
        notes += found.notes
        cell.source = found.source
    own = _own(master, pieces, given, taken, parts)
    written = [Piece(cell.cell_type, cell.source) for cell in solutions]
    kept, left = helpers.needed(own, parts, written)
    for number, index in enumerate(kept):
        helper = nbformat.v4.new_code_cell(
            own[index].source, id=f"helper-{number}"
        )
        _insert(notebook, helper, parts.get(index, solutions[0]))
    for cell in master.cells:
        left -= Piece(cell.cell_type, cell.source).defines
    notes += map(helpers.note, sorted(left))
    return Rebuilt(notebook, tuple(notes))


def _pieces(solutions, submitted):
    """Return the learner's cells, solutions of the kind that they were."""
    kinds = {c.metadata.nbgrader["grade_id"]: c.cell_type for c in solutions}
    return [
        Piece(kinds.get(grade_id, kind), source, grade_id)
        for kind, source, grade_id in submitted
    ]


def _own(master, pieces, given, taken, parts):
    """Return the code cells that the learner added, by index."""
    known = {
        cell.metadata.nbgrader["grade_id"]
        for cell in master.cells
        if "nbgrader" in cell.metadata
    }
    return {
        index: piece
        for index, piece in enumerate(pieces)
        if index not in taken
        and piece.kind == "code"
        and (index in parts or piece.grade_id not in known)
        and piece.words not in given
    }


def _insert(notebook, helper, solution):
    """Put a helper above a solution."""
    cells = notebook.cells
    cells.insert(next(i for i, c in enumerate(cells) if c is solution), helper)
