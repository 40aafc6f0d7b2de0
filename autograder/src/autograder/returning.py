"""Returning: feedback pages go back the way the submissions came.

    journal, gradebook --> feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html
    submitted/         --> timestamp.txt, submission_secret.txt beside it

``nbgrader release_feedback`` puts each page into the exchange under a name
made from the secret, which the student's own server knows too.
"""

import re
from pathlib import Path

from autograder import extras, feedback, rubric
from autograder.course import Course
from autograder.ledger import Ledger
from autograder.sheet import scored
from autograder.submission import TIME

_SECRET = "submission_secret.txt"  # noqa: S105 - the name of a file
#: What nbgrader draws: 64 bytes in hexadecimal.
_DRAWN = re.compile(r"[0-9a-f]{128}")


def write(course, assignment, student, entry, standing, rubrics):
    """Write a student's pages where they changed.

    Args:
        course: The course.
        assignment: Name of the assignment.
        student: Id of the student.
        entry: Sheets by name of the notebook, as the journal has them.
        standing: What the gradebook holds, as ``Ledger.standing`` has it.
        rubrics: As ``rubric.rubrics`` has them.

    Returns:
        dict: the scored tasks by name of the notebook.
    """
    folder = course.folder("feedback", assignment, student)
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, sheet in entry.items():
        tasks = scored(sheet, standing, student, name, rubrics)
        taken = standing.penalties[student, name]
        page = feedback.Page(student, assignment, sheet, tasks, taken)
        path = folder / f"{name}.html"
        if not page.is_at(path):
            extras.replace(path, page.html())
        found[name] = tasks
    _address(folder, course.folder("submitted", assignment, student))
    return found


def instead(*, notebooks, **_):
    """Put our pages in the place of those that nbgrader just made.

    Meant for ``c.GenerateFeedback.post_convert_hook``: then formgrader's
    button makes the pages of this grader, with the points given by hand.
    nbgrader's own show the hidden tests, so they do not stay in any case.

    Args:
        notebooks: Paths ``autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb``.
    """
    for path in map(Path, notebooks):
        student, assignment = path.parts[-3:-1]
        course = Course(path.parents[3])
        folder = course.folder("feedback", assignment, student)
        (folder / f"{path.stem}.html").unlink(missing_ok=True)
        with Ledger(course, assignment) as ledger:
            _, entry = ledger.journal().get(student, ("", {}))
            standing = ledger.standing(student)
        rubrics = rubric.rubrics(course, assignment)
        write(course, assignment, student, entry, standing, rubrics)


def _address(folder, submitted):
    """Lay beside the pages what ``nbgrader release_feedback`` asks for.

    Only whoever handed in through an exchange has a secret.
    """
    text = (extras.read(submitted / _SECRET, 200) or b"").decode("latin-1")
    if _DRAWN.fullmatch(text):
        time = extras.read(submitted / TIME, 100) or b""
        extras.replace(folder / TIME, time)
        extras.replace(folder / _SECRET, text)
