"""No valid answer is zero with a reason, never full marks."""

import json

import pytest
import torch
from nbformat.v4 import new_output

from autograder import referee
from autograder.challenge import Challenge
from autograder.sandbox import DIED, FINISHED, TIMED_OUT, Transcript
from reference import lstm
from rnnlab.checks import CHECKS, wire
from rnnlab.checks.outcome import Verdict

CHECK = CHECKS["lstm_step"]


def answer(nonce, function=lstm.lstm_step):
    """Return the output of a cell that answers a challenge."""
    cases = [*CHECK.public, *CHECK.challenge(nonce)]
    reports = CHECK.reports(function, cases)
    data = json.loads(json.dumps(wire.encode(CHECK.name, nonce, reports)))
    return new_output("display_data", data={wire.MIME: data})


def ruling(outputs, state=FINISHED, nonce="now"):
    """Rule on the outputs of one graded cell."""
    asked = {"lstm_step": Challenge("cell", "lstm_step", "lstm_step", nonce)}
    found = {} if outputs is None else {"cell": outputs}
    return referee.judge(asked, Transcript(state, found))["lstm_step"]


def test_a_right_answer_passes():
    """The reference's answer to the nonce earns the points."""
    assert ruling([answer("now")]).passed


@pytest.mark.parametrize("state", [FINISHED, DIED, TIMED_OUT])
def test_an_answer_counts_whatever_came_later(state):
    """What answered before a crash or a time limit keeps its marks."""
    assert ruling([answer("now")], state).passed


def test_a_replayed_answer_is_no_answer():
    """An answer to yesterday's nonce says so and earns nothing."""
    outcome = ruling([answer("yesterday")])
    assert not outcome.passed
    assert "another challenge" in outcome.message


def test_knowing_the_public_cases_by_heart_is_not_enough():
    """A function that is right on the public inputs alone earns nothing."""
    known = [CHECK.arguments(case)["x"] for case in CHECK.public]

    def recite(x, prev_state, *parameters):
        state = lstm.lstm_step(x, prev_state, *parameters)
        if any(torch.equal(x, seen) for seen in known):
            return state
        return lstm.LSTMState(*(torch.zeros_like(half) for half in state))

    reports = CHECK.reports(recite, CHECK.public)
    assert CHECK.judge_visible(reports, CHECK.public).passed
    outcome = ruling([answer("now", recite)])
    assert not outcome.passed
    assert "hidden check" in outcome.message


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ([], "gave no answer"),
        ([new_output("stream", text="PASSED")], "gave no answer"),
        ([new_output("error", ename="TimeLimit")], "took longer"),
        (
            [new_output("error", ename="NameError", evalue="name 'f'")],
            "name 'f'. Is the cell that defines it there",
        ),
        ([new_output("error", ename="ZeroDivisionError")], "ZeroDivision"),
        (
            [new_output("display_data", data={wire.MIME: "forged"})],
            "could not be read",
        ),
    ],
)
def test_no_valid_answer_is_no_pass(outputs, words):
    """The paragraph says what was missing."""
    outcome = ruling(outputs)
    assert not outcome.passed
    assert words in " ".join(outcome.message.split())


@pytest.mark.parametrize("state", [TIMED_OUT, DIED])
def test_cells_that_were_not_reached_say_why(state):
    """The reason of the early end is the reason of the zero."""
    outcome = ruling(None, state)
    assert outcome.verdict is Verdict.CANNOT_CHECK
    assert "before this cell" in outcome.message


def test_verdicts_become_outputs_that_nbgrader_scores():
    """Passed is text on stdout; anything else is an error output."""
    [passed] = referee.outputs(ruling([answer("now")]))
    assert (passed.output_type, passed.name) == ("stream", "stdout")
    [failed] = referee.outputs(ruling([]))
    assert failed.output_type == "error"
