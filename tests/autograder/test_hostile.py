"""Hostile and broken notebooks: bounded, just, and harmless to the rest.

Each goes the whole way of a submission: folder, batch, sandbox, referee,
gradebook, feedback page. A neighbour is graded by the same warm process
before and after it.
"""

import contextlib
import copy
import json
import os
import secrets

import hostile
import hostile_answers  # noqa: F401 - registers its cases
import hostile_damage  # noqa: F401 - registers its cases
import hostile_editing  # noqa: F401
import hostile_faking  # noqa: F401
import hostile_folders  # noqa: F401
import hostile_pages
import hostile_sources  # noqa: F401
import hostile_spoofing  # noqa: F401
import hostile_stealing  # noqa: F401
import nbformat
import pytest
from hostile_course import ASSIGNMENT, FILE, PLANTED, hand_in, make
from test_sandbox import namespaces

from autograder import sandbox
from autograder.batch import Batch
from autograder.worker import Worker

pytestmark = [
    pytest.mark.skipif(
        not (namespaces() or os.environ.get("REQUIRE_SYSTEM")),
        reason="NO SECURITY SUITE: bubblewrap does not work",
    ),
    pytest.mark.timeout(120),
    pytest.mark.slow,
]

LIMITS = sandbox.Limits(
    cell_seconds=2,
    notebook_seconds=10,
    cpu_seconds=20,
    memory=384 << 20,
    processes=32,
    open_files=128,
    disk=16 << 20,
    cell_output=1_000_000,
    notebook_output=4_000_000,
)
NEIGHBOUR = "neighbour"
SCORES = {"lstm_step": 6, "open_forget_gate": 4}


@pytest.fixture(scope="module")
def secret():
    """Return a text that only the grader knows, in its environment too."""
    text = f"planted-{secrets.token_hex(8)}"
    os.environ["GRADER_TOKEN"] = text
    yield text
    del os.environ["GRADER_TOKEN"]


@pytest.fixture(scope="module")
def course(tmp_path_factory, secret):
    """Return a course with a neighbour and secrets all over."""
    made = make(tmp_path_factory.mktemp("hostile") / "course", secret)

    def keep_a_secret(notebook):
        cell = hostile.find(notebook)
        cell.source += f"\n\nmine = '{secret}'"

    hand_in(made, NEIGHBOUR, keep_a_secret)
    return made


@pytest.fixture(scope="module")
def batch(course, secret):
    """Return a batch whose one worker serves all cases."""
    del secret  # the environment has it before the worker starts
    with Worker(LIMITS) as worker:
        pid = worker.process.pid
        open_run = contextlib.nullcontext(worker.run)
        made = Batch(course, ASSIGNMENT, LIMITS, lambda: open_run, force=True)
        assert points(grade(made, NEIGHBOUR)[NEIGHBOUR]) == SCORES
        yield made
        assert worker.process.pid == pid, "the warm process was lost"


def grade(batch, *students):
    """Grade some students, in this order; return results by student."""
    batch.students = students
    return {result.student: result for result in batch.run(1)}


def shown(course, student):
    """Return all that a learner can see: the outputs, then the page."""
    folder = course.folder("autograded", ASSIGNMENT, student)
    notebook = nbformat.read(folder / FILE, as_version=4)
    outputs = [
        cell.outputs for cell in notebook.cells if cell.cell_type == "code"
    ]
    page = course.folder("feedback", ASSIGNMENT, student) / "lstm.html"
    return json.dumps(outputs), page.read_text("utf-8")


def agrees(found, expected):
    """Return whether a verdict is the one, or one of those, expected."""
    allowed = (expected,) if isinstance(expected, str) else expected
    return found in allowed


def points(result):
    """Return the scores of the graded tasks by name."""
    return {
        task["grade_id"]: task["score"]
        for task in result.tasks
        if task["grade_id"] in SCORES
    }


def test_there_are_enough_cases():
    """The suite covers at least sixty."""
    assert len(hostile.CASES) >= 60


@pytest.mark.parametrize("name", sorted(hostile.CASES))
def test_hostile(name, batch, course, secret):
    """Verdicts, time, neighbours and secrets."""
    case = hostile.CASES[name]
    hand_in(course, name, lambda notebook: notebook, case)
    results = grade(batch, name, NEIGHBOUR)
    result = results[name]
    verdicts = {task["grade_id"]: task["verdict"] for task in result.tasks}
    outputs, page = shown(course, name)
    assert agrees(result.outcome, case.outcome), (result, outputs[-3000:])
    assert agrees(verdicts["lstm_step"], case.step), outputs[-3000:]
    assert agrees(verdicts["open_forget_gate"], case.gate), outputs[-3000:]
    assert points(result) == {
        task: most if verdicts[task] == hostile.PASSED else 0
        for task, most in SCORES.items()
    }
    assert result.seconds < case.seconds
    [task] = [t for t in result.tasks if t["grade_id"] == "lstm_step"]
    assert task["mistake"] == case.mistake or not case.mistake
    assert case.proof in outputs
    assert points(results[NEIGHBOUR]) == SCORES
    for student in results:
        for text in shown(course, student):
            assert secret not in text
    assert "<script" not in page
    assert len(page) < 100_000


def test_the_hunters_find_what_they_hunt(batch, course, secret):
    """A secret that lies open is found and printed: the cases can fail."""
    case = hostile.CASES["steals-history"]

    def with_secret(notebook):
        case.hand_in(notebook)
        cell = hostile.find(notebook)
        cell.source = f"mine = '{secret}'\n{cell.source}"

    hand_in(course, "open", with_secret)
    result = grade(batch, "open")["open"]
    assert f"FOUND {secret}" in shown(course, "open")[0]
    assert points(result) == SCORES


def test_secrets_are_where_they_should_be(course, secret):
    """The instructor's files hold them, or nothing was tested."""
    for path in PLANTED(course):
        assert secret in path.read_text("utf-8"), path


@pytest.mark.parametrize(
    "student",
    [
        "-rf",
        "a b",
        "o'brien",
        "<script>x",
        "ünï",
        "x;drop table",
        "=1+1",
        "%s{0}",
        "new\nline",
        'quo"te',
    ],
)
def test_odd_names_of_students(student, batch, course):
    """A name is data: on the page, in the gradebook, as a folder."""
    hand_in(course, student, hostile.text)
    result = grade(batch, student)[student]
    assert points(result) == SCORES
    page = shown(course, student)[1]
    assert "<script" not in page


def test_a_name_that_no_database_holds(batch, course):
    """What cannot be recorded is our failure, said so, and stops nobody."""
    student = os.fsdecode(b"latin-\xe9")
    hand_in(course, student, hostile.text)
    results = grade(batch, student, NEIGHBOUR)
    assert results[student].outcome == "grader failed"
    assert points(results[NEIGHBOUR]) == SCORES


def test_markup_is_gone_from_outputs(batch, course):
    """What a page would run is in no output, answers are escaped."""
    for name in ("outputs-of-markup", "script-in-the-written-answer"):
        hand_in(course, name, copy.copy, hostile.CASES[name])
        grade(batch, name)
    assert hostile_pages.SCRIPT not in shown(course, "outputs-of-markup")[0]
    folder = course.folder(
        "autograded", ASSIGNMENT, "script-in-the-written-answer"
    )
    notebook = nbformat.read(folder / FILE, as_version=4)
    cell = hostile.find(notebook, "written-forget-gate")
    assert "<script" not in cell.source
    assert "<img" not in cell.source
