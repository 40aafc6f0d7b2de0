"""A small nbgrader course with a few submissions, for tests of a batch."""

import contextlib
import io
import shutil
import sqlite3

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course

KERNEL = {"name": "python3", "display_name": "Python", "language": "python"}
ANSWERS = {
    "ada": "def double(x):\n    return 2 * x",
    "bob": "def double(x):\n    return x",
    "cem": "def double(x):\n    raise ValueError('no')",
    "dot": "import os\nos._exit(1)",
    "eve": "def double(x):\n    print('hm')\n    return x + x",
}
ROWS = """
select s.student_id, n.name, c.name, g.auto_score, g.manual_score,
       g.needs_manual_grade, m.auto_comment, sn.late_submission_penalty
from submitted_assignment s
join submitted_notebook sn on sn.assignment_id = s.id
join notebook n on n.id = sn.notebook_id
join grade g on g.notebook_id = sn.id
join base_cell c on c.id = g.cell_id
left join comment m on m.notebook_id = sn.id and m.cell_id = c.id
order by 1, 2, 3
"""


def make(root, count=5):
    """Make a course with one stock assignment and some submissions.

    Args:
        root: Folder to make.
        count: Number of submissions; the answers repeat.

    Returns:
        Course: fit to grade.
    """
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(_exercise(), root / "source" / "ps1" / "p.ipynb")
    course = Course(root)
    with contextlib.redirect_stderr(io.StringIO()):
        made = course.api().generate_assignment("ps1")
    if not made["success"]:
        raise RuntimeError(made["log"])
    names = sorted(ANSWERS)
    for number in range(count):
        name = names[number % len(names)]
        hand_in(course, f"{name}-{number:03d}", ANSWERS[name])
    return course


def copied(course, root):
    """Return a fresh copy of a course, in place of what was there."""
    shutil.rmtree(root, ignore_errors=True)
    return Course(shutil.copytree(course.path, root))


def hand_in(course, student, answer):
    """Hand in the released notebook with an answer in it."""
    released = course.folder("release", "ps1") / "p.ipynb"
    notebook = nbformat.read(released, as_version=4)
    notebook.cells[1].source = answer
    notebook.cells[3].source = f"I doubled it, said {student}."
    folder = course.folder("submitted", "ps1", student)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "p.ipynb")


def rows(course):
    """Return all grades of a gradebook, in a fixed order."""
    path = course.db_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(ROWS).fetchall()


def pages(course):
    """Return what a grading run wrote, as bytes by path."""
    return {
        str(path.relative_to(course.path)): path.read_bytes()
        for step in ("autograded", "feedback")
        for path in sorted((course.path / step).rglob("*"))
        if path.is_file()
    }


def _exercise():
    """Return an instructor's notebook with a test and a question."""
    cells = [
        new_markdown_cell("# Doubling"),
        new_code_cell("### BEGIN SOLUTION\ndouble = 0\n### END SOLUTION"),
        new_code_cell("assert double(3) == 6\nassert double(0) == 0"),
        new_markdown_cell("=== BEGIN SOLUTION ===\nx\n=== END SOLUTION ==="),
    ]
    about = [
        None,
        {"grade_id": "double-solution", "solution": True},
        {"grade_id": "double", "grade": True, "points": 2, "locked": True},
        {"grade_id": "why", "grade": True, "points": 1, "solution": True},
    ]
    usual = {"grade": False, "solution": False, "locked": False, "task": False}
    for cell, known in zip(cells, about, strict=True):
        if known:
            cell.metadata["nbgrader"] = {
                **usual,
                "schema_version": 3,
                **known,
            }
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
