"""Ledger: nbgrader's gradebook, opened once, one transaction a submission.

Beside nbgrader's tables stands one of ours, the journal: what was graded
under which key. Both change in the same transaction, so a run that is killed
anywhere leaves a submission either recorded or not begun.
"""

import contextlib
import json
import warnings
from typing import NamedTuple

import sqlalchemy as sa
from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task
from sqlalchemy.exc import SAWarning

from autograder import rule
from autograder.errors import UsageError

_JOURNAL = sa.Table(
    "autograder_journal",
    sa.MetaData(),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("entry", sa.Text, nullable=False),
)


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


class Ledger:
    """The one writer of a gradebook.

    Args:
        course: The course.
        assignment: Name of the assignment.

    Raises:
        UsageError: the assignment is not in the gradebook.
    """

    def __init__(self, course, assignment):
        self._gradebook = api.Gradebook(course.db_url)
        self._db = self._gradebook.db
        self._penalties = AssignLatePenalties(config=course.config)
        self._penalties.init_plugin()
        _JOURNAL.metadata.create_all(self._gradebook.engine)
        try:
            self._assignment_id = self._gradebook.find_assignment(
                assignment
            ).id
        except api.MissingEntry:
            raise UsageError(
                f"{assignment} is not in the gradebook. Run `nbgrader "
                f"generate_assignment {assignment}` in the course's folder."
            ) from None
        self._name = assignment
        self._cells = dict(
            self._db.execute(
                sa.select(api.BaseCell.id, api.BaseCell.name)
                .join(
                    api.Notebook, api.Notebook.id == api.BaseCell.notebook_id
                )
                .where(api.Notebook.assignment_id == self._assignment_id)
            ).all()
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._gradebook.close()
        self._gradebook.engine.dispose()

    def journal(self):
        """Return what was recorded of this assignment.

        Returns:
            dict[str, tuple]: (key, entry) by student.
        """
        rows = self._db.execute(
            sa.select(
                _JOURNAL.c.student, _JOURNAL.c.key, _JOURNAL.c.entry
            ).where(_JOURNAL.c.assignment == self._name)
        )
        return {
            student: (key, json.loads(entry)) for student, key, entry in rows
        }

    def deadline(self):
        """Return what a late penalty depends on, as text."""
        due = self._db.execute(
            sa.select(api.Assignment.duedate).where(
                api.Assignment.id == self._assignment_id
            )
        ).scalar_one()
        extensions = self._db.execute(
            sa.select(
                api.SubmittedAssignment.student_id,
                api.SubmittedAssignment.extension,
            )
            .where(
                api.SubmittedAssignment.assignment_id == self._assignment_id,
                api.SubmittedAssignment.extension.is_not(None),
            )
            .order_by(api.SubmittedAssignment.student_id)
        ).all()
        return repr((due, extensions))

    def record(self, student, timestamp, notebooks, key, entry):
        """Record a graded submission, all of it or nothing.

        Args:
            student: Id of the student.
            timestamp: When it was handed in, or None.
            notebooks: Transcribed notebooks by name.
            key: Hash of all that decides the grade.
            entry: What the journal keeps, plain data.
        """
        with warnings.catch_warnings():
            # nbgrader's models relate rows before they are added.
            warnings.simplefilter("ignore", SAWarning)
            try:
                submission = self._submission(student)
                if timestamp is not None:
                    submission.timestamp = timestamp
                for row in submission.notebooks:
                    if row.name in notebooks:
                        self._notebook(row, notebooks[row.name])
                self._db.flush()
                for row in submission.notebooks:
                    self._penalty(submission, row)
                self._keep(student, key, entry)
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise
            finally:
                self._db.expunge_all()

    def standing(self, student=None):
        """Return what the gradebook holds of the assignment.

        Args:
            student: Only this one's; everybody's if None.

        Returns:
            Standing: grades and penalties.
        """
        mine = api.SubmittedAssignment.assignment_id == self._assignment_id
        if student is not None:
            mine &= api.SubmittedAssignment.student_id == student
        found = (
            sa.select(api.SubmittedAssignment.student_id, api.Notebook.name)
            .select_from(api.SubmittedAssignment)
            .join(api.SubmittedAssignment.notebooks)
            .join(api.SubmittedNotebook.notebook)
            .where(mine)
        )
        # A written answer is a grade cell and a solution cell of one name.
        said = {
            (person, notebook, self._cells[cell]): text
            for person, notebook, cell, text in self._db.execute(
                found.join(api.SubmittedNotebook.comments).add_columns(
                    api.Comment.cell_id, api.Comment.comment
                )
            )
        }
        waits = api.Grade.needs_manual_grade & api.Grade.manual_score.is_(None)
        grades = self._db.execute(
            found.join(api.SubmittedNotebook.grades).add_columns(
                api.Grade.cell_id,
                api.Grade.score,
                api.Grade.max_score,
                waits,
                api.Grade.manual_score.is_not(None),
            )
        ).all()
        penalties = self._db.execute(
            found.add_columns(api.SubmittedNotebook.late_submission_penalty)
        )
        return Standing(
            {
                (key := (person, notebook, self._cells[cell])): (
                    None if waits else score,
                    points,
                    said.get(key) or "",
                )
                for person, notebook, cell, score, points, waits, _ in grades
            },
            {
                (person, notebook): taken or 0.0
                for person, notebook, taken in penalties
            },
            frozenset(
                (person, notebook, self._cells[cell])
                for person, notebook, cell, *_, by_hand in grades
                if by_hand
            ),
        )

    def _submission(self, student):
        """Return the rows of a submission, made where they are missing."""
        with contextlib.suppress(api.MissingEntry):
            return self._gradebook.find_submission(self._name, student)
        person = self._db.get(api.Student, student)
        if person is None:
            person = api.Student(id=student)
            self._db.add(person)
        assignment = self._db.get(api.Assignment, self._assignment_id)
        submission = api.SubmittedAssignment(
            assignment=assignment, student=person
        )
        for notebook in assignment.notebooks:
            row = api.SubmittedNotebook(
                notebook=notebook, assignment=submission
            )
            for cell in notebook.grade_cells:
                api.Grade(cell_id=cell.id, notebook=row)
            for cell in notebook.solution_cells:
                api.Comment(cell_id=cell.id, notebook=row)
            for cell in notebook.task_cells:
                api.Comment(cell_id=cell.id, notebook=row)
                api.Grade(cell_id=cell.id, notebook=row)
        self._db.add(submission)
        self._db.flush()
        return submission

    def _notebook(self, row, notebook):
        """Write the grades and comments of one notebook."""
        cells = {
            cell.metadata.nbgrader["grade_id"]: cell
            for cell in notebook.cells
            if "grade_id" in cell.metadata.get("nbgrader", {})
        }
        for grade in row.grades:
            cell = cells.get(self._cells[grade.cell_id])
            if cell is not None and is_grade(cell):
                grade.auto_score = rule.auto_score(cell)
                grade.needs_manual_grade = (
                    grade.manual_score is not None or grade.auto_score is None
                )
        for comment in row.comments:
            cell = cells.get(self._cells[comment.cell_id])
            if cell is not None and (is_solution(cell) or is_task(cell)):
                untouched = cell.metadata.nbgrader.get("checksum")
                same = untouched == compute_checksum(cell)
                silent = same and not is_task(cell)
                comment.auto_comment = "No response." if silent else None

    def _penalty(self, submission, row):
        """Take points for being late, as nbgrader's plugin says."""
        self._db.refresh(row, ["score"])
        row.late_submission_penalty = None
        if submission.total_seconds_late > 0:
            taken = self._penalties.plugin_inst.late_submission_penalty(
                submission.student_id, row.score, submission.total_seconds_late
            )
            if taken is not None:
                row.late_submission_penalty = min(max(taken, 0), row.score)

    def _keep(self, student, key, entry):
        here = (_JOURNAL.c.student == student) & (
            _JOURNAL.c.assignment == self._name
        )
        self._db.execute(sa.delete(_JOURNAL).where(here))
        self._db.execute(
            sa.insert(_JOURNAL).values(
                student=student,
                assignment=self._name,
                key=key,
                entry=json.dumps(entry, sort_keys=True),
            )
        )
