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
WRITTEN, EMPTY, UNKNOWN = "written", "empty when last saved", "look yourself"

_WORDS = {
    None: NOT_RUN,
    Verdict.PASSED: PASSED,
    Verdict.NOT_ATTEMPTED: NOT_ATTEMPTED,
}
#: What nbgrader puts where an answer is to be written.
_STUB = "YOUR ANSWER HERE"
_MAX_BYTES = 50_000_000

_STEPS = {
    "Colab": (
        "Wait until Colab says that all changes are saved.",
        "Choose File, Download, Download .ipynb.",
        "Upload {file} where your class hands in.",
    ),
    "VS Code": (
        "Save with Ctrl+S, on a Mac with Cmd+S.",
        "Right-click the tab of {file} and reveal it in the file manager.",
        "Upload {file} where your class hands in.",
    ),
    "a hub": (
        "Save with Ctrl+S, on a Mac with Cmd+S.",
        "If your class hands in on this hub, open the Assignment List (in "
        "JupyterLab in the menu Nbgrader) and press Submit.",
        "If not, choose File, Download, and upload {file} where your class "
        "hands in.",
    ),
    "Jupyter": (
        "Save with Ctrl+S, on a Mac with Cmd+S.",
        "Choose File, Download.",
        "Upload {file} where your class hands in.",
    ),
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
    width = max(map(len, states), default=0)
    lines = [f"YOUR TASKS  {file}", ""]
    lines += [f"  {name:<{width}}  {word}" for name, word in states.items()]
    lines += ["", *_wrapped(_advice(states))]
    place = _place()
    lines += ["", f"TO HAND IN FROM {place.upper()}", ""]
    for number, step in enumerate(_STEPS[place], start=1):
        first, *more = message.wrap(step.format(file=file), message.WIDTH - 5)
        lines.append(f"  {number}. {first}")
        lines += [f"     {line}" for line in more]
    print("\n".join(lines))


def _advice(states):
    """Yield what to do next, a sentence for each state that is there."""

    def those(word):
        return ", ".join(n for n, state in states.items() if state == word)

    if those(NOT_RUN):
        yield (
            f"Not run since the kernel started: {those(NOT_RUN)}. Run the "
            "cells from the top and go on after a check that stops them."
        )
    if those(NOT_YET):
        yield (
            f"The check says what differs: {those(NOT_YET)}. Run the cell "
            "with the check again, or ask for a hint."
        )
    if those(NOT_ATTEMPTED):
        yield f"Nothing is written yet: {those(NOT_ATTEMPTED)}."
    if those(EMPTY):
        yield (
            f"Write {those(EMPTY)}, save, and run this cell again to see it "
            "here."
        )
    if those(UNKNOWN):
        yield (
            "This cell cannot see your text; look whether it is there and "
            f"saved: {those(UNKNOWN)}."
        )
    if set(states.values()) <= {PASSED, WRITTEN}:
        yield "Everything is there. Grading runs further checks."
    else:
        yield (
            "You can hand in all the same: each task counts for itself, and "
            "this table counts for nothing."
        )


def _wrapped(sentences):
    return [line for text in sentences for line in message.wrap(text)]


def _answers(file, written):
    """Return the states of the written answers in the saved notebook."""
    cells = _saved_cells(file)
    return {name: _answer(cells, name) for name in written}


def _answer(cells, name):
    if cells is None:
        return UNKNOWN
    marker = f"<!-- solution: {name} -->"
    for source in cells:
        if marker in source:
            text = source.replace(marker, "").replace(_STUB, "")
            return WRITTEN if text.strip() else EMPTY
    return UNKNOWN


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
