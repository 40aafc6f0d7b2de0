"""Differences from stock nbgrader, on purpose, in a whole grading run.

Those of the rule for points are in ``test_rule.py``, those of what is taken
from a notebook in ``test_rebuild.py``; ``book/about/grading.md`` lists all.
"""

import dataclasses
import functools
import json
import shutil
from pathlib import Path

import course_of_three as three
import course_with_files as files
import nbformat
import pytest

from autograder import cli, sandbox
from autograder.batch import FAILED, GRADED, Batch, Result
from autograder.course import Course
from autograder.errors import UsageError
from autograder.grade import REJECTED

LIMITS = sandbox.Limits(cell_seconds=20)
WALLS = sandbox.walls(trust=True)
RIGHT = three.ANSWERS["ada"]


@pytest.fixture
def course(tmp_path):
    """Return a course with one submission, a right one."""
    return three.make(tmp_path / "course", count=1)


def grade(course):
    """Grade the course; return results by student."""
    open_run = functools.partial(cli.open_run, LIMITS, walls=WALLS)
    batch = Batch(course, "ps1", LIMITS, open_run)
    return {result.student: result for result in batch.run(1)}


def change(course, student, edit):
    """Hand in a right answer and edit its notebook as plain data."""
    three.hand_in(course, student, RIGHT)
    path = course.folder("submitted", "ps1", student) / "p.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    edit(notebook)
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def test_a_duplicated_cell_stops_nobody(course):
    """Stock nbgrader stops at the second cell with the same grade_id."""
    change(course, "dup", lambda book: book["cells"].append(book["cells"][2]))
    results = grade(course)
    assert results["dup"].score == results["ada-000"].score == 2


def test_an_unreadable_notebook_is_a_zero_with_a_reason(course):
    """Stock nbgrader leaves it ungraded."""
    change(course, "bad", lambda _: None).write_text("{")
    results = grade(course)
    assert results["bad"].outcome == "rejected"
    assert results["bad"].score == 0
    assert "cannot be read as JSON" in results["bad"].reason
    assert results["ada-000"].score == 2
    rows = {row[2]: row for row in three.rows(course) if row[0] == "bad"}
    assert rows["double"][3] == 0


def test_what_a_learner_added_does_not_run(course):
    """A cell of their own that does more than define names is left out."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": []}
    cell |= {"execution_count": None, "source": "double = None\nprint(1)"}
    change(course, "own", lambda book: book["cells"].insert(2, cell))
    assert grade(course)["own"].score == 2


def test_what_cannot_be_put_together_is_told_on_the_page(course):
    """A function torn at an indent that was lost is graded as it stands."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": []}
    cell |= {"execution_count": None, "source": "y = y + x\nreturn y"}

    def tear(book):
        book["cells"][1]["source"] = "def double(x):\n    y = x"
        book["cells"].insert(2, cell)

    change(course, "torn", tear)
    assert grade(course)["torn"].score == 0
    page = course.folder("feedback", "ps1", "torn") / "p.html"
    told = "seems to have been split in the middle of a function"
    assert told in page.read_text("utf-8")


def test_markup_in_written_answers_and_outputs_is_not_kept(course):
    """Formgrader shows both as they are, with the instructor's rights."""
    html = "from IPython.display import HTML, display\n"
    html += "display(HTML('<script>alert(1)</script>'))\n"

    def edit(book):
        book["cells"][1]["source"] = html + RIGHT
        book["cells"][3]["source"] = "I say <script>alert(2)</script>."

    change(course, "xss", edit)
    assert grade(course)["xss"].score == 2
    path = course.folder("autograded", "ps1", "xss") / "p.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    assert cells[3].source == "I say &lt;script>alert(2)&lt;/script>."
    outputs = json.dumps(cells[1].outputs)
    assert "HTML object" in outputs
    assert "<script" not in outputs


def test_each_notebook_has_a_folder_of_its_own(tmp_path):
    """What one writes is neither there for the next nor in autograded/."""
    course = files.make(tmp_path / "course")
    for student in files.ANSWERS:
        folder = course.folder("submitted", "ps1", student)
        path = folder / "p.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source += "\nopen('made.txt', 'w').write('hi')"
        nbformat.write(notebook, path)
    grade(course)
    made = {r[0]: r[3] for r in three.rows(course) if r[2] == "made-it"}
    assert made == {"ada": 3, "bob": 0, "cem": 0}
    assert not list((course.path / "autograded").rglob("made.txt"))


def test_a_link_among_the_files_is_not_followed(course):
    """Stock nbgrader copies what it points to, into the run's folder."""
    secret = course.path / "solution.txt"
    secret.write_text("secret")
    change(
        course,
        "spy",
        lambda book: book["cells"][1].update(
            source=f"{RIGHT}\nprint(open('link.txt').read())"
        ),
    )
    folder = course.folder("submitted", "ps1", "spy")
    (folder / "link.txt").symlink_to(secret)
    grade(course)
    wrote = three.pages(course)
    mine = [text for path, text in wrote.items() if "spy" in path]
    assert mine
    assert not any(b"secret" in text for text in mine)
    assert any(b"Left out of what you handed in" in text for text in mine)


def test_another_extra_file_is_another_submission(course):
    """Without a timestamp, and taken away again where it is withdrawn."""
    grade(course)
    folder = course.folder("submitted", "ps1", "ada-000")
    beside = course.folder("autograded", "ps1", "ada-000") / "own.txt"
    (folder / "own.txt").write_text("1")
    assert grade(course)["ada-000"].fresh
    assert beside.read_text() == "1"
    assert not grade(course)["ada-000"].fresh
    beside.unlink()
    assert grade(course)["ada-000"].fresh
    (folder / "own.txt").unlink()
    assert grade(course)["ada-000"].fresh
    assert not beside.exists()


def test_a_notebook_in_another_language_is_refused(course):
    """Run as Python, it would earn everybody a zero."""
    path = course.folder("source", "ps1") / "p.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec = {"name": "ir", "language": "R"}
    nbformat.write(notebook, path)
    with pytest.raises(UsageError, match=r"p\.ipynb is for the kernel ir"):
        grade(course)


def test_every_difference_that_is_listed_names_its_test():
    """The page for instructors and these tests cannot drift apart."""
    here = Path(__file__).parent
    page = here.parents[1] / "book" / "about" / "grading.md"
    text = page.read_text("utf-8")
    table = text.partition("(differences)=")[2].partition("## Limits")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    known = "".join(path.read_text("utf-8") for path in here.glob("test_*.py"))
    assert len(rows) >= 12
    for row in rows:
        name = row.rstrip("| ").rpartition("`test_")[2].rstrip("`")
        assert f"def test_{name}(" in known, row


def test_the_page_has_the_limits_and_fields_that_there_are():
    """Every option with its default, every field of the report."""
    page = Path(__file__).parents[2] / "book" / "about" / "grading.md"
    text = page.read_text("utf-8")
    for name, default in sandbox.Limits()._asdict().items():
        option = name.replace("_", "-")
        assert f"| `--{option}` | {default:.0f} |" in text
    report = text.partition("## The report for machines")[2]
    for known in dataclasses.fields(Result):
        assert f"`{known.name}`" in report
    outcomes = {GRADED, FAILED, REJECTED, sandbox.TIMED_OUT}
    for outcome in outcomes | {sandbox.OUT_OF_MEMORY, sandbox.DIED}:
        assert f"`{outcome}`" in report


def test_a_course_that_is_copied_is_graded_alike(course, tmp_path):
    """No path of the course gets into a grade, a page or a notebook."""
    other = Course(shutil.copytree(course.path, tmp_path / "other"))
    grade(course)
    grade(other)
    assert three.pages(course) == three.pages(other)
