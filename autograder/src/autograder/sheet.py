"""Sheet: what a graded notebook comes to, as plain data without scores.

The scores are the gradebook's; the sheet is what the journal keeps and what
a feedback page is made from.
"""

import re

from nbgrader.utils import is_grade, is_task

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
    return {
        "outcome": outcome,
        "reason": reason,
        "notes": list(notes),
        "tasks": [
            _task(notebook, cell.metadata.nbgrader["grade_id"], rulings)
            for cell in notebook.cells
            if is_grade(cell) or is_task(cell)
        ],
    }


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
