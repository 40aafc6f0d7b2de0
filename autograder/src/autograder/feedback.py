"""Feedback pages: made from verdicts, everything escaped, nothing executed."""

import base64
import hashlib
import re
from importlib import resources

import jinja2

from rnnlab.checks import CHECKS

_HEADING = re.compile(r"^#{1,3}\s+(.*)$", re.MULTILINE)


def page(student, assignment, piece, tasks, penalty=0.0):
    """Return the feedback on one notebook as a page.

    Args:
        student: Id of the student.
        assignment: Name of the assignment.
        piece: The graded notebook.
        tasks: Its tasks, as in the grader's report.
        penalty: Points taken for being late.

    Returns:
        str: HTML without script, with a policy that forbids any.
    """
    here = resources.files(__package__)
    style = (here / "feedback.css").read_text("utf-8")
    digest = hashlib.sha256(style.encode()).digest()
    template = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).from_string((here / "feedback.html.jinja").read_text("utf-8"))
    return template.render(
        student=student,
        assignment=assignment,
        piece=piece,
        tasks=[_row(task, piece) for task in tasks],
        score=sum(task["score"] or 0.0 for task in tasks) - penalty,
        max_score=sum(task["max_score"] for task in tasks),
        penalty=penalty,
        waiting=any(task["score"] is None for task in tasks),
        style=style,
        style_hash=base64.b64encode(digest).decode(),
    )


def _row(task, piece):
    """Return what the page shows of a task."""
    ruling = piece.rulings.get(task["grade_id"])
    row = {**task, "title": _title(piece.notebook, task["grade_id"])}
    row["message"] = ruling.outcome.message if ruling else ""
    row["passed"] = bool(ruling and ruling.outcome.passed)
    check = CHECKS.get(ruling.outcome.check) if ruling else None
    row["hint"] = check.hints[0] if check and not row["passed"] else ""
    row["equation"] = check.equation if check else ""
    row["link"] = _link(piece.notebook, row["equation"])
    return row


def _title(notebook, grade_id):
    """Return the heading that a graded cell stands under."""
    title = grade_id
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        locked = nbgrader.get("locked") or not nbgrader
        if cell.cell_type == "markdown" and locked:
            headings = _HEADING.findall(cell.source)
            title = headings[-1].replace("`", "") if headings else title
        if nbgrader.get("grade_id") == grade_id:
            return title
    return grade_id


def _link(notebook, equation):
    """Return the instructor's link to an equation, or ""."""
    pattern = re.compile(
        r"\((https://[^\s()]+#equation-" + re.escape(equation) + r")\)"
    )
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not nbgrader.get("solution"):
            found = pattern.search(cell.source)
            if equation and found:
                return found[1]
    return ""
