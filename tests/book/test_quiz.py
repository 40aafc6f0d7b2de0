"""The quiz: from the keyboard, for a screen reader, and without scripts."""

import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]

BOOK = Path(__file__).resolve().parents[2] / "book"
CHAPTERS = sorted(path.stem for path in BOOK.glob("[0-9][0-9]-*.md"))


@pytest.fixture(params=CHAPTERS)
def chapter(request, site):
    """Return the address of a chapter."""
    return f"{site}/{request.param}.html"


def test_every_answer_has_feedback_from_the_keyboard(browser, chapter):
    """Arrow keys choose, Enter asks, and the answer's own feedback comes."""
    page = browser.new_page()
    page.goto(chapter, wait_until="load")
    questions = page.locator(".quiz-question")
    assert questions.count() >= 1
    for index in range(questions.count()):
        question = questions.nth(index)
        radios = question.get_by_role("radio")
        status = question.get_by_role("status")
        radios.first.focus()
        page.keyboard.press("Space")
        seen = []
        for _ in range(radios.count()):
            page.keyboard.press("Enter")
            seen.append(status.inner_text())
            page.keyboard.press("ArrowDown")
        assert len(set(seen)) == radios.count()
        assert sum(text.startswith("Right.") for text in seen) == 1
    page.close()


def test_button_is_next_in_tab_order_and_asks_for_a_choice(browser, chapter):
    """Tab leads from the answers to the button; unanswered, it says so."""
    page = browser.new_page()
    page.goto(chapter, wait_until="load")
    question = page.locator(".quiz-question").first
    question.get_by_role("radio").first.focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "Check the answer"
    page.keyboard.press("Enter")
    status = question.get_by_role("status")
    assert status.inner_text() == "Choose an answer first."
    assert status.get_attribute("aria-live") == "polite"
    page.close()


def test_question_is_the_group_s_name(browser, chapter):
    """A screen reader hears the question as the name of its group."""
    page = browser.new_page()
    page.goto(chapter, wait_until="load")
    group = page.locator(".quiz-question").first.get_by_role("group")
    snapshot = group.aria_snapshot()
    assert re.match(r"- group .Question 1 of \d+", snapshot)
    page.close()


def test_answers_open_without_javascript(browser, chapter):
    """Without scripts each answer opens to its feedback from the keyboard."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(chapter, wait_until="load")
    answer = page.locator(".quiz-answer").first
    feedback = answer.locator(".quiz-feedback")
    assert not feedback.is_visible()
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert feedback.is_visible()
    context.close()
