"""Rows: what nbgrader's own steps write about a submission, in few statements.

Its object layer takes three times as long, and what the gradebook says of
the assignment does not change in a run.
"""

from typing import NamedTuple

import sqlalchemy as sa
from nbgrader import api
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task

from autograder import rule

_STUDENT = api.Student.__table__
_SUBMISSION = api.SubmittedAssignment.__table__
_PIECE = api.SubmittedNotebook.__table__
_GRADE = api.Grade.__table__
_COMMENT = api.Comment.__table__


class _Cell(NamedTuple):
    """A cell of the assignment as the gradebook has it."""

    id: str
    name: str
    notebook: str
    graded: bool
    commented: bool
    points: float


class Rows:
    """The rows of an assignment's submissions.

    Args:
        db: Open connection.
        assignment: Id of the assignment.
        names: Names of its notebooks by id.

    Attributes:
        places: (grade_id, points) by the id of a cell.
    """

    def __init__(self, db, assignment, names):
        self._assignment = assignment
        self._names = names
        self._cells = _cells(db, names)
        self._known = {cell.id: cell for cell in self._cells}
        self.places = {c.id: (c.name, c.points) for c in self._cells}

    def add(self, db, student, timestamp, cells):
        """Add the rows of a first submission.

        Args:
            db: Open connection.
            student: Id of the student.
            timestamp: When it was handed in, or None.
            cells: Transcribed cells by names of notebook and cell.

        Returns:
            dict: id of the instructor's notebook by that of the student's.
        """
        known = sa.select(_STUDENT.c.id).where(_STUDENT.c.id == student)
        if db.execute(known).first() is None:
            db.execute(sa.insert(_STUDENT), {"id": student})
        submission = api.new_uuid()
        row = {"assignment_id": self._assignment, "student_id": student}
        row |= {"id": submission, "timestamp": timestamp}
        db.execute(sa.insert(_SUBMISSION), row)
        pieces = {api.new_uuid(): notebook for notebook in self._names}
        rows = [
            {"id": i, "notebook_id": n, "assignment_id": submission}
            for i, n in pieces.items()
        ]
        _insert(db, _PIECE, rows)
        grades, comments = [], []
        places = {notebook: piece for piece, notebook in pieces.items()}
        for known in self._cells:
            row = {"cell_id": known.id, "notebook_id": places[known.notebook]}
            cell = cells.get((self._names[known.notebook], known.name))
            if known.graded:
                # Unless a grade is given, nbgrader has a person look at it.
                unseen = {"auto_score": None, "needs_manual_grade": True}
                grades.append(row | unseen | _grade(cell, None))
            if known.commented:
                comments.append(row | {"auto_comment": None} | _comment(cell))
        _insert(db, _GRADE, grades)
        _insert(db, _COMMENT, comments)
        return pieces

    def change(self, db, submission, timestamp, pieces, cells):
        """Change the rows of a submission that was recorded before.

        Args:
            db: Open connection.
            submission: Its id.
            timestamp: When it was handed in, or None for as it was.
            pieces: As ``add`` returns them.
            cells: Transcribed cells by names of notebook and cell.
        """
        if timestamp is not None:
            here = _SUBMISSION.c.id == submission
            change = sa.update(_SUBMISSION).where(here)
            db.execute(change, {"timestamp": timestamp})
        columns = _GRADE.c.id, _GRADE.c.cell_id, _GRADE.c.manual_score
        given = sa.select(*columns).where(_GRADE.c.notebook_id.in_(pieces))
        update(
            db,
            _GRADE,
            [
                (row.id, _grade(self._cell(row, cells), row.manual_score))
                for row in db.execute(given)
            ],
        )
        columns = _COMMENT.c.id, _COMMENT.c.cell_id
        said = sa.select(*columns).where(_COMMENT.c.notebook_id.in_(pieces))
        update(
            db,
            _COMMENT,
            [
                (row.id, _comment(self._cell(row, cells)))
                for row in db.execute(said)
            ],
        )

    def _cell(self, row, cells):
        """Return the notebook's cell that a row is about, or None."""
        known = self._known[row.cell_id]
        return cells.get((self._names[known.notebook], known.name))


def _cells(db, notebooks):
    """Return the cells of an assignment that have grades or comments."""
    grade, task = api.GradeCell.__table__, api.TaskCell.__table__
    base, solution = api.BaseCell.__table__, api.SolutionCell.__table__
    query = (
        sa.select(
            base.c.id,
            base.c.name,
            base.c.notebook_id,
            grade.c.id,
            solution.c.id,
            task.c.id,
            sa.func.coalesce(grade.c.max_score, task.c.max_score, 0.0),
        )
        .select_from(
            base.outerjoin(grade, grade.c.id == base.c.id)
            .outerjoin(solution, solution.c.id == base.c.id)
            .outerjoin(task, task.c.id == base.c.id)
        )
        .where(base.c.notebook_id.in_(notebooks))
        .order_by(base.c.notebook_id, base.c.name, base.c.id)
    )
    return [
        _Cell(i, name, notebook, bool(g or t), bool(s or t), points)
        for i, name, notebook, g, s, t, points in db.execute(query)
    ]


def _grade(cell, manual_score):
    """Return what a graded cell's grade is; nothing where it is not there."""
    if cell is None or not is_grade(cell):
        return {}
    score = rule.auto_score(cell)
    waits = manual_score is not None or score is None
    return {"auto_score": score, "needs_manual_grade": waits}


def _comment(cell):
    """Return what nbgrader says about an answer by itself."""
    if cell is None or not (is_solution(cell) or is_task(cell)):
        return {}
    untouched = cell.metadata.nbgrader.get("checksum")
    silent = untouched == compute_checksum(cell) and not is_task(cell)
    return {"auto_comment": "No response." if silent else None}


def _insert(db, table, rows):
    if rows:
        db.execute(sa.insert(table), rows)


def update(db, table, rows):
    """Update rows of a table.

    Args:
        db: Open connection.
        table: The table.
        rows: (id, values) of each; those without values stay as they are.
    """
    changes = [{"row": row, **values} for row, values in rows if values]
    if changes:
        here = table.c.id == sa.bindparam("row")
        db.execute(sa.update(table).where(here), changes)
