"""Referee: verdicts from a transcript, in the process that is trusted."""

from nbformat.v4 import new_output

from autograder import sandbox
from rnnlab.checks import CHECKS, message, wire
from rnnlab.checks.outcome import Outcome, Verdict

_REASONS = {
    sandbox.OUT_OF_MEMORY: "The notebook filled the memory that it may use "
    "before this cell answered.",
    sandbox.TIMED_OUT: "The notebook used up its time before this cell.",
    sandbox.DIED: "The process that ran the notebook died before this cell "
    "answered. Code that exits, or fills the memory, does that.",
}


def judge(challenges, transcript):
    """Judge every challenge by its answer.

    Args:
        challenges: Challenges by grade_id.
        transcript: What the sandbox gave back.

    Returns:
        dict[str, Outcome]: by grade_id; no valid answer is never full marks.
    """
    return {
        grade_id: _ruling(
            challenge, transcript.outputs.get(challenge.cell), transcript
        )
        for grade_id, challenge in challenges.items()
    }


def outputs(outcome):
    """Return the cell outputs that tell nbgrader and a reader the verdict."""
    if outcome.passed:
        text = outcome.message + "\n"
        return [new_output("stream", name="stdout", text=text)]
    lines = outcome.message.splitlines()
    return [
        new_output(
            "error", ename=outcome.verdict.name, evalue="", traceback=lines
        )
    ]


def _ruling(challenge, outputs_, transcript):
    check = CHECKS[challenge.check]
    if outputs_ is None:
        reason = _REASONS[transcript.state]
        return _no_answer(check, reason, Verdict.CANNOT_CHECK)
    answers = [
        output["data"][wire.MIME]
        for output in outputs_
        if output["output_type"] == "display_data"
        and wire.MIME in output["data"]
    ]
    if not answers:
        return _silent(check, outputs_)
    try:
        return check.judge_answer(answers[-1], challenge.nonce)
    except wire.BadAnswerError as error:
        return _no_answer(check, f"The answer could not be read: {error}.")


def _silent(check, outputs_):
    """Rule on a cell that ran and did not answer."""
    errors = [o for o in outputs_ if o["output_type"] == "error"]
    if not errors:
        return _no_answer(check, "The cell ran but gave no answer.")
    kind, text = (
        "".join(c for c in str(errors[-1].get(key, "")) if c.isprintable())
        for key in ("ename", "evalue")
    )
    if kind == "TimeLimit":
        return _no_answer(
            check,
            f"Checking {check.name} took longer than a cell may. Does a loop "
            "in it never end?",
        )
    if kind == "NameError":
        return _no_answer(
            check,
            f"{text[:200]}. Is the cell that defines it there, and does it "
            "run without an error?",
        )
    return _no_answer(check, f"The cell failed with {kind}: {text}"[:240])


def _no_answer(check, reason, verdict=Verdict.RAISED):
    text = message.compose(f"NO ANSWER  {check.name}", [reason])
    return Outcome(check.name, verdict, text)
