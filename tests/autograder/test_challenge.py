"""A graded cell answers a nonce where all it does is call a check."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.challenge import challenges

META = {"grade_id": "lstm_step", "grade": True, "solution": False}


def asked(source):
    """Return the challenges of a notebook with one graded cell."""
    metadata = {"nbgrader": {**META, "points": 1, "schema_version": 3}}
    cell = new_code_cell(source, metadata=metadata)
    return challenges(new_notebook(cells=[cell]))


def test_visible_and_hidden_check_become_one_challenge():
    """The challenge names the check and how to get the object."""
    challenge = asked(
        "# grade: lstm_step\nchecks.lstm_step(mine.lstm_step)\n"
        "checks.lstm_step.hidden(mine.lstm_step)"
    )["lstm_step"]
    assert (challenge.check, challenge.target) == (
        "lstm_step",
        "mine.lstm_step",
    )
    assert f"nonce='{challenge.nonce}'" in challenge.source()


def test_every_run_draws_another_nonce():
    """An answer that was seen before answers nothing."""
    source = "checks.lstm_step(lstm_step)"
    nonces = {asked(source)["lstm_step"].nonce for _ in range(20)}
    assert len(nonces) == 20


@pytest.mark.parametrize(
    "source",
    [
        "assert True",
        "checks.lstm_step(lstm_step)\nassert True",
        "checks.no_such_check(lstm_step)",
        "checks.lstm_step(lstm_step, 1)",
        "checks.lstm_step(lstm_step, device='cpu')",
        "checks.lstm_step(",
        "",
    ],
)
def test_any_other_cell_is_judged_by_nbgraders_rule(source):
    """A cell that does something else is left as it is."""
    assert asked(source) == {}
