"""Feedback goes back through nbgrader's exchange, and only to its owner."""

import contextlib
import functools
import io
import shutil

import course_of_three
import pytest
from nbgrader.api import Gradebook
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder import cli, returning, rubric, sandbox
from autograder.batch import Batch
from autograder.course import Course
from autograder.ledger import Ledger

# nbgrader leaves files open, and makes nbconvert warn.
pytestmark = pytest.mark.filterwarnings("ignore")

ADA, BOB = "ada-000", "bob-001"
SECRETS = {ADA: "0f" * 64, BOB: "1e" * 64}


def grade(course):
    """Grade whoever handed in."""
    limits = sandbox.Limits()
    walls = sandbox.walls(trust=True)
    run = functools.partial(cli.open_run, limits, walls=walls)
    return Batch(course, "ps1", limits, run).run()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course with two submissions from an exchange, graded."""
    root = tmp_path_factory.mktemp("made") / "course"
    made = course_of_three.make(root, count=2)
    for student, secret in SECRETS.items():
        folder = made.folder("submitted", "ps1", student)
        (folder / "submission_secret.txt").write_text(secret)
        (folder / "timestamp.txt").write_text("2026-03-05 22:05:00 UTC")
    assert len(grade(made)) == 2
    return made


@pytest.fixture
def course(made, tmp_path):
    """Return a fresh copy of that course, and an exchange beside it."""
    shutil.copytree(made.path, tmp_path / "course")
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    course = Course(tmp_path / "course")
    course.config.Exchange.root = str(tmp_path / "exchange")
    course.directory.course_id = "rnn"
    return course


def write_anew(course):
    """Write Ada's feedback into an empty folder."""
    shutil.rmtree(feedback(course, ADA))
    with Ledger(course, "ps1") as ledger:
        _, entry = ledger.journal()[ADA]
        standing = ledger.standing(ADA)
    rubrics = rubric.rubrics(course, "ps1")
    returning.write(course, "ps1", ADA, entry, standing, rubrics)


def release(course):
    """Run `nbgrader release_feedback` and return what the exchange has."""
    directory = course.directory
    directory.assignment_id, directory.student_id = "ps1", "*"
    ExchangeReleaseFeedback(coursedir=directory, config=course.config).start()
    folder = course.path.parent / "exchange/rnn/feedback"
    return {path.stem: path.read_text("utf-8") for path in folder.iterdir()}


def feedback(course, student):
    """Return a student's folder of feedback."""
    return course.folder("feedback", "ps1", student)


def test_each_page_gets_the_name_that_its_student_looks_for(course):
    """The release of nbgrader finds our pages and addresses them."""
    pages = {
        notebook_hash(secret=secret, notebook_id="p"): (
            feedback(course, student) / "p.html"
        ).read_text("utf-8")
        for student, secret in SECRETS.items()
    }
    assert release(course) == pages


@pytest.mark.parametrize(
    "secret", ["", "../../../x", "0f" * 63, "0F" * 64, "é" * 128, "0f" * 999]
)
def test_what_is_no_secret_is_not_laid_beside_the_page(course, secret):
    """Only what nbgrader itself would have drawn is passed on."""
    folder = course.folder("submitted", "ps1", ADA)
    (folder / "submission_secret.txt").write_text(secret)
    write_anew(course)
    assert [p.name for p in feedback(course, ADA).iterdir()] == ["p.html"]


def test_a_link_is_not_followed_to_somebodys_secret(course):
    """A secret is read from a regular file alone."""
    link = course.folder("submitted", "ps1", ADA) / "submission_secret.txt"
    target = course.folder("submitted", "ps1", BOB) / link.name
    link.unlink()
    link.symlink_to(target)
    write_anew(course)
    assert not (feedback(course, ADA) / link.name).exists()


def generate(course, hook=returning.instead):
    """Press formgrader's button for feedback."""
    course.config.GenerateFeedback.post_convert_hook = hook
    with contextlib.redirect_stderr(io.StringIO()):
        made = course.api().generate_feedback("ps1")
    assert made["success"], made["log"]
    return made["log"]


def test_formgraders_button_makes_our_page_with_points_given_by_hand(course):
    """What nbgrader wrote, hidden tests and all, is replaced."""
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade("why", "p", "ps1", ADA).manual_score = 0.5
        comment = gradebook.find_comment("why", "p", "ps1", ADA)
        comment.manual_comment = "Half of it."
        gradebook.db.commit()
    generate(course)
    for student in SECRETS:
        page = (feedback(course, student) / "p.html").read_text("utf-8")
        assert "Content-Security-Policy" in page
        assert "assert double(3) == 6" not in page
    page = (feedback(course, ADA) / "p.html").read_text("utf-8")
    assert "<b>2.5</b> of 3 points" in page
    assert "Half of it." in page
    assert set(release(course)) == {
        notebook_hash(secret=secret, notebook_id="p")
        for secret in SECRETS.values()
    }


def test_without_our_verdict_there_is_no_page(course, monkeypatch):
    """The page of nbgrader does not stay when ours cannot be written."""

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(returning, "write", fail)
    generate(course)
    assert list(feedback(course, ADA).glob("*.html")) == []
