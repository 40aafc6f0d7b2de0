"""Lines: what became of each thing that was found, for the report."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from nbgrader import api

#: Outcomes of a line. Only the first three end in ``submitted/``.
TAKEN = "taken"
KEPT = "kept"  # an attempt, but not the one that counts
BROKEN = "broken"  # taken for want of a better one; the grader says why
ALREADY = "already there"
UNKNOWN = "unknown"
REFUSED = "refused"

#: What an instructor has to look at.
TROUBLE = (UNKNOWN, REFUSED)

_TABLE = sa.Table(
    "autograder_collected",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("assignment", sa.String(128), nullable=False),
    sa.Column("student", sa.String(128), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("collected", sa.String(32), nullable=False),
)


@dataclass(frozen=True)
class Line:
    """What became of a file or an attempt.

    Attributes:
        name: What it is called in the source.
        outcome: One of the outcomes above.
        student: Id of the student, "" where nobody could be told.
        reason: Why, and what to do, where it was not simply taken.
    """

    name: str
    outcome: str
    student: str = ""
    reason: str = ""


def keep(course, assignment, lines):
    """Write lines into the journal, in the gradebook.

    A line that is there already is not written again.

    Args:
        course: The course.
        assignment: Name of the assignment.
        lines: The lines.
    """
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    known = {
        (line.name, line.outcome, line.student, line.reason)
        for line in read(course, assignment)
    }
    fresh = [
        line
        for line in lines
        if (line.name, line.outcome, line.student, line.reason) not in known
    ]
    with _engine(course) as engine, engine.begin() as connection:
        for line in fresh:
            row = {
                "assignment": assignment,
                "student": line.student,
                "name": _storable(line.name),
                "outcome": line.outcome,
                "reason": _storable(line.reason),
                "collected": now,
            }
            connection.execute(sa.insert(_TABLE).values(row))


def read(course, assignment):
    """Return the lines of an assignment, oldest first."""
    chosen = (
        sa.select(
            _TABLE.c.name,
            _TABLE.c.outcome,
            _TABLE.c.student,
            _TABLE.c.reason,
        )
        .where(_TABLE.c.assignment == assignment)
        .order_by(_TABLE.c.number)
    )
    with _engine(course) as engine, engine.connect() as connection:
        return [Line(*row) for row in connection.execute(chosen)]


class _engine:  # noqa: N801 - used as a function
    """The gradebook's engine, with our table in it."""

    def __init__(self, course):
        self.url = course.db_url

    def __enter__(self):
        with api.Gradebook(self.url) as gradebook:
            self.engine = gradebook.engine
        _TABLE.metadata.create_all(self.engine)
        return self.engine

    def __exit__(self, *_):
        self.engine.dispose()


def _storable(text):
    """Return text as any database can hold it."""
    return text.encode(errors="replace").decode().replace("\0", "?")
