"""Record: verdicts into nbgrader's gradebook, by nbgrader's own steps."""

import contextlib
import warnings

from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy.exc import SAWarning

from autograder import referee

#: Outputs of learners that a page may show: text and pixels, no markup.
_SAFE = ("text/plain", "image/png", "image/jpeg")
_MAX_TEXT = 20_000


def transcribe(notebook, transcript, rulings):
    """Put outputs and verdicts into a rebuilt notebook.

    Args:
        notebook: The rebuilt notebook; changed in place.
        transcript: What the sandbox gave back.
        rulings: Rulings by grade_id.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in rulings:
            cell.outputs = referee.outputs(rulings[grade_id].outcome)
        else:
            cell.outputs = [
                safe
                for output in transcript.outputs.get(cell.id, [])
                if (safe := _safe(output))
            ]


def save(course, student, assignment, notebooks):
    """Write a submission's grades, penalties and comments.

    Args:
        course: The course.
        student: Id of the student.
        assignment: Name of the assignment.
        notebooks: Transcribed notebooks by name.
    """
    folder = course.folder("submitted", assignment, student)
    timestamp = course.directory.get_existing_timestamp(str(folder))
    with _gradebook(course) as gradebook:
        gradebook.update_or_create_student(student)
        known = {"timestamp": timestamp} if timestamp else {}
        gradebook.update_or_create_submission(assignment, student, **known)
    for name, notebook in notebooks.items():
        resources = {
            "nbgrader": {
                "student": student,
                "assignment": assignment,
                "notebook": name,
                "db_url": course.db_url,
            }
        }
        for step in (SaveAutoGrades, AssignLatePenalties):
            step(config=course.config).preprocess(notebook, resources)


def scores(course, student, assignment):
    """Return what the gradebook holds for a submission.

    Returns:
        tuple: score, largest possible score, late penalty, and a dict of
            (score, max_score, waits for a person, comment) by notebook and
            grade_id.
    """
    with _gradebook(course) as gradebook:
        submission = gradebook.find_submission(assignment, student)
        cells = {}
        penalty = 0.0
        for notebook in submission.notebooks:
            comments = {c.name: c.comment for c in notebook.comments}
            penalty += notebook.late_submission_penalty or 0.0
            for grade in notebook.grades:
                waits = bool(grade.needs_manual_grade)
                cells[notebook.name, grade.name] = (
                    None if waits else grade.score,
                    grade.max_score,
                    waits,
                    comments.get(grade.name) or "",
                )
        return submission.score, submission.max_score, penalty, cells


@contextlib.contextmanager
def _gradebook(course):
    """Open the gradebook without nbgrader's complaints about its own rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        with Gradebook(course.db_url) as gradebook:
            yield gradebook


def _safe(output):
    """Return an output without anything a page would execute, or None."""
    if output["output_type"] in {"stream", "error"}:
        if "text" in output:
            output["text"] = str(output["text"])[:_MAX_TEXT]
        return output
    data = {kind: v for kind, v in output["data"].items() if kind in _SAFE}
    if not data:
        return None
    output["data"], output["metadata"] = data, {}
    return output
