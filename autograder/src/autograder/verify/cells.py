"""What the exercises owe: fresh bytes, and nothing missing in a cell."""

import re
import tempfile
from pathlib import Path

from nbgrader.utils import is_grade, is_solution

from autograder import challenge, release
from rnnlab.checks import CHECKS

_LEAST_HINTS = 2


def current(repository):
    """Yield exercises that differ from a fresh generation."""
    committed = {
        path.relative_to(repository): path.read_bytes()
        for room, pattern in (
            ("autograder", "*.ipynb"),
            ("exercises", "**/*.ipynb"),
        )
        for path in sorted((repository / room).glob(pattern))
    }
    with tempfile.TemporaryDirectory() as place:
        made = release.generate(repository, Path(place) / "course")
    for name, content in made.items():
        if committed.pop(name, None) != content:
            yield f"{name} is not what its source gives. Run make exercises."
    for name in committed:
        yield f"{name} has no source. Remove it, or write its solution."


def complete(repository):
    """Yield graded cells that lack what a learner needs."""
    settings = release.read_settings(repository)
    leave_out = release.left_out(repository)
    seen = set()
    for path in release.notebooks(repository, leave_out):
        notebook = release.instructor_notebook(path, settings)
        text = "\n".join(cell.source for cell in notebook.cells)
        asked = challenge.challenges(notebook)
        for cell in notebook.cells:
            if is_grade(cell) and not is_solution(cell):
                grade_id = cell.metadata.nbgrader["grade_id"]
                seen.add(grade_id)
                for lack in _lacks(cell, grade_id, asked, text):
                    yield f"{path.name}, {grade_id}: {lack}"
    for name, check in CHECKS.items():
        if name not in seen and check.chapter not in leave_out:
            yield f"The check {name} is in no exercise; add a graded cell."


def _lacks(cell, grade_id, asked, text):
    source = cell.source
    if not cell.metadata.nbgrader.get("points"):
        yield "no points. Give the cell some in its metadata."
    if grade_id not in asked or asked[grade_id].check != grade_id:
        yield "its grade_id is not the name of the one check it calls."
        return
    if f"# grade: {grade_id}" not in source:
        yield f"no marker line. Begin the cell with `# grade: {grade_id}`."
    if f"checks.{grade_id}.hidden(" not in source:
        yield "no hidden check between the hidden test markers."
    if not re.search(rf"^# solution: {grade_id}$", text, re.MULTILINE):
        yield f"no cell begins with `# solution: {grade_id}`."
    check = CHECKS[grade_id]
    if len(check.hints) < _LEAST_HINTS:
        yield "fewer than two hints."
    if f"{check.chapter}.html#equation-{check.equation}" not in text:
        yield f"no link to {check.equation} in chapter {check.chapter}."
