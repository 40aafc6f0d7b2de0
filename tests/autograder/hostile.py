"""What is handed in by who means harm: the registry, and tools for cases.

A case is a function of the solved notebook. It changes that, or returns the
text or bytes of the file, or a function that puts something else in the
file's place. Beside it stands what must come of it.
"""

from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

PASSED, NOT_YET, RAISED = "passed", "not yet", "raised"
NOT_ATTEMPTED, CANNOT_CHECK = "not attempted", "cannot check"

#: A wrong answer that does no other harm.
WRONG = "def lstm_step(x, prev_state, *parameters):\n    return prev_state\n"
#: Cases by name.
CASES = {}


@dataclass(frozen=True)
class Case:
    """A hostile or broken submission and what must come of it.

    Attributes:
        hand_in: Function of the solved notebook.
        step: Verdict on lstm_step; a tuple where chance decides.
        gate: Verdict on open_forget_gate.
        outcome: What becomes of the submission as a whole.
        proof: Text that its output must hold: the attack did take place.
        mistake: Id of the mistake that lstm_step is found to be.

    Units:
        seconds: wall time that it may take.
    """

    hand_in: Any
    step: Any
    gate: Any = PASSED
    outcome: Any = "graded"
    seconds: float = 6.0
    proof: str = ""
    mistake: str = ""


def hostile(step, gate=PASSED, **expected):
    """Return a decorator that registers a case.

    Args:
        step: Verdict on lstm_step.
        gate: Verdict on open_forget_gate.
        **expected: Other fields of Case.
    """

    def register(function):
        name = function.__name__.replace("_", "-")
        if name in CASES:
            raise ValueError(f"two cases are called {name}")
        CASES[name] = Case(function, step, gate, **expected)
        return function

    return register


def grade_id(cell):
    """Return a cell's grade_id or ""."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def find(notebook, name="lstm_step-solution"):
    """Return the cell with a grade_id."""
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def write(notebook, *sources, task="lstm_step"):
    """Write a solution into its cell, below the marker line."""
    source = "\n".join(sources)
    find(notebook, f"{task}-solution").source = f"# solution: {task}\n{source}"


def prepend(notebook, source):
    """Run code in the cell of the first task, whose solution stays right."""
    write(notebook, source, find(notebook).source)


def add(notebook, source, where=0):
    """Add a cell of the learner's own."""
    notebook.cells.insert(where, new_code_cell(source))


def text(notebook):
    """Return a notebook as the text of a file."""
    return nbformat.writes(notebook)


def place(case, notebook, path):
    """Put what a case hands in where a submission lies.

    Args:
        case: The case.
        notebook: The solved notebook; may be changed.
        path: Path of the file.
    """
    made = case.hand_in(notebook)
    if callable(made):
        made(path)
    elif isinstance(made, bytes):
        path.write_bytes(made)
    else:
        path.write_text(text(notebook) if made is None else made, "utf-8")
