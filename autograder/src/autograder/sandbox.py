"""Sandbox: the seam where untrusted cells are run.

Covered here: a private working directory, none of the grader's environment
variables, a time limit for a cell and for a notebook.
Not covered: network, file system, memory, processes. That is why grading
refuses strangers' submissions unless told to trust them.
"""

import os
import tempfile
import time
from dataclasses import dataclass, field
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

FINISHED = "finished"
TIMED_OUT = "timed out"
DIED = "kernel died"

_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")


class Limits(NamedTuple):
    """What a submission may use.

    Units:
        cell_seconds, notebook_seconds: seconds of wall time.
    """

    cell_seconds: float = 60.0
    notebook_seconds: float = 300.0


class Cell(NamedTuple):
    """One thing to run, or not.

    Attributes:
        key: Tells the cell from the others.
        source: Its code.
    """

    key: str
    source: str


@dataclass(frozen=True)
class Transcript:
    """What came out; nothing in it is to be believed.

    Attributes:
        state: FINISHED, TIMED_OUT or DIED.
        outputs: List of nbformat outputs by cell key; cells that were not
            reached have none.
        seconds: Wall time.
    """

    state: str
    outputs: dict = field(default_factory=dict)
    seconds: float = 0.0


def run(cells, limits):
    """Run cells one after the other, as a notebook would.

    Args:
        cells: Cells to run.
        limits: What they may use.

    Returns:
        Transcript: never raises for anything the cells do.
    """
    begin = time.monotonic()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.source) for cell in cells]
    )
    outputs, state = {}, FINISHED
    with tempfile.TemporaryDirectory(prefix="run-") as place:
        client = _client(notebook, place)
        with client.setup_kernel(env=_environment(place), cwd=place):
            for index, cell in enumerate(cells):
                left = limits.notebook_seconds - (time.monotonic() - begin)
                if left <= 0:
                    state = TIMED_OUT
                    break
                client.timeout = max(1, round(min(left, limits.cell_seconds)))
                try:
                    client.execute_cell(notebook.cells[index], index)
                except DeadKernelError:
                    state = DIED
                    break
                outputs[cell.key] = notebook.cells[index].outputs
    return Transcript(state, outputs, time.monotonic() - begin)


def _client(notebook, place):
    return NotebookClient(
        notebook,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        shutdown_kernel="immediate",
        store_widget_state=False,
        error_on_timeout={
            "ename": "TimeLimit",
            "evalue": "the cell ran longer than it may",
            "traceback": [],
        },
        resources={"metadata": {"path": place}},
    )


def _environment(place):
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "HOME": place,
        "IPYTHONDIR": f"{place}/.ipython",
        "MPLCONFIGDIR": f"{place}/.matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
