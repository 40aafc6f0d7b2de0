"""A class may leave out chapters: no exercise, and a page that says so."""

import shutil
from pathlib import Path

import pytest

from autograder import release
from autograder.errors import UsageError
from autograder.verify import cells

ROOT = Path(__file__).resolve().parents[2]
LINE = "leave_out = []"


@pytest.fixture
def course(tmp_path):
    """Return a copy of what release and verify read."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    return tmp_path


def leave_out(course, names):
    """Write names of chapters into the copy's pyproject.toml."""
    file = course / "pyproject.toml"
    text = file.read_text("utf-8")
    assert LINE in text
    file.write_text(text.replace(LINE, f"leave_out = {names}"), "utf-8")


def test_no_address_is_a_list(course):
    """What exercises fill in stays text, whatever is left out."""
    leave_out(course, ["04-lstm"])
    settings = release.read_settings(course)
    assert settings.keys() == {"repository", "branch", "book"}


def test_a_chapter_left_out_has_no_notebook_and_needs_no_task(course):
    """Its solution stays where it is; nobody misses its checks."""
    assert list(cells.complete(course)) == []
    leave_out(course, ["05-gru"])
    names = release.left_out(course)
    kept = {p.parent.name for p in release.notebooks(course, names)}
    everything = {p.parent.name for p in release.notebooks(course)}
    assert everything - kept == {"05-gru"}
    assert list(cells.complete(course)) == []


def test_a_check_of_a_chapter_that_is_done_is_missed(course):
    """Leaving a chapter out excuses no other."""
    shutil.rmtree(course / "solutions" / "04-lstm")
    leave_out(course, ["05-gru"])
    problems = list(cells.complete(course))
    assert any("lstm_step is in no exercise" in each for each in problems)
    assert not any("gru_step" in each for each in problems)


def test_a_chapter_that_is_not_there_is_named(course):
    """A slip of the pen is one line with the names to choose from."""
    leave_out(course, ["4-lstm"])
    with pytest.raises(UsageError, match=r"'4-lstm'.*Choose from.*04-lstm"):
        release.left_out(course)
