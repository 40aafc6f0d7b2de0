"""On a course that is not ours, the gradebook is nbgrader's, row by row."""

import contextlib
import functools
import io
import shutil
import subprocess
from pathlib import Path

import course_of_three as three
import nbformat
import pytest

from autograder import cli, sandbox
from autograder.batch import Batch
from autograder.course import Course

LIMITS = sandbox.Limits(cell_seconds=20)


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory):
    """Return a course as ``nbgrader quickstart`` makes it, handed in."""
    root = tmp_path_factory.mktemp("quickstart")
    subprocess.run(
        ["nbgrader", "quickstart", "course101"],
        check=True,
        cwd=root,
        capture_output=True,
    )
    course = Course(root / "course101")
    with contextlib.redirect_stderr(io.StringIO()):
        assert course.api().generate_assignment("ps1")["success"]
    for student, spoil in (
        ("solved", lambda source: source),
        ("slip", lambda source: source.replace("range(1, n + 1)", "range(n)")),
        ("crash", lambda source: source.replace("def squares", "def cubes")),
    ):
        _hand_in(course, student, spoil)
    shutil.copytree(
        course.folder("release", "ps1"),
        course.folder("submitted", "ps1", "untouched"),
    )
    _hand_in(course, "late", lambda source: source)
    late = course.folder("submitted", "ps1", "late")
    (late / "timestamp.txt").write_text("2026-02-03 00:00:00 UTC")
    one = course.folder("submitted", "ps1", "half")
    shutil.copytree(course.folder("submitted", "ps1", "solved"), one)
    (one / "problem2.ipynb").unlink()
    return course


def _hand_in(course, student, spoil):
    """Hand in the instructor's notebooks, each cell spoiled a little."""
    source = course.folder("source", "ps1")
    folder = course.folder("submitted", "ps1", student)
    shutil.copytree(source, folder)
    for path in Path(folder).glob("*.ipynb"):
        released = nbformat.read(
            course.folder("release", "ps1") / path.name, as_version=4
        )
        solved = nbformat.read(path, as_version=4)
        answers = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in solved.cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        for cell in released.cells:
            known = cell.metadata.get("nbgrader", {})
            if known.get("solution"):
                cell.source = spoil(answers[known.grade_id])
        nbformat.write(released, path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # stock nbgrader's own
def test_quickstart_gives_the_gradebook_that_nbgrader_gives(
    quickstart, tmp_path
):
    """Scores, flags, comments and penalties of six submissions."""
    config = quickstart.path / "nbgrader_config.py"
    stock = Course(shutil.copytree(quickstart.path, tmp_path / "stock"))
    ours = Course(shutil.copytree(quickstart.path, tmp_path / "ours"))
    due = "2026-02-02 00:00:00 UTC"
    for course in (stock, ours):
        extra = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
        (course.path / config.name).write_text(config.read_text() + extra)
        _set_deadline(course, due)
    stock, ours = Course(stock.path), Course(ours.path)
    for student in stock.students("ps1"):
        with contextlib.redirect_stderr(io.StringIO()):
            assert stock.api().autograde("ps1", student)["success"]
    walls = sandbox.walls(trust=True)
    open_run = functools.partial(cli.open_run, LIMITS, walls=walls)
    Batch(ours, "ps1", LIMITS, open_run).run(2)
    assert three.rows(ours) == three.rows(stock)
    scores = {row[3] for row in three.rows(ours)}
    assert len(three.rows(ours)) == 6 * 9
    assert {None, 0.0} < scores


def _set_deadline(course, due):
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(course.db_url) as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=due)
