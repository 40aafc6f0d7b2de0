"""nbgrader's rule for stock test cells, and where ours differs on purpose."""

import logging

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.utils import compute_checksum, determine_grade

from autograder import rule


def graded(*outputs, points=2.0):
    """Return a graded code cell with some outputs."""
    nbgrader = {"grade_id": "t", "grade": True, "solution": False}
    nbgrader |= {"points": points, "schema_version": 3, "locked": True}
    cell = new_code_cell("assert f(1)", metadata={"nbgrader": nbgrader})
    cell.outputs = list(outputs)
    return cell


def value(text):
    """Return the output of a cell whose last value prints so."""
    return new_output("execute_result", data={"text/plain": text})


OUT = new_output("stream", name="stdout", text="hello")
ERR = new_output("stream", name="stderr", text="a warning")
BAD = new_output("error", ename="AssertionError", evalue="", traceback=[])


@pytest.mark.parametrize(
    "outputs",
    [
        (),
        (OUT,),
        (BAD,),
        (OUT, BAD),
        (value("0"),),
        (value("0.0"),),
        (value("1.5"),),
        (value("2"),),
        (value("'text'"),),
        (value("1.5"), BAD),
        (BAD, value("1.5")),
    ],
)
def test_the_score_is_nbgraders(outputs):
    """Wherever nbgrader's rule makes sense, ours is the same."""
    log = logging.getLogger("quiet")
    log.disabled = True
    score, _ = determine_grade(graded(*outputs), log)
    assert rule.auto_score(graded(*outputs)) == score


@pytest.mark.parametrize(
    ("output", "score"),
    [
        (value("nan"), 0.0),
        (value("-1"), 0.0),
        (value("-inf"), 0.0),
        (value("inf"), 2.0),
        (value("7"), 2.0),
        (ERR, 2.0),
    ],
)
def test_the_score_differs_on_purpose(output, score):
    """No full marks for NaN, no crash for too much, no zero for stderr."""
    assert rule.auto_score(graded(output)) == score


def test_a_cell_that_was_not_reached_earns_nothing():
    """Nbgrader would give it full marks, for it did not fail."""
    assert rule.auto_score(graded(*rule.not_run("too late"))) == 0.0


def test_written_answers_wait_for_a_person():
    """An untouched one earns nothing at once."""
    cell = new_markdown_cell("YOUR ANSWER HERE")
    cell.metadata["nbgrader"] = {
        "grade_id": "w",
        "grade": True,
        "solution": True,
        "points": 3,
    }
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    assert rule.auto_score(cell) == 0.0
    cell.source = "Because."
    assert rule.auto_score(cell) is None
