"""Challenge: a graded cell that answers instead of judging itself."""

import ast
import secrets
from typing import NamedTuple

from nbgrader.utils import is_grade, is_solution

from rnnlab.checks import CHECKS

#: Cells of the instructor with this tag are for the eye; grading skips them.
EXPLORE = "explore"


class Challenge(NamedTuple):
    """What one graded cell is asked.

    Attributes:
        cell: Id of the cell.
        check: Name of the check.
        target: Expression that gives the learner's object.
        nonce: Known to nobody before this run.
    """

    cell: str
    check: str
    target: str
    nonce: str

    def source(self):
        """Return the code that answers it."""
        return (
            "from rnnlab import checks\n"
            f"checks.CHECKS[{self.check!r}].answer("
            f"{self.target}, nonce={self.nonce!r})"
        )


def challenges(notebook):
    """Return the challenges of a notebook by grade_id.

    A graded cell becomes a challenge when all it does is call checks of the
    kit; any other one stays as it is and is judged by nbgrader's own rule.
    """
    asked = {}
    for cell in notebook.cells:
        if is_grade(cell) and not is_solution(cell):
            calls = _calls(cell.source) if cell.cell_type == "code" else {}
            if len(calls) == 1:
                [(check, target)] = calls.items()
                nonce = secrets.token_hex(16)
                challenge = Challenge(cell.id, check, target, nonce)
                asked[cell.metadata.nbgrader["grade_id"]] = challenge
    return asked


def _calls(source):
    """Return the checks that a cell calls, {} where it does anything else."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return {}
    calls = {}
    for node in body:
        match node:
            case ast.Expr(
                ast.Call(
                    ast.Attribute(ast.Name("checks"), name)
                    | ast.Attribute(
                        ast.Attribute(ast.Name("checks"), name), "hidden"
                    ),
                    [target],
                    [],
                )
            ) if name in CHECKS:
                calls[name] = ast.unparse(target)
            case _:
                return {}
    return calls
