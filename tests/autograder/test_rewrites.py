"""A notebook that went through some editor earns what it earned before."""

import json
from pathlib import Path

import nbformat
import pytest
import rewrites

from autograder import cli, master, release, submission
from autograder.course import Course
from autograder.rebuild import rebuild

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "03-exploding-gradients": "exploding-gradients",
    "05-gru": "gru",
}
#: Edits after which the very same cells are rebuilt.
ALIKE = {
    "as_it_was",
    "metadata_lost",
    "cells_moved",
    "windows_lines",
    "blanks_around",
    "torn",
    "torn_with_metadata",
    "tried_out_in_a_copy",
    "stub_above",
    "stub_below",
}
EDITS = {
    edit.__name__: edit
    for edit in (*rewrites.LOSSES, *rewrites.EDITS, *rewrites.STUBBED)
}
#: Edits that go well together, the second after the first.
PAIRS = (
    ("split_helper_from_function", "metadata_lost"),
    ("split_with_metadata", "windows_lines"),
    ("split_with_metadata", "cells_moved"),
    ("torn", "metadata_lost"),
    ("torn_with_metadata", "blanks_around"),
    ("timed", "torn"),
    ("with_helpers", "torn"),
    ("marker_moved", "metadata_lost"),
    ("stub_above", "split_with_metadata"),
    ("tried_out_in_a_copy", "windows_lines"),
    ("merged_with_check", "metadata_lost"),
    ("solved_below", "cells_moved"),
)
#: How many are graded; a submission of the second takes some seconds.
MANY = {"03-exploding-gradients": None, "05-gru": 6}
every_exercise = pytest.mark.parametrize("assignment", FILES)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course with two of the real exercises."""
    root = tmp_path_factory.mktemp("course")
    config = release._CONFIG.format(root=str(root))
    (root / "nbgrader_config.py").write_text(config)
    settings = release.read_settings(ROOT)
    for assignment, name in FILES.items():
        path = ROOT / "solutions" / assignment / f"{name}.md"
        made = release.instructor_notebook(path, settings)
        target = root / "source" / assignment / f"{name}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(made, target)
        release._generate(Course(root), assignment)
    return Course(root)


def load(course, step, assignment):
    """Return a notebook of the course as plain data."""
    folder = course.folder(step, assignment)
    return json.loads((folder / f"{FILES[assignment]}.ipynb").read_text())


def solved(course, assignment):
    """Return the solved notebook, and the one that was handed out."""
    solution = load(course, "source", assignment)
    for cell in solution["cells"]:
        rows = rewrites.text(cell).splitlines()
        kept = [x for x in rows if " SOLUTION" not in x]
        cell["source"] = rewrites.lines("\n".join(kept))
    return solution, load(course, "release", assignment)


def edited(course, assignment, *names):
    """Return the solved notebook after some edits."""
    notebook, released = solved(course, assignment)
    for name in names:
        extra = [released] if EDITS[name] in rewrites.STUBBED else []
        notebook = EDITS[name](notebook, *extra)
    return notebook


@every_exercise
@pytest.mark.parametrize("edit", EDITS)
def test_what_editors_save_is_rebuilt_without_a_note(
    course, assignment, edit, tmp_path
):
    """Where no solution changed, the very same cells are there to run."""
    stub = master.masters(course, assignment)[FILES[assignment]]

    def built(notebook):
        rewrites.write(notebook, tmp_path / "n.ipynb")
        made = rebuild(stub, submission.read(tmp_path / "n.ipynb"))
        assert made.notes == ()
        return [cell.source.split() for cell in made.notebook.cells]

    original = built(solved(course, assignment)[0])
    notebook = edited(course, assignment, edit)
    for editor in rewrites.EDITORS:
        cells = built(editor(notebook))
        assert (cells == original) or edit not in ALIKE, editor


@pytest.mark.slow
@every_exercise
def test_every_rewrite_earns_what_the_original_earns(course, assignment):
    """Whatever editor it went through and whatever happened to cells."""
    name = FILES[assignment]
    chains = [*PAIRS, *((edit,) for edit in EDITS)][: MANY[assignment]]
    students = {"original": solved(course, assignment)[0]}
    for number, chain in enumerate(chains):
        editor = rewrites.EDITORS[number % len(rewrites.EDITORS)]
        notebook = editor(edited(course, assignment, *chain))
        students["-".join([*chain, editor.__name__])] = notebook
    for student, notebook in students.items():
        folder = course.folder("submitted", assignment, student)
        rewrites.write(notebook, folder / f"{name}.ipynb")
    results = grade(course, assignment)
    original = results["original"]
    assert [t["verdict"] for t in original["tasks"]] == [
        *["passed"] * (len(original["tasks"]) - 1),
        "waits for a person",
    ]
    assert results.keys() == students.keys()
    for result in results.values():
        assert result["outcome"] == "graded"
        assert result["tasks"] == original["tasks"], result["student"]


def grade(course, assignment):
    """Grade an assignment as the command does; return results by student."""
    report = course.path / "report.json"
    status = cli.main(
        [
            "grade",
            assignment,
            f"--course={course.path}",
            f"--json={report}",
            "--trust-submissions",
            "--jobs=2",
        ]
    )
    assert status == 0
    made = json.loads(report.read_text())["submissions"]
    return {result["student"]: result for result in made}
