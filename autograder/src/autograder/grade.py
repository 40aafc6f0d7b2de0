"""Grade: rebuild, challenge, judge and record, one submission after another.

submitted/ --read--> rebuild --challenge--> sandbox --transcript-->
referee --verdicts--> gradebook.db, autograded/, feedback/
"""

import hashlib
import json
import logging
import shutil
import time
from dataclasses import dataclass, field

import nbformat

from autograder import (
    challenge,
    feedback,
    master,
    rebuild,
    record,
    referee,
    sandbox,
    submission,
)
from autograder.errors import UsageError
from rnnlab.checks import message
from rnnlab.checks.outcome import Outcome, Verdict

GRADED = "graded"
REJECTED = "rejected"
FAILED = "grader failed"
SAMPLE = "sample-class.json"

log = logging.getLogger(__name__)


@dataclass
class Result:
    """What became of a submission; the unit of ``--json``.

    Units:
        seconds: wall time.
    """

    student: str
    assignment: str
    outcome: str = GRADED
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    tasks: list = field(default_factory=list)


def grade(course, assignment, limits, *, trust=False, report=lambda _: None):
    """Grade every submission of an assignment.

    Args:
        course: The course.
        assignment: Name of the assignment.
        limits: What a submission may use.
        trust: Whether to run submissions that are not the bundled sample's.
        report: Called with each Result as it is there.

    Returns:
        list[Result]: sorted by student; nothing stops the batch.

    Raises:
        UsageError: there is nothing to grade, or nobody trusts it.
    """
    masters = master.masters(course, assignment)
    students = course.students(assignment)
    if not trust:
        _only_the_sample(course, assignment, students)
    results = []
    for student in students:
        begin = time.monotonic()
        try:
            result = _grade_one(course, assignment, student, masters, limits)
        except Exception as error:
            log.exception("%s could not be graded", student)
            result = Result(student, assignment, FAILED, repr(error)[:200])
        result.seconds = time.monotonic() - begin
        results.append(result)
        report(result)
    return results


def _grade_one(course, assignment, student, masters, limits):
    folder = course.folder("submitted", assignment, student)
    done, reasons, outcome = {}, [], GRADED
    for name, stub in masters.items():
        piece = grade_notebook(stub, folder / f"{name}.ipynb", limits)
        done[name] = piece
        if piece.reason:
            reasons.append(piece.reason)
            outcome = piece.outcome
    target = course.folder("autograded", assignment, student)
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for name, piece in done.items():
        nbformat.write(piece.notebook, target / f"{name}.ipynb")
    record.save(
        course, student, assignment, {n: p.notebook for n, p in done.items()}
    )
    kept = record.scores(course, student, assignment)
    result = Result(student, assignment, outcome, " ".join(reasons), *kept[:2])
    for name, piece in done.items():
        tasks = _tasks(name, piece, kept[3])
        result.tasks.extend(tasks)
        page = course.folder("feedback", assignment, student)
        page.mkdir(parents=True, exist_ok=True)
        text = feedback.page(student, assignment, piece, tasks, kept[2])
        (page / f"{name}.html").write_text(text, "utf-8")
    return result


@dataclass
class Piece:
    """One notebook of a submission, graded but not yet recorded."""

    notebook: object
    rulings: dict
    notes: tuple
    outcome: str = GRADED
    reason: str = ""


def grade_notebook(stub, path, limits):
    """Rebuild, run and judge one notebook.

    Args:
        stub: The instructor's notebook.
        path: The submitted file.
        limits: What it may use.

    Returns:
        Piece: the transcribed notebook and its rulings.
    """
    try:
        cells = submission.read(path)
    except submission.RejectedError as error:
        return _reject(stub, str(error))
    built = rebuild.rebuild(stub, cells)
    asked = challenge.challenges(built.notebook)
    transcript = sandbox.run(_to_run(built.notebook, asked), limits)
    rulings = referee.judge(asked, transcript)
    record.transcribe(built.notebook, transcript, rulings)
    piece = Piece(built.notebook, rulings, built.notes)
    if transcript.state != sandbox.FINISHED:
        piece.outcome = transcript.state
        piece.reason = f"The run ended early: {transcript.state}."
    return piece


def _to_run(notebook, asked):
    """Return the cells to run, graded ones as challenges."""
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or challenge.EXPLORE in tags:
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in asked:
            cells.append(sandbox.Cell(grade_id, asked[grade_id].source()))
        else:
            cells.append(sandbox.Cell(cell.id, cell.source))
    return cells


def _reject(stub, reason):
    """Return a piece in which nothing was attempted, for a reason."""
    built = rebuild.rebuild(stub, [])
    rulings = {}
    for grade_id, asked in challenge.challenges(built.notebook).items():
        text = message.compose(f"REJECTED  {asked.check}", [reason])
        outcome = Outcome(asked.check, Verdict.CANNOT_CHECK, text)
        rulings[grade_id] = referee.Ruling(grade_id, outcome)
    transcript = sandbox.Transcript(sandbox.FINISHED)
    record.transcribe(built.notebook, transcript, rulings)
    return Piece(built.notebook, rulings, (), REJECTED, reason)


def _tasks(name, piece, cells):
    """Return the tasks of a notebook as plain data."""
    tasks = []
    for cell in piece.notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if (name, grade_id) not in cells:
            continue
        score, max_score, waits, comment = cells[name, grade_id]
        ruling = piece.rulings.get(grade_id)
        if ruling:
            verdict = ruling.outcome.verdict.value
        else:
            verdict = "waits for a person" if waits else "by nbgrader's rule"
        tasks.append(
            {
                "grade_id": grade_id,
                "score": score,
                "max_score": max_score,
                "verdict": verdict,
                "mistake": ruling.outcome.mistake if ruling else "",
                "comment": comment,
            }
        )
    return tasks


def _only_the_sample(course, assignment, students):
    """Refuse submissions that are not the bundled ones, byte for byte."""
    file = course.path / SAMPLE
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    for student in students:
        folder = course.folder("submitted", assignment, student)
        for path in sorted(folder.glob("*.ipynb")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if known.get(f"{student}/{assignment}/{path.name}") != digest:
                raise UsageError(
                    f"{path} is not of the bundled sample class, and this "
                    "version runs submissions without a sandbox: they could "
                    "read and change your files. If you trust everyone who "
                    "handed in, add --trust-submissions."
                )
