"""Names: which notebook of an assignment a file is, whatever it is called."""

import re

from nbgrader.utils import is_grade, is_solution

from autograder import submission

#: What browsers, Colab and people add to a file's name.
_DECORATION = re.compile(
    r"^(?:copy of|kopie von|copie de|copia de)[ _]+|"
    r"[ _]*\(\d+\)$|[ _-]+copy\d*$|-\d{1,3}$",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"^[ \t]*(?:#|<!--)[ \t]*solution:[ \t]*([\w.-]+)", re.MULTILINE
)


def notebook_name(name, known):
    """Return the name of the instructor's notebook that a file is, or "".

    Args:
        name: The file's name.
        known: Names of the assignment's notebooks, without suffix.
    """
    stem, _, suffix = name.rpartition(".")
    if suffix.lower() != "ipynb":
        return ""
    plain = {_plain(notebook): notebook for notebook in known}
    for written in _undecorated(stem):
        if _plain(written) in plain:
            return plain[_plain(written)]
    # With one notebook to hand in, that is what it must be.
    return next(iter(known)) if len(known) == 1 else ""


def is_exactly(name, known):
    """Return whether a file has the very name of a notebook."""
    stem = name.rpartition(".")[0]
    return _plain(stem) in {_plain(notebook) for notebook in known}


def _undecorated(stem):
    """Yield a name, and the same with what was added to it taken off."""
    before = None
    while before != stem:
        yield stem
        before, stem = stem, _DECORATION.sub("", stem, count=1).strip()


def _plain(stem):
    """Return a name as LMSs may write it: letters and digits."""
    return re.sub(r"[\W_]+", "", stem.casefold())


def tasks_of(notebook):
    """Return the ids that the tasks of an instructor's notebook go by."""
    ids = set()
    for cell in notebook.cells:
        if is_grade(cell) or is_solution(cell):
            grade_id = cell.metadata.nbgrader["grade_id"]
            ids.add(grade_id.removesuffix("-solution"))
    return ids


def tasks_in(file):
    """Return the ids of the tasks that a submitted notebook answers.

    Args:
        file: Path of the notebook.

    Raises:
        RejectedError: it cannot be read.
    """
    ids = set()
    for cell in submission.read(file):
        if cell.grade_id:
            ids.add(cell.grade_id.removesuffix("-solution"))
        ids.update(_MARKER.findall(cell.source))
    return ids
