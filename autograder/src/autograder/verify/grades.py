"""What the grades owe: everything for a solution, nothing for a stub.

The course is made once; each grader gets copies of it. Ours grades one
assignment after the other in one warm process, stock nbgrader several at a
time, each with a gradebook of its own.
"""

import atexit
import concurrent.futures
import contextlib
import functools
import io
import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path

from autograder import batch, cli, release, sandbox
from autograder.course import Course
from autograder.verify import leaks

SOLVED, UNTOUCHED = "solved", "untouched"


def ours(repository):
    """Yield notebooks that our grader does not score as it must.

    Also feedback on untouched notebooks that tells a solution.
    """
    course = Course(_copy(repository, "ours"))
    limits = sandbox.Limits()
    walls = sandbox.walls(trust=True)  # our own notebooks
    with cli.open_run(limits, walls=walls) as run:
        for name in _assignments(course.path):
            work = batch.Batch(
                course, name, limits, lambda: contextlib.nullcontext(run)
            )
            work.run()
            yield from _wrong(course, name)
    pages = (course.path / "feedback" / UNTOUCHED).rglob("*.html")
    yield from leaks.told(repository, sorted(pages))


def stock(repository):
    """Yield notebooks that stock nbgrader does not score as it must."""
    names = _assignments(_course(repository))
    places = [_copy(repository, f"stock-{name}") for name in names]
    # A process each, as nbgrader changes the working directory.
    with concurrent.futures.ProcessPoolExecutor(
        os.cpu_count(), multiprocessing.get_context("spawn")
    ) as pool:
        for log in pool.map(_grade_stock, places, names):
            if log:
                raise RuntimeError(log)
    for place, name in zip(places, names, strict=True):
        yield from _wrong(Course(place), name)


@functools.cache
def _course(repository):
    """Return a course in which everything is handed in, made once."""
    place = Path(tempfile.mkdtemp(prefix="verify-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    course = place / "course"
    release.generate(repository, course)
    hand_in(course)
    return course


def _copy(repository, name):
    """Return a fresh copy of that course."""
    course = _course(repository)
    place = course.parent / name
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(course, place)


def _assignments(course):
    return sorted(folder.name for folder in (course / "source").iterdir())


def hand_in(course):
    """Hand in every solution and every untouched exercise of a course."""
    for student, step in ((SOLVED, "source"), (UNTOUCHED, "release")):
        for folder in sorted((course / step).iterdir()):
            target = course / "submitted" / student / folder.name
            shutil.copytree(folder, target)


def _wrong(course, assignment):
    with course.gradebook() as gradebook:
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


def _grade_stock(place, assignment):
    """Grade a copy of the course; return the log of what went wrong."""
    course = Course(place)
    # A busy machine is no wrong score.
    course.config.Execute.timeout = 300
    course.config.Execute.iopub_timeout = 300
    with contextlib.redirect_stderr(io.StringIO()):
        for student in (SOLVED, UNTOUCHED):
            result = course.api().autograde(assignment, student)
            if not result["success"]:
                return result["log"] or "nbgrader failed without a word"
    return ""
