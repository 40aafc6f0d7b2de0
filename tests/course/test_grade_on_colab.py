"""The notebook that grades a class on Colab does what it says.

Its cells run in order, but for those that only Colab can run: the ones that
install, upload and download.
"""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import copies
import lms
import nbformat
import pytest

from autograder import on_colab, release, sandbox

NOTEBOOK = copies.ROOT / on_colab.SOURCE.with_suffix(".ipynb")
ASSIGNMENT, FILE = "03-exploding-gradients", "exploding-gradients.ipynb"
ONLY_THERE = {"install", "upload", "download"}


def cells():
    """Return the notebook's code cells."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebook_is_what_its_source_gives():
    """Its bytes are those of a fresh generation, without outputs."""
    settings = release.read_settings(copies.ROOT)
    made = on_colab.generate(copies.ROOT, settings)
    assert list(made.values()) == [NOTEBOOK.read_bytes()]
    assert all(not cell.outputs for cell in cells())


def test_nobody_is_trusted_unless_the_instructor_says_so():
    """The switch is off, and named in the text that explains it."""
    assert "TRUST_SUBMISSIONS = False" in cells()[0].source
    (line,) = re.findall(r".*--trust-submissions.*", cells()[-3].source)
    assert line.endswith("if TRUST_SUBMISSIONS else []")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a folder in which the cells ran, and what they printed."""
    if not all(protection.given for protection in sandbox.protections()):
        say = pytest.fail if os.environ.get("REQUIRE_SYSTEM") else pytest.skip
        say("NO GRADING ON COLAB: no walls; apt-get install bubblewrap")
    folder = tmp_path_factory.mktemp("colab")
    copies.repository(folder / "course")
    leave_out_all_but(folder / "course", ASSIGNMENT)
    solved = release.instructor_notebook(
        copies.ROOT / f"solutions/{ASSIGNMENT}/exploding-gradients.md",
        release.read_settings(copies.ROOT),
    )
    untouched = copies.ROOT / "exercises" / ASSIGNMENT / FILE
    handed_in = {
        "jdoe": nbformat.writes(solved).encode(),
        "jose": untouched.read_bytes(),
    }
    lms.zipped(
        folder / "submissions.zip",
        [
            (lms.canvas_name(who, FILE), text)
            for who, text in handed_in.items()
        ],
    )
    lms.canvas_roster(folder / "roster.csv")
    return folder, run(folder)


def leave_out_all_but(course, assignment):
    """Let a copy of the course have one exercise, which is quick to make."""
    names = sorted(path.name for path in (course / "exercises").iterdir())
    names.remove(assignment)
    file = course / "pyproject.toml"
    text = file.read_text("utf-8")
    text = re.sub(
        r"^leave_out = .*", f"leave_out = {names}", text, flags=re.MULTILINE
    )
    file.write_text(text, "utf-8")


def run(folder):
    """Run the cells one after the other; return what they print."""
    sources = [
        cell.source
        for cell in cells()
        if not ONLY_THERE & set(cell.metadata.get("tags", []))
    ]
    sources[0] = sources[0].replace("04-lstm", ASSIGNMENT)
    tools = str(Path(sys.executable).parent)
    done = subprocess.run(
        [sys.executable, "-"],
        input="\n\n".join(sources),
        cwd=folder,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_submissions_go_in_and_the_class_comes_out(graded):
    """Grades are printed; gradebook, tables and pages are in the zip."""
    folder, printed = graded
    assert "system calls  yes" in printed
    assert "2 taken" in printed
    assert re.search(r"^jdoe +14 +18  graded$", printed, re.MULTILINE)
    assert re.search(r"^jose +0 +18  graded$", printed, re.MULTILINE)
    page = f"{ASSIGNMENT}/exploding-gradients.html"
    with zipfile.ZipFile(folder / "feedback.zip") as archive:
        assert {f"jdoe/{page}", f"jose/{page}"} <= set(archive.namelist())
    with zipfile.ZipFile(folder / "class.zip") as archive:
        names = set(archive.namelist())
        table = archive.read("report/canvas.csv").decode("utf-8-sig")
    assert {"gradebook.db", "report/index.html"} <= names
    assert "4711" in table


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_was_graded_before_is_not_graded_again(graded):
    """With the zip of last time, a new machine goes on where it ended."""
    folder, _ = graded
    (folder / "class").rename(folder / "class-of-last-time")
    printed = run(folder)
    assert "2 taken" not in printed
    assert re.search(r"^jdoe +14 +18  graded$", printed, re.MULTILINE)
