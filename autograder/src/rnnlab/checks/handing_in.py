"""Handing in: where a learner stands, and how the file gets out of here.

The last cell of an exercise calls :func:`hand_in`. It reads what the visible
checks said and, where the kernel can see it, the saved notebook. It decides
nothing: grading takes neither its word nor the checks'.
"""

import json
import os
import sys
from pathlib import Path

from rnnlab.checks import message, seen
from rnnlab.checks.outcome import Verdict

PASSED, NOT_YET = "passed", "not yet"
NOT_ATTEMPTED, NOT_RUN = "not attempted", "not run"
WRITTEN, EMPTY, UNSEEN = "written", "empty", "unseen"

_WORDS = {
    None: NOT_RUN,
    Verdict.PASSED: PASSED,
    Verdict.NOT_ATTEMPTED: NOT_ATTEMPTED,
}
_NEXT = {
    PASSED: "",
    NOT_YET: "its check says what differs",
    NOT_ATTEMPTED: "nothing is written there",
    NOT_RUN: "run the cell with its check",
    WRITTEN: "",
    EMPTY: "write it, save, run this again",
    UNSEEN: "is your text there, and saved?",
}
#: What nbgrader puts where an answer is to be written.
_STUB = "YOUR ANSWER HERE"
_MAX_BYTES = 50_000_000

_SAVE = "Save: Ctrl+S, on a Mac Cmd+S."
_UPLOAD = "Upload it where your class hands in. Its name must be {file}."
_STEPS = {
    "Colab": (
        "Choose File, Download, Download .ipynb.",
        _UPLOAD,
        "To keep your work here too, choose File, Save a copy in Drive.",
    ),
    "VS Code": (
        _SAVE,
        "Right-click the notebook's tab and reveal the file in its folder.",
        _UPLOAD,
    ),
    "a hub": (
        _SAVE,
        "If your class hands in on this hub, open the Assignment List (in "
        "JupyterLab it is in the menu Nbgrader) and press Submit.",
        "If not, choose File, Download, and upload the file where your class "
        "hands in. Its name must be {file}.",
    ),
    "Jupyter": (_SAVE, "Choose File, Download.", _UPLOAD),
}


def hand_in(file, tasks, written=()):
    """Print where each task stands, and how to hand in from here.

    It costs and earns no points, and a task that does not pass is no reason
    not to hand in.

    Args:
        file: Name that the notebook was given out under.
        tasks: Names of the tasks with a check.
        written: Names of the written answers.
    """
    states = {name: _WORDS.get(seen.last(name), NOT_YET) for name in tasks}
    states |= _answers(file, written)
    place = _place()
    lines = [f"YOUR TASKS  {file}", "", *_table(states), ""]
    lines += message.wrap(_sense(states, tasks))
    lines += ["", f"TO HAND IN FROM {place.upper()}", ""]
    for number, step in enumerate(_STEPS[place], start=1):
        first, *more = message.wrap(step.format(file=file), message.WIDTH - 5)
        lines.append(f"  {number}. {first}")
        lines += [f"     {line}" for line in more]
    print("\n".join(lines))


def _table(states):
    """Return a line for each task: its name, its state, what to do."""
    wide = max(map(len, states), default=0)
    word = max(map(len, states.values()), default=0)
    return [
        f"  {name:<{wide}}  {state:<{word}}  {_NEXT[state]}".rstrip()
        for name, state in states.items()
    ]


def _sense(states, tasks):
    """Return what the table means as a whole."""
    text = "This table counts for nothing: grading runs your work again. "
    if set(states.values()) <= {PASSED, WRITTEN}:
        return "Everything is there. " + text
    if all(states[name] == NOT_RUN for name in tasks):
        return text + "To fill it, run the notebook from its first cell."
    return text + "You can hand in as it is; each task counts for itself."


def _answers(file, written):
    """Return the states of the written answers in the saved notebook."""
    cells = _saved_cells(file)
    return {name: _answer(cells, name) for name in written}


def _answer(cells, name):
    if cells is None:
        return UNSEEN
    marker = f"<!-- solution: {name} -->"
    for source in cells:
        if marker in source:
            text = source.replace(marker, "").replace(_STUB, "")
            return WRITTEN if text.strip() else EMPTY
    return UNSEEN


def _saved_cells(file):
    """Return the sources of the saved notebook's cells, or None."""
    try:
        path = Path(_user_names().get("__vsc_ipynb_file__", file))
        if path.stat().st_size > _MAX_BYTES:
            return None
        notebook = json.loads(path.read_bytes())
        return ["".join(cell["source"]) for cell in notebook["cells"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _place():
    """Return where this kernel runs, a key of the steps."""
    if "google.colab" in sys.modules:
        return "Colab"
    if "__vsc_ipynb_file__" in _user_names():
        return "VS Code"
    return "a hub" if "JUPYTERHUB_USER" in os.environ else "Jupyter"


def _user_names():
    """Return the notebook's names; VS Code leaves its file's path there."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    return shell.user_ns if shell else {}
