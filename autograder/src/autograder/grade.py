"""Grade one notebook: read, rebuild, challenge, run, judge, transcribe.

Touches no gradebook and raises for nothing that a submission does.
"""

from typing import NamedTuple

from autograder import (
    challenge,
    rebuild,
    record,
    referee,
    sandbox,
    sheet,
    submission,
)
from rnnlab.checks import message
from rnnlab.checks.outcome import Outcome, Verdict

REJECTED = "rejected"


class Piece(NamedTuple):
    """One graded notebook.

    Attributes:
        notebook: The rebuilt notebook with outputs and verdicts.
        sheet: What it came to, as plain data.
    """

    notebook: object
    sheet: dict


def grade_notebook(stub, path, run):
    """Grade one notebook of a submission.

    Args:
        stub: The instructor's notebook with stubs for solutions.
        path: The submitted file.
        run: Function that runs cells and returns a Transcript.

    Returns:
        Piece: fit to record.
    """
    try:
        cells = submission.read(path)
    except submission.RejectedError as error:
        return _reject(stub, str(error))
    built = rebuild.rebuild(stub, cells)
    asked = challenge.challenges(built.notebook)
    transcript = run(_to_run(built.notebook, asked))
    rulings = referee.judge(asked, transcript)
    record.transcribe(built.notebook, transcript, rulings)
    outcome, reason = "graded", ""
    if transcript.state != sandbox.FINISHED:
        outcome = transcript.state
        reason = f"The run ended early: {transcript.state}."
    made = sheet.make(built.notebook, rulings, built.notes, outcome, reason)
    return Piece(built.notebook, made)


def _to_run(notebook, asked):
    """Return the cells to run, graded ones as challenges."""
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or challenge.EXPLORE in tags:
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in asked:
            cells.append(sandbox.Cell(cell.id, asked[grade_id].source()))
        else:
            cells.append(sandbox.Cell(cell.id, cell.source))
    return cells


def _reject(stub, reason):
    """Return a piece in which nothing was attempted, for a reason."""
    built = rebuild.rebuild(stub, [])
    rulings = {}
    for grade_id, asked in challenge.challenges(built.notebook).items():
        text = message.compose(f"REJECTED  {asked.check}", [reason])
        rulings[grade_id] = Outcome(asked.check, Verdict.CANNOT_CHECK, text)
    transcript = sandbox.Transcript(sandbox.FINISHED)
    record.transcribe(built.notebook, transcript, rulings)
    made = sheet.make(built.notebook, rulings, (), REJECTED, reason)
    return Piece(built.notebook, made)
