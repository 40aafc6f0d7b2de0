"""Sheet: what a graded notebook comes to, as plain data without scores.

The scores are the gradebook's; the sheet is what the journal keeps and what
a feedback page is made from.
"""

import re
from types import MappingProxyType

from nbgrader.utils import is_grade, is_task

from autograder import delegation
from rnnlab.checks import CHECKS

_HEADING = re.compile(r"^#{1,3}\s+(.*)$", re.MULTILINE)


def make(notebook, rulings, notes=(), outcome="graded", reason=""):
    """Return the sheet of a notebook.

    Args:
        notebook: The transcribed notebook.
        rulings: Outcomes by grade_id.
        notes: Sentences about what had to be mended.
        outcome: What became of the notebook as a whole.
        reason: Why, where it was not simply graded.

    Returns:
        dict: plain data.
    """
    notes = list(notes)
    tasks = [
        _task(notebook, cell.metadata.nbgrader["grade_id"], rulings)
        for cell in notebook.cells
        if is_grade(cell) or is_task(cell)
    ]
    for task in tasks:
        ruling = rulings.get(task["grade_id"])
        if ruling:
            check = CHECKS[ruling.check]
            names = delegation.find(notebook, check)
            if names:
                notes.append(delegation.note(check, names))
                task["mistake"] = task["mistake"] or delegation.MISTAKE
    return {
        "outcome": outcome,
        "reason": reason,
        "notes": notes,
        "tasks": tasks,
    }


def scored(sheet, standing, student, name, rubrics=MappingProxyType({})):
    """Return the tasks of a sheet with what the gradebook holds of them.

    Args:
        sheet: Sheet of a notebook.
        standing: The ledger's ``Standing``.
        student: Id of the student.
        name: Name of the notebook.
        rubrics: Rubrics by notebook and grade_id; a task gets its own once a
            person has graded it.
    """
    tasks = []
    for task in sheet["tasks"]:
        place = student, name, task["grade_id"]
        score, points, comment = standing.grades[place]
        rubric = rubrics.get(place[1:], []) if place in standing.read else []
        verdict = task["verdict"]
        if not verdict:
            verdict = "waits for a person" if score is None else "graded"
        tasks.append(
            {
                **task,
                "score": score,
                "max_score": points,
                "comment": comment,
                "rubric": rubric,
                "verdict": verdict,
            }
        )
    return tasks


def public(task):
    """Return the fields of a scored task that ``--json`` has."""
    names = ("grade_id", "score", "max_score", "verdict", "mistake")
    return {name: task[name] for name in names}


def _task(notebook, grade_id, rulings):
    """Return what is known of a task; empty texts where nothing is."""
    task = {
        "grade_id": grade_id,
        "title": _title(notebook, grade_id),
        **dict.fromkeys(
            ("verdict", "mistake", "message", "hint", "equation", "link"), ""
        ),
    }
    outcome = rulings.get(grade_id)
    if outcome:
        check = CHECKS[outcome.check]
        task |= {
            "verdict": outcome.verdict.value,
            "mistake": outcome.mistake,
            "message": outcome.message,
            "hint": "" if outcome.passed else check.hints[0],
            "equation": check.equation,
            "link": _link(notebook, check.equation),
        }
    return task


def _title(notebook, grade_id):
    """Return the instructor's heading that a graded cell stands under."""
    title = grade_id
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not nbgrader.get("solution"):
            headings = _HEADING.findall(cell.source)
            title = _plain(headings[-1]) if headings else title
        if nbgrader.get("grade_id") == grade_id:
            return title
    return grade_id


def _plain(heading):
    """Return a heading without markup and without "(6 points, ...)"."""
    return re.sub(r"\s*\([^()]*points?[^()]*\)$", "", heading.replace("`", ""))


def _link(notebook, equation):
    """Return the instructor's link to an equation, or ""."""
    pattern = re.compile(
        rf"\((https://[^\s()]+#equation-{re.escape(equation)})\)"
    )
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not nbgrader.get("solution"):
            found = pattern.search(cell.source)
            if found:
                return found[1]
    return ""
