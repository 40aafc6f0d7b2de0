"""Journal: what was graded under which key, beside nbgrader's own tables.

A row changes in the transaction that changes the grades, so a run that is
killed anywhere leaves a submission either recorded or not begun.
"""

import json

import sqlalchemy as sa

_TABLE = sa.Table(
    "autograder_journal",
    sa.MetaData(),
    sa.Column("student", sa.String(128), primary_key=True),
    sa.Column("assignment", sa.String(128), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("entry", sa.Text, nullable=False),
)
_HERE = (_TABLE.c.student == sa.bindparam("who")) & (
    _TABLE.c.assignment == sa.bindparam("what")
)
_UPDATE = sa.update(_TABLE).where(_HERE)
_INSERT = sa.insert(_TABLE)


class Journal:
    """The journal of one assignment.

    Args:
        engine: Of the gradebook's database.
        assignment: Name of the assignment.
    """

    def __init__(self, engine, assignment):
        _TABLE.metadata.create_all(engine)
        self._assignment = assignment

    def read(self, db):
        """Return what was recorded.

        Args:
            db: Open connection.

        Returns:
            dict[str, tuple]: (key, entry) by student.
        """
        columns = _TABLE.c.student, _TABLE.c.key, _TABLE.c.entry
        mine = _TABLE.c.assignment == self._assignment
        rows = db.execute(sa.select(*columns).where(mine))
        return {who: (key, json.loads(entry)) for who, key, entry in rows}

    def keep(self, db, student, key, entry):
        """Record a submission within the transaction of ``db``."""
        text = json.dumps(entry, sort_keys=True)
        row = {"key": key, "entry": text}
        here = {"who": student, "what": self._assignment}
        if not db.execute(_UPDATE.values(row), here).rowcount:
            place = {"student": student, "assignment": self._assignment}
            db.execute(_INSERT, {**place, **row})
