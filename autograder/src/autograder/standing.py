"""Standing: what the gradebook holds of an assignment."""

from typing import NamedTuple

import sqlalchemy as sa
from nbgrader import api

_SUBMISSION = api.SubmittedAssignment.__table__
_PIECE = api.SubmittedNotebook.__table__
_NOTEBOOK = api.Notebook.__table__
_GRADE = api.Grade.__table__
_COMMENT = api.Comment.__table__


class Standing(NamedTuple):
    """What the gradebook holds.

    Attributes:
        grades: (score or None, points, comment) by student, notebook and
            grade_id; None waits for a person.
        penalties: Points taken for being late, by student and notebook.
        read: Keys of those grades that a person gave.
    """

    grades: dict
    penalties: dict
    read: frozenset = frozenset()


class Reader:
    """Reads standings; the queries are made once.

    Args:
        assignment: Id of the assignment.
        cells: (grade_id, points) by the id of a cell.
    """

    def __init__(self, assignment, cells):
        self._cells = cells
        self._everybody = _queries(_SUBMISSION.c.assignment_id == assignment)
        self._one = _queries(
            (_SUBMISSION.c.assignment_id == assignment)
            & (_SUBMISSION.c.student_id == sa.bindparam("student"))
        )

    def read(self, db, student=None):
        """Return what the gradebook holds.

        Args:
            db: Open connection.
            student: Only this one's; everybody's if None.

        Returns:
            Standing: grades and penalties.
        """
        queries = self._everybody if student is None else self._one
        chosen = {} if student is None else {"student": student}
        penalties, grades, comments = (
            db.execute(query, chosen) for query in queries
        )
        penalties = {
            (who, piece): taken or 0.0 for who, piece, taken in penalties
        }
        # A written answer is a grade cell and a solution cell of one name.
        said = {}
        for who, piece, cell, auto, manual in comments:
            text = auto if manual is None else manual
            said[who, piece, self._cells[cell][0]] = text
        found, read = {}, set()
        for who, piece, cell, auto, manual, extra, waits in grades:
            name, points = self._cells[cell]
            place = who, piece, name
            score = manual if manual is not None else auto
            score = (score + (extra or 0.0)) if score is not None else 0.0
            if manual is not None:
                read.add(place)
            if waits and manual is None:
                score = None
            found[place] = score, points, said.get(place) or ""
        return Standing(found, penalties, frozenset(read))


def _queries(mine):
    """Return the queries for penalties, grades and comments."""
    place = _SUBMISSION.join(
        _PIECE, _PIECE.c.assignment_id == _SUBMISSION.c.id
    ).join(_NOTEBOOK, _NOTEBOOK.c.id == _PIECE.c.notebook_id)
    found = sa.select(_SUBMISSION.c.student_id, _NOTEBOOK.c.name).where(mine)
    graded = place.join(_GRADE, _GRADE.c.notebook_id == _PIECE.c.id)
    said = place.join(_COMMENT, _COMMENT.c.notebook_id == _PIECE.c.id)
    return (
        found.add_columns(_PIECE.c.late_submission_penalty).select_from(place),
        found.add_columns(
            _GRADE.c.cell_id,
            _GRADE.c.auto_score,
            _GRADE.c.manual_score,
            _GRADE.c.extra_credit,
            _GRADE.c.needs_manual_grade,
        ).select_from(graded),
        found.add_columns(
            _COMMENT.c.cell_id,
            _COMMENT.c.auto_comment,
            _COMMENT.c.manual_comment,
        ).select_from(said),
    )
