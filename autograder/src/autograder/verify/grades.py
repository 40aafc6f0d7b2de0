"""What the grades owe: everything for a solution, nothing for a stub."""

import contextlib
import io
import shutil
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook

from autograder import batch, cli, release, sandbox
from autograder.course import Course
from autograder.verify import leaks

SOLVED, UNTOUCHED = "solved", "untouched"


def ours(repository):
    """Yield notebooks that our grader does not score as it must.

    Also feedback on untouched notebooks that tells a solution.
    """
    yield from _graded(repository, _grade_ours)


def stock(repository):
    """Yield notebooks that stock nbgrader does not score as it must."""
    yield from _graded(repository, _grade_stock)


def _graded(repository, grader):
    with tempfile.TemporaryDirectory() as place:
        course = Path(place) / "course"
        release.generate(repository, course)
        hand_in(course)
        for folder in sorted((course / "source").iterdir()):
            grader(Course(course), folder.name)
            yield from _wrong(Course(course), folder.name)
        pages = (course / "feedback" / UNTOUCHED).rglob("*.html")
        yield from leaks.told(repository, sorted(pages))


def hand_in(course):
    """Hand in every solution and every untouched exercise of a course."""
    for student, step in ((SOLVED, "source"), (UNTOUCHED, "release")):
        for folder in sorted((course / step).iterdir()):
            target = course / "submitted" / student / folder.name
            shutil.copytree(folder, target)


def _wrong(course, assignment):
    with Gradebook(course.db_url) as gradebook:
        for student in (SOLVED, UNTOUCHED):
            submission = gradebook.find_submission(assignment, student)
            for notebook in submission.notebooks:
                for given in notebook.grades:
                    score = given.auto_score
                    written = given.cell.cell_type == "markdown"
                    right = given.max_score if student == SOLVED else 0
                    if written and student == SOLVED:
                        right = None
                    if score != right:
                        yield (
                            f"{assignment}, {given.name}: the {student} "
                            f"notebook earns {score}, not {right}."
                        )


def _grade_ours(course, assignment):
    limits = sandbox.Limits()
    walls = sandbox.walls(trust=True)  # our own notebooks

    def open_run():
        return cli.open_run(limits, walls=walls)

    batch.Batch(course, assignment, limits, open_run).run()


def _grade_stock(course, assignment):
    noise = io.StringIO()
    with contextlib.redirect_stderr(noise):
        for student in (SOLVED, UNTOUCHED):
            result = course.api().autograde(assignment, student)
            if not result["success"]:
                raise RuntimeError(result["log"])
