"""A class in parallel: the same results, nothing twice, nothing lost."""

import functools
import json
import shutil
import subprocess
import sys

import course_of_three as three
import pytest

from autograder import cli, sandbox
from autograder.batch import Batch
from autograder.course import Course
from autograder.worker import Worker

LIMITS = sandbox.Limits(cell_seconds=10)
WALLS = sandbox.walls(trust=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course with ten submissions, ungraded."""
    return three.make(tmp_path_factory.mktemp("made") / "course", count=10)


@pytest.fixture
def course(made, tmp_path):
    """Return a fresh copy of that course."""
    shutil.copytree(made.path, tmp_path / "course")
    return Course(tmp_path / "course")


def grade(course, jobs=2, report=lambda _: None, **options):
    """Grade the course; return results by student."""
    open_run = functools.partial(cli.open_run, LIMITS, walls=WALLS)
    batch = Batch(course, "ps1", LIMITS, open_run, **options)
    return {result.student: result for result in batch.run(jobs, report)}


def untimed(results):
    """Return results without what may differ from run to run."""
    return {
        student: (r.outcome, r.reason, r.score, r.max_score, r.tasks)
        for student, r in results.items()
    }


def test_scores_are_what_the_answers_deserve(course):
    """Right, wrong, raising, dying: each with its own outcome."""
    results = grade(course)
    assert [results[f"ada-{n:03d}"].score for n in (0, 5)] == [2, 2]
    assert results["eve-004"].score == 2
    assert {results[f"{n}"].score for n in ("bob-001", "cem-002")} == {0}
    assert results["dot-003"].outcome == sandbox.DIED
    assert results["dot-003"].score == 0
    assert all(r.tasks[1]["score"] is None for r in results.values())


def test_results_do_not_depend_on_the_number_of_jobs(made, tmp_path):
    """Gradebook, notebooks and pages are the same, byte for byte."""
    seen = []
    for jobs in (1, 3):
        copy = tmp_path / str(jobs) / "course"
        shutil.copytree(made.path, copy)
        course = Course(copy)
        results = grade(course, jobs)
        seen.append(
            (three.rows(course), three.pages(course), untimed(results))
        )
    assert seen[0] == seen[1]


def test_nothing_is_graded_twice(course, monkeypatch):
    """A second run finds everything done, and does not start a cell."""
    first = grade(course)
    before = three.rows(course), three.pages(course)
    monkeypatch.setattr(Worker, "run", lambda *_: pytest.fail("it ran again"))
    second = grade(course)
    assert untimed(first) == untimed(second)
    assert (three.rows(course), three.pages(course)) == before
    assert not any(result.fresh for result in second.values())


def test_a_resubmission_is_graded_without_a_timestamp(course):
    """Other bytes are other work; the neighbours are left alone."""
    grade(course)
    three.hand_in(course, "bob-001", three.ANSWERS["ada"])
    results = grade(course)
    assert results["bob-001"].score == 2
    assert [s for s, r in results.items() if r.fresh] == ["bob-001"]


def test_other_limits_are_another_key(course):
    """What decides a grade is part of the key."""
    grade(course)
    other = LIMITS._replace(cell_seconds=11)
    open_run = functools.partial(cli.open_run, other, walls=WALLS)
    batch = Batch(course, "ps1", other, open_run)
    assert all(result.fresh for result in batch.run(2))


def test_force_grades_again(course):
    """Whatever the journal says."""
    grade(course)
    assert all(result.fresh for result in grade(course, force=True).values())


def test_a_lost_page_comes_back_without_a_run(course, monkeypatch):
    """Feedback is made from the journal and the gradebook."""
    grade(course)
    before = three.pages(course)
    shutil.rmtree(course.path / "feedback")
    monkeypatch.setattr(Worker, "run", lambda *_: pytest.fail("it ran again"))
    grade(course)
    assert three.pages(course) == before


def test_what_a_person_gave_reaches_the_page(course):
    """A manual score and comment show without grading again."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    grade(course)
    with Gradebook(course.db_url) as gradebook:
        key = ("why", "p", "ps1", "ada-000")
        given = gradebook.find_grade(*key)
        given.manual_score, given.needs_manual_grade = 0.5, False
        gradebook.find_comment(*key).manual_comment = "Say <why>."
        gradebook.db.commit()
    results = grade(course)
    assert results["ada-000"].score == 2.5
    assert not results["ada-000"].fresh
    page = course.folder("feedback", "ps1", "ada-000") / "p.html"
    assert "Say &lt;why&gt;." in page.read_text("utf-8")


def test_a_submission_we_fail_on_is_no_zero(course, monkeypatch):
    """Our own failure is reported, recorded nowhere, and stops nobody."""
    grade_one = Batch._grade_changed

    def stumble(self, run, student):
        if student == "bob-001":
            raise OSError("disk on fire")
        return grade_one(self, run, student)

    monkeypatch.setattr(Batch, "_grade_changed", stumble)
    results = grade(course)
    assert results["bob-001"].outcome == "grader failed"
    assert "disk on fire" in results["bob-001"].reason
    assert results["ada-000"].score == 2
    assert "bob-001" not in {row[0] for row in three.rows(course)}


def command(course, *words):
    """Return the command that grades a course."""
    folder = str(course.path)
    words = ["grade", "ps1", "--course", folder, "--jobs", "2", *words]
    return [sys.executable, "-m", "autograder", *words]


def test_the_command_reports_in_text_and_json(course, tmp_path):
    """The table on stdout, the record in the file, exit status 0."""
    report = tmp_path / "report.json"
    done = subprocess.run(
        command(course, "--json", str(report)),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "ada-000" in done.stdout
    found = json.loads(report.read_text())["submissions"]
    assert [one["student"] for one in found] == sorted(
        one["student"] for one in found
    )
    assert found[0]["tasks"][0].keys() == {
        "grade_id",
        "score",
        "max_score",
        "verdict",
        "mistake",
    }
