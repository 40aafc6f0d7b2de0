"""A learner sees what the points were for once a person gave them."""

import functools
import shutil

import course_of_three as three
import nbformat
import pytest

from autograder import cli, rubric, sandbox
from autograder.batch import Batch
from autograder.course import Course

SOLUTION = """\
<!-- solution: why -->
=== BEGIN SOLUTION ===

**Model answer.** The secret is `42`.

**Rubric, one point each.**

1. Says `why`; **half a point** otherwise,
   or less.
2. Quotes a number.

=== END SOLUTION ===
What comes after.
"""
LIMITS = sandbox.Limits(cell_seconds=10)
RUNS = functools.partial(cli.open_run, LIMITS, walls=sandbox.walls(trust=True))


def test_a_rubric_is_read_without_the_model_answer():
    """First what its heading adds, then its points, in plain text."""
    assert rubric.read(SOLUTION) == [
        "one point each.",
        "Says why; half a point otherwise, or less.",
        "Quotes a number.",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "=== BEGIN SOLUTION ===\nx\n=== END SOLUTION ===",
        "The **Rubric** in a sentence is none.",
        "",
    ],
)
def test_an_answer_may_have_no_rubric(source):
    """Then there is nothing to show."""
    assert rubric.read(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "**Rubric.**\n- one\n- two\n=== END SOLUTION ===",
        "**Rubric**\n\none\n\n* two",
        "**Rubric:**\n1) one\n2) two",
    ],
)
def test_points_may_be_a_list_of_any_kind(source):
    """Numbers, dashes, stars, or a first paragraph."""
    assert [line.strip(".") for line in rubric.read(source)] == [
        "",
        "one",
        "two",
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a graded course whose question has a rubric."""
    course = three.make(tmp_path_factory.mktemp("made") / "course", count=1)
    file = course.folder("source", "ps1") / "p.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[3].source = SOLUTION
    nbformat.write(notebook, file)
    Batch(course, "ps1", LIMITS, RUNS).run()
    return course


def page(course):
    """Return the feedback page of the one student."""
    folder = course.folder("feedback", "ps1", "ada-000")
    return (folder / "p.html").read_text("utf-8")


def test_the_rubric_is_shown_once_a_person_graded(made, tmp_path):
    """Before, it stays hidden; after, the page is there without a run."""
    shutil.copytree(made.path, tmp_path / "course")
    course = Course(tmp_path / "course")
    assert "What the points are for" not in page(course)
    with course.gradebook() as gradebook:
        given = gradebook.find_grade("why", "p", "ps1", "ada-000")
        given.manual_score, given.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    [result] = Batch(course, "ps1", LIMITS, RUNS).run()
    assert not result.fresh
    text = page(course)
    assert "What the points are for" in text
    assert "(one point each)" in text
    assert "<li>Quotes a number.</li>" in text
    assert "secret" not in text
    assert "42" not in body(text)
    assert "What comes after" not in text


def body(text):
    """Return a page without its head, where digests are."""
    return text.partition("<body>")[2]
