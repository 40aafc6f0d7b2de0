"""Record: outputs and verdicts into the notebook that nbgrader keeps."""

import re

from nbgrader.utils import is_grade, is_solution

from autograder import referee, rule

#: Outputs of learners that a page may show: text and pixels, no markup.
_SAFE = ("text/plain", "image/png", "image/jpeg")
_MAX_TEXT = 20_000
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!!-- solution:)")


def transcribe(notebook, transcript, rulings):
    """Put outputs and verdicts into a rebuilt notebook.

    Args:
        notebook: The rebuilt notebook; changed in place.
        transcript: What the sandbox gave back.
        rulings: Outcomes by grade_id.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and is_solution(cell):
            # formgrader shows markdown with whatever HTML is in it.
            cell.source = _TAG.sub("&lt;", cell.source)
        if cell.cell_type != "code":
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in rulings:
            cell.outputs = referee.outputs(rulings[grade_id])
        elif cell.id in transcript.outputs:
            safe = map(_safe, transcript.outputs[cell.id])
            cell.outputs = [output for output in safe if output]
        elif is_grade(cell) and not is_solution(cell):
            cell.outputs = rule.not_run(f"Not run: {transcript.state}.")


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
