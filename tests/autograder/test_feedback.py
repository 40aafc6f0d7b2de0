"""A page says why, shows nothing hidden and executes nothing of theirs."""

import base64
import hashlib
import re

from autograder.feedback import Page

SHEET = {"outcome": "graded", "reason": "", "notes": [], "tasks": []}
TASK = {
    "grade_id": "lstm_step",
    "title": "Task 1: lstm_step",
    "verdict": "not yet",
    "mistake": "",
    "message": "NOT YET  lstm_step",
    "hint": "Which rows?",
    "equation": "eq-lstm-cell-state",
    "link": "https://example.org/04-lstm.html#equation-eq-lstm-cell-state",
    "score": 0.0,
    "max_score": 4.0,
    "comment": "",
    "rubric": [],
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`"


def page(sheet=None, penalty=0.0, student="ada", **task):
    """Return a page with one task."""
    sheet = {**SHEET, **(sheet or {})}
    return Page(student, "04-lstm", sheet, [{**TASK, **task}], penalty)


def test_everything_a_learner_can_set_is_escaped():
    """Ids, messages, notes and comments arrive as text."""
    html = page(
        {"reason": HOSTILE, "notes": [HOSTILE]},
        student=HOSTILE,
        message=HOSTILE,
        comment=HOSTILE,
        rubric=[HOSTILE, HOSTILE],
        title=HOSTILE,
    ).html()
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;") == 10


def test_the_policy_allows_the_pages_own_style_alone():
    """No script, image, frame or other host; the hash is the style's."""
    html = page().html()
    policy = re.search(r'Policy" content="([^"]+)"', html)[1]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = hashlib.sha256(style.encode()).digest()
    assert policy == (
        "default-src 'none'; style-src "
        f"'sha256-{base64.b64encode(digest).decode()}'"
    )
    assert "<script" not in html


def test_points_add_up_and_late_ones_are_taken():
    """The total is what the tasks earned less the penalty."""
    html = page(score=4.0, verdict="passed", penalty=1.5).html()
    assert "<b>2.5</b> of 4 points, after 1.5 taken for being late" in html


def test_what_waits_for_a_person_is_said():
    """A written answer is to come, not zero."""
    html = page(score=None, verdict="waits for a person", message="").html()
    assert "a person has yet to read part of it" in html
    assert "to come / 4" in html


def test_the_hint_and_the_equation_help_on():
    """A failed task shows its first hint and links to the book."""
    html = page().html()
    assert "Which rows?" in html
    assert f'href="{TASK["link"]}"' in html


def test_a_page_knows_itself(tmp_path):
    """It is written again only when something on it changed."""
    path = tmp_path / "page.html"
    assert not page().is_at(path)
    path.write_text(page().html(), "utf-8")
    assert page().is_at(path)
    assert not page(comment="Well argued.").is_at(path)
    assert not page(score=1.0).is_at(path)
