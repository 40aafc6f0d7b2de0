"""Rule: points of a graded cell from its outputs, nbgrader's way mended.

Differs from ``nbgrader.utils.determine_grade`` on purpose:

- a partial score that is NaN, negative or no number of points earns nothing
  (nbgrader: full marks), one above the maximum earns the maximum (nbgrader:
  an error that leaves the submission ungraded);
- text on stderr costs nothing (nbgrader: zero);
- a cell that was not reached earns nothing (nbgrader: full marks).
"""

import math

from nbformat.v4 import new_output
from nbgrader.utils import compute_checksum, is_solution

#: Name of the error output of a graded cell that was not reached.
NOT_RUN = "NotRun"


def auto_score(cell):
    """Return the points of a graded cell, or None where a person decides.

    Args:
        cell: A graded cell with its outputs and nbgrader's metadata.

    Returns:
        float or None: from 0 to the cell's points.
    """
    points = float(cell.metadata.nbgrader["points"])
    if is_solution(cell):
        untouched = cell.metadata.nbgrader.get("checksum")
        return 0.0 if untouched == compute_checksum(cell) else None
    if cell.cell_type != "code":
        return None
    for output in cell.outputs:
        if output.output_type == "error":
            return 0.0
        if output.output_type == "execute_result":
            return _partial(output, points)
    return points


def not_run(reason):
    """Return the outputs of a graded cell that was not reached."""
    return [
        new_output("error", ename=NOT_RUN, evalue=reason, traceback=[reason])
    ]


def _partial(output, points):
    """Return the score that the last value of a cell stands for."""
    text = output.data.get("text/plain", "")
    text = "".join(text) if isinstance(text, list) else text
    try:
        score = float(text)
    except ValueError:
        # As nbgrader: a cell that ends in some other value tested something
        # and did not fail.
        return points
    if math.isnan(score) or score < 0:
        return 0.0
    return min(score, points)
