"""The gradebook after our one transaction is the one nbgrader would write."""

import contextlib
import copy
import io
import shutil
import sqlite3

import nbformat
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from autograder import master
from autograder.course import Course
from autograder.ledger import Ledger

KERNEL = {"name": "python3", "display_name": "Python", "language": "python"}
COLUMNS = """
select s.student_id, n.name, c.name, g.auto_score, g.manual_score,
       g.extra_credit, g.needs_manual_grade, m.auto_comment,
       m.manual_comment, sn.late_submission_penalty, s.timestamp
from submitted_assignment s
join submitted_notebook sn on sn.assignment_id = s.id
join notebook n on n.id = sn.notebook_id
join grade g on g.notebook_id = sn.id
join base_cell c on c.id = g.cell_id
left join comment m on m.notebook_id = sn.id and m.cell_id = c.id
order by 1, 2, 3
"""


def rows(course):
    """Return all that a person sees of a gradebook."""
    path = course.db_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(COLUMNS).fetchall()


def cell(kind, source, **nbgrader):
    """Return an instructor's cell."""
    known = {"grade": False, "solution": False, "locked": False, "task": False}
    make = new_code_cell if kind == "code" else new_markdown_cell
    nbgrader = {**known, "schema_version": 3, **nbgrader}
    return make(source, metadata={"nbgrader": nbgrader})


def exercise():
    """Return an instructor's notebook with each kind of graded cell."""
    body = "### BEGIN SOLUTION\nf = abs\n### END SOLUTION"
    answer = "=== BEGIN SOLUTION ===\nMine.\n=== END SOLUTION ==="
    test = {"grade": True, "locked": True}
    written = {"grade": True, "solution": True}
    return new_notebook(
        cells=[
            new_code_cell("import math"),
            cell("code", body, grade_id="f-solution", solution=True),
            cell("code", "assert f(-1) == 1", grade_id="f", points=2, **test),
            cell("code", "0.5", grade_id="part", points=1, **test),
            cell("markdown", answer, grade_id="why", points=3, **written),
            cell(
                "markdown",
                "Do.",
                grade_id="do",
                points=2,
                task=True,
                locked=True,
            ),
        ],
        metadata={"kernelspec": KERNEL},
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course of one assignment, released."""
    root = tmp_path_factory.mktemp("made") / "course"
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(exercise(), root / "source" / "ps1" / "p.ipynb")
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    course = Course(root)
    with contextlib.redirect_stderr(io.StringIO()):
        assert course.api().generate_assignment("ps1")["success"]
    return course


@pytest.fixture
def course(made, tmp_path):
    """Return a fresh copy of that course."""
    shutil.copytree(made.path, tmp_path / "course")
    return Course(tmp_path / "course")


def answered(course, score="0.5", why="Because."):
    """Return the transcribed notebook of a submission."""
    [stub] = master.masters(course, "ps1").values()
    notebook = copy.deepcopy(stub)
    for each in notebook.cells:
        grade_id = each.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id == "part":
            data = {"text/plain": score}
            each.outputs = [new_output("execute_result", data=data)]
        if grade_id == "why" and why:
            each.source = why
    return notebook


def submit(course, student, notebook, timestamp=None):
    """Lay a submission where nbgrader looks for it."""
    folder = course.folder("submitted", "ps1", student)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "p.ipynb")
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


@pytest.mark.filterwarnings("ignore")  # stock nbgrader's own
def test_the_rows_are_those_of_nbgraders_own_steps(course, tmp_path):
    """Same scores, comments and penalties, on time, late and silent."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    due = "2026-01-02 00:00:00 UTC"
    with Gradebook(course.db_url) as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=due)
    early, late = "2026-01-01 00:00:00 UTC", "2026-01-03 00:00:00 UTC"
    stock = Course(shutil.copytree(course.path, tmp_path / "stock"))
    for student, stamp, why in (
        ("ada", early, "Because."),
        ("bob", late, "Because."),
        ("eve", None, ""),
    ):
        notebook = answered(course, why=why)
        submit(course, student, notebook, stamp)
        submit(stock, student, notebook, stamp)
        with contextlib.redirect_stderr(io.StringIO()):
            assert stock.api().autograde("ps1", student)["success"]
        with Ledger(course, "ps1") as ledger:
            stamped = course.directory.get_existing_timestamp(
                str(course.folder("submitted", "ps1", student))
            )
            done = nbformat.read(
                stock.folder("autograded", "ps1", student) / "p.ipynb", 4
            )
            ledger.record(student, stamped, {"p": done}, "key", {})
    assert rows(course) == rows(stock)
    assert len(rows(course)) == 12


def test_recording_again_changes_grades_and_keeps_what_a_person_gave(course):
    """Manual scores stay and are flagged for another look, as nbgrader's."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Ledger(course, "ps1") as ledger:
        ledger.record("ada", None, {"p": answered(course)}, "one", {})
    with Gradebook(course.db_url) as gradebook:
        grade = gradebook.find_grade("why", "p", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    with Ledger(course, "ps1") as ledger:
        ledger.record("ada", None, {"p": answered(course, "1")}, "two", {})
        grades = ledger.standing("ada").grades
    assert grades["ada", "p", "why"][0] == 2.5
    assert grades["ada", "p", "part"][0] == 1.0
    flagged = {row[2]: row[6] for row in rows(course)}
    assert flagged["why"] == 1


def test_grades_and_journal_change_together(course, monkeypatch):
    """A failure anywhere in between leaves neither."""
    with Ledger(course, "ps1") as ledger:
        monkeypatch.setattr(ledger._journal, "keep", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.record("ada", None, {"p": answered(course)}, "key", {})
    with Ledger(course, "ps1") as ledger:
        assert ledger.journal() == {}
        assert ledger.standing().grades == {}
    assert rows(course) == []


def test_the_journal_remembers_key_and_entry(course):
    """What was kept comes back, for this assignment alone."""
    entry = {"p": {"tasks": [], "notes": ["häh?"]}}
    with Ledger(course, "ps1") as ledger:
        ledger.record("ada", None, {"p": answered(course)}, "one", entry)
        ledger.record("ada", None, {"p": answered(course)}, "two", entry)
        assert ledger.journal() == {"ada": ("two", entry)}
