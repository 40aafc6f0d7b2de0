"""Extra files, AUTOTEST cells, two notebooks: nbgrader's gradebook."""

import contextlib
import functools
import io
import shutil

import course_of_three as three
import course_with_files as files
import nbformat
import pytest

from autograder import cli, sandbox
from autograder.batch import Batch
from autograder.course import Course

LIMITS = sandbox.Limits(cell_seconds=20)
WALLS = sandbox.walls(trust=True)

pytestmark = pytest.mark.filterwarnings("ignore")  # stock nbgrader's own


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the course with three submissions, ungraded."""
    return files.make(tmp_path_factory.mktemp("files") / "course")


@pytest.fixture
def course(made, tmp_path):
    """Return a fresh copy of that course."""
    return Course(shutil.copytree(made.path, tmp_path / "course"))


def grade(course):
    """Grade the course; return results by student."""
    open_run = functools.partial(cli.open_run, LIMITS, walls=WALLS)
    batch = Batch(course, "ps1", LIMITS, open_run)
    return {result.student: result for result in batch.run(2)}


def beside(course, student):
    """Return what lies beside the autograded notebooks, by name."""
    folder = course.folder("autograded", "ps1", student)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb"
    }


def scores(course, student):
    """Return the automatic scores of a student by grade_id."""
    return {row[2]: row[3] for row in three.rows(course) if row[0] == student}


def test_autotest_cells_are_filled_in(made):
    """What is graded holds the values that the instructor's kernel gave."""
    released = made.folder("release", "ps1") / "q.ipynb"
    source = "\n".join(c.source for c in nbformat.read(released, 4).cells)
    assert "AUTOTEST" not in source
    assert "sha1(" in source
    masters = Batch(made, "ps1", LIMITS, None).masters
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in masters["q"].cells
    }
    assert "assert str(type(size)) ==" in sources["auto-size"]
    assert "AUTOTEST" not in "".join(sources.values())


@pytest.mark.slow
def test_files_and_autotests_give_the_gradebook_that_nbgrader_gives(
    course, tmp_path
):
    """Row by row; the autograded folders hold the same extra files."""
    stock = Course(shutil.copytree(course.path, tmp_path / "stock"))
    for student in files.ANSWERS:
        with contextlib.redirect_stderr(io.StringIO()):
            result = stock.api().autograde("ps1", student)
        assert result["success"], result["log"]
    grade(course)
    assert three.rows(course) == three.rows(stock)
    assert len(three.rows(stock)) == 3 * 9
    for student in files.ANSWERS:
        left = beside(stock, student)
        # The one difference: what a run writes stays in its sandbox.
        left.pop("made.txt", None)
        left = {n: c for n, c in left.items() if "__pycache__" not in n}
        assert beside(course, student) == left


def test_scores_are_what_the_files_deserve(course):
    """The instructor's files win, but for those left to the learner."""
    grade(course)
    ada, bob, cem = (scores(course, name) for name in ("ada", "bob", "cem"))
    assert {name: s for name, s in ada.items() if s != 3} == {}
    assert (bob["reads"], bob["fixed"], bob["mine"]) == (3, 3, 0)
    assert (bob["auto-size"], bob["made-it"], bob["halves"]) == (0, 0, 1.5)
    assert (cem["mine"], cem["reads"], cem["auto-names"]) == (0, 0, 3)
