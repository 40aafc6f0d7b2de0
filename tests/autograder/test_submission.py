"""Submissions are read leniently, and refused with a reason."""

import json

import pytest

from autograder import submission


def write(path, content):
    """Write a submission, as JSON where it is not text."""
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, "utf-8")
    return path


CELL = {"cell_type": "code", "source": ["a = 1\n", "b"], "metadata": {}}


def test_source_lines_are_joined_and_ids_kept(tmp_path):
    """A cell's source may be a list; its grade_id comes from nbgrader."""
    cell = {**CELL, "metadata": {"nbgrader": {"grade_id": "x"}}}
    [read] = submission.read(write(tmp_path / "n.ipynb", {"cells": [cell]}))
    assert read == ("code", "a = 1\nb", "x")


def test_notebooks_of_version_3_are_read(tmp_path):
    """Format 3 keeps its cells in worksheets and calls the source input."""
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "a"}]}]}
    [cell] = submission.read(write(tmp_path / "n.ipynb", old))
    assert cell.source == "a"


@pytest.mark.parametrize(
    "cells",
    [
        [3, None, "x", [], {}],
        [{"cell_type": "raw", "source": "x"}],
        [{"cell_type": "code", "source": 3}],
        [{"cell_type": ["code"], "source": "x"}],
    ],
)
def test_what_is_no_cell_is_passed_over(tmp_path, cells):
    """Rubbish among the cells costs nothing."""
    path = write(tmp_path / "n.ipynb", {"cells": [*cells, CELL]})
    assert [cell.source for cell in submission.read(path)] == ["a = 1\nb"]


@pytest.mark.parametrize(
    "metadata", [None, 3, {"nbgrader": 3}, {"nbgrader": {"grade_id": 3}}]
)
def test_odd_metadata_is_no_id(tmp_path, metadata):
    """Metadata of the wrong type gives a cell without an id."""
    cell = {**CELL, "metadata": metadata}
    [read] = submission.read(write(tmp_path / "n.ipynb", {"cells": [cell]}))
    assert read.grade_id == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "cannot be read as JSON"),
        ("", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("[]", "holds no cells"),
        ('{"cells": 3}', "holds no cells"),
        ('{"worksheets": []}', "holds no cells"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path, content, reason):
    """The reason names the file and what is wrong with it."""
    path = write(tmp_path / "n.ipynb", content)
    with pytest.raises(submission.RejectedError, match=rf"n\.ipynb.*{reason}"):
        submission.read(path)


def test_missing_files_links_and_giants_are_refused(tmp_path, monkeypatch):
    """Nothing is read through a link, and nothing of any size."""
    with pytest.raises(submission.RejectedError, match="not handed in"):
        submission.read(tmp_path / "none.ipynb")
    real = write(tmp_path / "n.ipynb", {"cells": []})
    (tmp_path / "link.ipynb").symlink_to(real)
    with pytest.raises(submission.RejectedError, match="not handed in"):
        submission.read(tmp_path / "link.ipynb")
    monkeypatch.setattr(submission, "MAX_BYTES", 5)
    with pytest.raises(submission.RejectedError, match="larger than"):
        submission.read(real)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-02 03:04:05 UTC\n", "2026-01-02T03:04:05"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05"),
        ("", None),
        ("before you asked", None),
        ("2026-01-02 03:04:05 ../../secret", None),
        ("99999999-01-01 00:00:00 UTC", None),
        ("1" * 101, None),
    ],
)
def test_a_time_is_read_or_there_is_none(tmp_path, text, found):
    """What is no time stops nobody; nbgrader ends the whole run on it."""
    (tmp_path / "timestamp.txt").write_text(text)
    time = submission.handed_in(tmp_path)
    assert (time.isoformat() if time else None) == found
