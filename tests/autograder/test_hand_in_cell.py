"""Every exercise ends with the same cell, and nobody's grade rests on it."""

import contextlib
import io
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_grade

from autograder import grade
from rnnlab import checks

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))


@pytest.fixture(params=EXERCISES, ids=lambda path: path.parent.name)
def path(request):
    """Return an exercise as learners get it."""
    return request.param


def test_it_names_the_file_and_every_graded_cell(path, monkeypatch):
    """In their order, and the written answers apart."""
    notebook = nbformat.read(path, as_version=4)
    called = []
    monkeypatch.setattr(
        checks,
        "hand_in",
        lambda *args, **kwargs: called.append((args, kwargs)),
    )
    exec(notebook.cells[-1].source, {"checks": checks})  # noqa: S102 - ours
    [((file,), names)] = called
    assert file == path.name
    asked = [c for c in notebook.cells if is_grade(c)]
    for kind, given in (("code", "tasks"), ("markdown", "written")):
        assert names[given] == [
            c.metadata.nbgrader["grade_id"]
            for c in asked
            if c.cell_type == kind
        ]


def test_it_is_the_same_text_everywhere(path):
    """But for the names in it."""
    about, cell = nbformat.read(path, as_version=4).cells[-2:]
    first = nbformat.read(EXERCISES[0], as_version=4).cells[-2:]
    assert about == first[0]
    assert (cell.id, cell.metadata) == ("hand-in", first[1].metadata)
    assert "hand-in" in cell.metadata.tags


def test_it_runs_without_a_word_on_stderr(path):
    """Stock nbgrader runs it, too; and no stderr must cost any points."""
    cell = nbformat.read(path, as_version=4).cells[-1]
    out, err = io.StringIO(), io.StringIO()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        warnings.simplefilter("error")
        exec(cell.source, {"checks": checks})  # noqa: S102 - ours
    assert f"YOUR TASKS  {path.name}" in out.getvalue()
    assert not err.getvalue()


def test_grading_does_not_run_it(path):
    """It would say nothing that counts."""
    notebook = nbformat.read(path, as_version=4)
    sources = [cell.source for cell in grade._to_run(notebook, {})]
    assert len(sources) > 3
    assert not any("hand_in" in source for source in sources)
