"""A submission as it came: read leniently, believed in nothing."""

import json
import re
from typing import NamedTuple

from nbgrader.utils import parse_utc

from autograder import extras

#: Larger files are refused; an exercise with its plots is far below.
MAX_BYTES = 50_000_000


#: The file with the time, and what may stand in it: no path, say.
TIME = "timestamp.txt"
_TIME = re.compile(r"[\w :.+/-]{1,60}", re.ASCII)


class RejectedError(Exception):
    """A file that cannot be graded; the message is the reason."""


class SubmittedCell(NamedTuple):
    """What counts of a submitted cell.

    Attributes:
        kind: "code" or "markdown".
        source: Its text.
        grade_id: The id nbgrader gave it, or "".
    """

    kind: str
    source: str
    grade_id: str


def read(path):
    """Read the cells of a submitted notebook, of any nbformat.

    Args:
        path: The file.

    Returns:
        list[SubmittedCell]: code and markdown cells, in order.

    Raises:
        RejectedError: it is missing, too large or not a notebook.
    """
    if path.is_symlink() or not path.is_file():
        raise RejectedError(f"{path.name} was not handed in.")
    if path.stat().st_size > MAX_BYTES:
        raise RejectedError(
            f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB. Clear "
            "its outputs and hand it in again."
        )
    try:
        notebook = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise RejectedError(
            f"{path.name} is not a notebook: it cannot be read as JSON. Open "
            "it in Jupyter or Colab, save it, and hand that file in."
        ) from None
    cells = _raw_cells(notebook)
    if cells is None:
        raise RejectedError(
            f"{path.name} is JSON but holds no cells. Download the notebook "
            "as .ipynb and hand that file in."
        )
    return [cell for cell in map(_cell, cells) if cell]


def handed_in(folder):
    """Return when a submission was handed in, as its folder says.

    Args:
        folder: The submitted folder.

    Returns:
        datetime or None: in UTC; None where there is no time or what is there
            is none. Whoever collects writes it, as nbgrader does.
    """
    text = (extras.read(folder / TIME, 100) or b"").decode(errors="replace")
    if not _TIME.fullmatch(text.strip()) or ".." in text:
        return None
    try:
        return parse_utc(text.strip())
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _raw_cells(notebook):
    """Return the list of cells of nbformat 4 or 3, or None."""
    if not isinstance(notebook, dict):
        return None
    sheets = notebook.get("worksheets")
    if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict):
        notebook = sheets[0]
    cells = notebook.get("cells")
    return cells if isinstance(cells, list) else None


def _cell(raw):
    if not isinstance(raw, dict):
        return None
    kind = raw.get("cell_type")
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if kind not in ("code", "markdown") or not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else {}
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""
    source = source.encode(errors="replace").decode()  # half characters
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return SubmittedCell(
        kind, source, grade_id if isinstance(grade_id, str) else ""
    )
