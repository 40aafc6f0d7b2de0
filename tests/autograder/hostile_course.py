"""The course that hostile notebooks are handed in to: two tasks of ours."""

import shutil
from pathlib import Path

import hostile
import nbformat

from autograder import release
from autograder.course import Course

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT, FILE = "04-lstm", "lstm.ipynb"
TASKS = ("lstm_step", "open_forget_gate")
_KEPT = {
    *TASKS,
    *(f"{task}-solution" for task in TASKS),
    "written-forget-gate",
}


def make(path, secret):
    """Make the course, with a secret wherever a learner must not look.

    Args:
        path: Folder to make.
        secret: Text to plant.

    Returns:
        Course: fit to be graded.
    """
    path.mkdir()
    config = release._CONFIG.format(root=str(path))
    (path / "nbgrader_config.py").write_text(f"{config}# {secret}\n")
    for place in (path.parent, path, path / "source"):
        place.mkdir(exist_ok=True)
        (place / "secret").write_text(secret)
    notebook = release.instructor_notebook(
        ROOT / "solutions" / ASSIGNMENT / "lstm.md",
        release.read_settings(ROOT),
    )
    notebook.cells = [cell for cell in notebook.cells if _wanted(cell)]
    for cell in notebook.cells:
        for begin in ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS"):
            indent = "    " if "SOLUTION" in begin else ""
            cell.source = cell.source.replace(
                begin, f"{begin}\n{indent}# {secret}"
            )
    source = path / "source" / ASSIGNMENT
    source.mkdir()
    nbformat.write(notebook, source / FILE)
    course = Course(path)
    release._generate(course, ASSIGNMENT)
    return course


def PLANTED(course):  # noqa: N802 - reads as the constant that it is
    """Return the files that must hold the secret."""
    return [
        course.path.parent / "secret",
        course.path / "nbgrader_config.py",
        course.folder("source", ASSIGNMENT) / FILE,
    ]


def hand_in(course, student, change, case=None):
    """Hand in the solved notebook, changed.

    Args:
        course: The course.
        student: Id of the student.
        change: Function of the notebook; its result is not used.
        case: Case to make the file of.
    """
    path = course.folder("source", ASSIGNMENT) / FILE
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = "\n".join(
            line
            for line in cell.source.splitlines()
            if "# planted-" not in line
        )
    folder = course.folder("submitted", ASSIGNMENT, student)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    change(notebook)
    if case:
        hostile.place(case, notebook, folder / FILE)
    else:
        nbformat.write(notebook, folder / FILE)


def _wanted(cell):
    """Return whether a cell is of the two tasks or of the setup."""
    name = hostile.grade_id(cell)
    tags = cell.metadata.get("tags", [])
    if cell.cell_type == "code" and not name:
        return "explore" not in tags
    return name in _KEPT
