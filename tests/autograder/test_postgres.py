"""The gradebook in PostgreSQL: the rows that SQLite has, and resume."""

import contextlib

import course_of_three as three
import postgres
import pytest
import sqlalchemy as sa
from test_batch import LIMITS, WALLS, untimed

from autograder.batch import Batch
from autograder.course import Course
from autograder.worker import Worker

CONFIGURED = """
c = get_config()
c.CourseDirectory.course_id = "doubling"
c.CourseDirectory.db_url = {!r}
c.LateSubmissionPlugin.penalty_method = "zero"
"""
DUE = "2026-01-02 00:00:00 UTC"
STAMPS = {"ada-000": "2026-01-01", "ada-005": "2026-01-03"}


@pytest.fixture(scope="module")
def database():
    """Return a function that makes a database on a server."""
    with postgres.server() as made:
        yield made


@pytest.fixture(scope="module")
def run():
    """Return what runs cells, in one warm process for all tests."""
    with Worker(LIMITS, walls=WALLS) as worker:
        yield worker.run


def grade(course, run, report=lambda _: None):
    """Grade the course; return results by student."""
    batch = Batch(course, "ps1", LIMITS, lambda: contextlib.nullcontext(run))
    return {result.student: result for result in batch.run(1, report)}


def made(root, address=None):
    """Make a course with a deadline; its gradebook lies at an address."""
    root.mkdir(parents=True)
    address = address or f"sqlite:///{root / 'gradebook.db'}"
    (root / "nbgrader_config.py").write_text(CONFIGURED.format(address))
    course = three.make(root, count=6)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=DUE)
        gradebook.engine.dispose()
    for student, day in STAMPS.items():
        folder = course.folder("submitted", "ps1", student)
        (folder / "timestamp.txt").write_text(f"{day} 00:00:00 UTC")
    return Course(root)


def rows(course):
    """Return all that a person sees of a gradebook, and the journal."""
    engine = sa.create_engine(course.db_url)
    journal = "select student, assignment, entry from autograder_journal"
    with engine.connect() as db:
        found = [
            [tuple(row) for row in db.execute(sa.text(query))]
            for query in (three.ROWS, f"{journal} order by 1")
        ]
    engine.dispose()
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.timeout(600)
def test_the_gradebook_in_postgresql_is_that_in_sqlite(
    database, run, tmp_path
):
    """Row by row: scores, flags, comments, penalties and the journal."""
    here = made(tmp_path / "here" / "course")
    there = made(tmp_path / "there" / "course", database("same"))
    assert there.db_url.startswith("postgresql+psycopg2:")
    first, second = grade(here, run), grade(there, run)
    assert untimed(first) == untimed(second)
    mine, theirs = rows(here), rows(there)
    assert mine[0] == theirs[0]
    assert [row[7] for row in mine[0] if row[0] == "ada-005"] == [2.0, 2.0]
    assert mine[1] == theirs[1]
    assert three.pages(here) == three.pages(there)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_run_in_postgresql_goes_on_where_it_stopped(database, run, tmp_path):
    """Recorded before it broke: not run again; the others: run."""
    course = made(tmp_path / "course", database("resumed"))
    whole = made(tmp_path / "whole" / "course")
    grade(whole, run)
    seen = []

    def breaks(result):
        seen.append(result.student)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        grade(course, run, breaks)
    assert len(rows(course)[1]) == 2
    results = grade(course, run)
    kept = [name for name, found in results.items() if not found.fresh]
    assert sorted(kept) == sorted(seen)
    assert rows(course) == rows(whole)
    again = grade(course, lambda *_: pytest.fail("it ran again"))
    assert not any(found.fresh for found in again.values())
    assert rows(course) == rows(whole)
