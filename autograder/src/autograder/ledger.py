"""Ledger: nbgrader's gradebook, opened once, one transaction a submission.

Beside nbgrader's tables stands one of ours, the journal. Both change in the
same transaction, so a run that is killed anywhere leaves a submission either
recorded or not begun.
"""

import sqlalchemy as sa
from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties

from autograder.errors import UsageError
from autograder.journal import Journal
from autograder.rows import Rows, update
from autograder.standing import Reader

_SUBMISSION = api.SubmittedAssignment.__table__
_PIECE = api.SubmittedNotebook.__table__


class Ledger:
    """The one writer of a gradebook.

    Args:
        course: The course.
        assignment: Name of the assignment.

    Raises:
        UsageError: the assignment is not in the gradebook.
    """

    def __init__(self, course, assignment):
        self._penalties = AssignLatePenalties(config=course.config)
        self._penalties.init_plugin()
        with course.gradebook() as gradebook:
            self._engine = gradebook.engine
            try:
                found = gradebook.find_assignment(assignment)
            except api.MissingEntry:
                self._engine.dispose()
                raise UsageError(
                    f"{assignment} is not in the gradebook. Run `nbgrader "
                    f"generate_assignment {assignment}` in the course's "
                    "folder."
                ) from None
            self._assignment, self._due = found.id, found.duedate
            names = {each.id: each.name for each in found.notebooks}
        self._journal = Journal(self._engine, assignment)
        with self._engine.begin() as db:
            self._rows = Rows(db, found.id, names)
        self._reader = Reader(self._assignment, self._rows.places)
        self._find = (
            sa.select(
                _SUBMISSION.c.id,
                _SUBMISSION.c.timestamp,
                _SUBMISSION.c.extension,
                _PIECE.c.id,
                _PIECE.c.notebook_id,
            )
            .select_from(_SUBMISSION.outerjoin(_PIECE))
            .where(
                _SUBMISSION.c.assignment_id == self._assignment,
                _SUBMISSION.c.student_id == sa.bindparam("student"),
            )
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._engine.dispose()

    def journal(self):
        """Return what was recorded of this assignment.

        Returns:
            dict[str, tuple]: (key, entry) by student.
        """
        with self._engine.begin() as db:
            return self._journal.read(db)

    def deadline(self):
        """Return what a late penalty depends on, as text."""
        columns = _SUBMISSION.c.student_id, _SUBMISSION.c.extension
        extended = (
            sa.select(*columns)
            .where(
                _SUBMISSION.c.assignment_id == self._assignment,
                _SUBMISSION.c.extension.is_not(None),
            )
            .order_by(_SUBMISSION.c.student_id)
        )
        with self._engine.begin() as db:
            return repr((self._due, db.execute(extended).all()))

    def standing(self, student=None):
        """Return what the gradebook holds of the assignment.

        Args:
            student: Only this one's; everybody's if None.

        Returns:
            Standing: grades and penalties.
        """
        with self._engine.begin() as db:
            return self._reader.read(db, student)

    def record(self, student, timestamp, notebooks, key, entry):
        """Record a graded submission, all of it or nothing.

        Args:
            student: Id of the student.
            timestamp: When it was handed in, or None.
            notebooks: Transcribed notebooks by name.
            key: Hash of all that decides the grade.
            entry: What the journal keeps, plain data.

        Returns:
            Standing: of this student, as it is now.
        """
        cells = {
            (name, cell.metadata.nbgrader["grade_id"]): cell
            for name, notebook in notebooks.items()
            for cell in notebook.cells
            if "grade_id" in cell.metadata.get("nbgrader", {})
        }
        with self._engine.begin() as db:
            rows = db.execute(self._find, {"student": student}).all()
            if rows:
                pieces = {row[3]: row[4] for row in rows if row[3]}
                self._rows.change(db, rows[0].id, timestamp, pieces, cells)
            else:
                pieces = self._rows.add(db, student, timestamp, cells)
            stamp = timestamp or (rows[0].timestamp if rows else None)
            extension = rows[0].extension if rows else None
            late = self._seconds_late(stamp, extension)
            if rows or late:
                self._penalize(db, student, pieces, late)
            self._journal.keep(db, student, key, entry)
            return self._reader.read(db, student)

    def _seconds_late(self, timestamp, extension):
        """Return how late a submission is, as nbgrader counts."""
        if timestamp is None or self._due is None:
            return 0
        due = self._due if extension is None else self._due + extension
        return max(0, (timestamp - due).total_seconds())

    def _penalize(self, db, student, pieces, late):
        """Take points for being late, as nbgrader's plugin says."""
        taken = dict.fromkeys(pieces)
        if late:
            here = api.SubmittedNotebook.id.in_(pieces)
            columns = api.SubmittedNotebook.id, api.SubmittedNotebook.score
            plugin = self._penalties.plugin_inst
            for piece, score in db.execute(sa.select(*columns).where(here)):
                points = plugin.late_submission_penalty(student, score, late)
                if points is not None:
                    taken[piece] = min(max(points, 0), score)
        rows = [(i, {"late_submission_penalty": p}) for i, p in taken.items()]
        update(db, _PIECE, rows)
