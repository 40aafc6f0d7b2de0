"""Pages that the grader makes, as learners and instructors meet them."""

import pytest

from autograder import similarity
from autograder.collect.lines import Line
from autograder.feedback import Page
from autograder.report import page, picture
from autograder.report.alike import Alike

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
HOSTILE = "<img src='https://evil.example/x' onerror='document.title=1'>"
LONG = "a-name-without-any-place-to-break-" * 4
SIZES = {"desk": (1400, 900), "phone": (390, 844)}


def report():
    """Return a report in which everything is there, some of it hostile."""
    works = {}
    tasks = [
        picture.Task("p", f"t{number}", LONG, 4.0, f"T {number}")
        for number in range(6)
    ]
    tasks[0].label = HOSTILE
    for number in range(30):
        student = f"{HOSTILE}{number}" if number < 3 else f"student-{number}"
        work = works[student] = picture.Work(student)
        for place, task in enumerate(tasks):
            score = [4.0, 2.0, 0.0, None][(number + place) % 4]
            work.tasks.append({"score": score, "attempted": number % 5 > 0})
            task.entries.append(work.tasks[-1])
    works["student-9"].outcome = "rejected"
    works["student-9"].reason = f"{LONG} is not a notebook."
    pairs = [similarity.Pair(HOSTILE, LONG, 0.91, 120)]
    made = picture.Picture(
        f"04-{HOSTILE}",
        24.0,
        works,
        tasks,
        [("T 1", "You swapped <b>two</b> gates.", 7)],
        [Line(HOSTILE + LONG, "refused", "", "an empty file.")],
        [Alike("p", "t0", similarity.Comparison(pairs, 0.1, 0.91, 20, 3))],
    )
    empty = picture.Picture("05-empty", 3.0, {}, [], [], [], [])
    return page.render([made, empty], "Course")


def feedback():
    """Return a feedback page in which everything is there."""
    task = {
        "title": f"Task {LONG}",
        "verdict": "not yet",
        "message": f"NOT YET  lstm_step\n\n{HOSTILE}\n{LONG}",
        "hint": "Which rows?",
        "equation": "eq-lstm-cell-state",
        "link": "https://example.org/04-lstm.html#equation-eq-lstm",
        "score": 1.5,
        "max_score": 4.0,
        "comment": f"{HOSTILE}\n{LONG}",
        "rubric": ["one point each.", "The product.", HOSTILE + LONG],
    }
    passed = {**task, "verdict": "passed", "score": 4.0, "rubric": []}
    sheet = {"outcome": "timed out", "reason": LONG, "notes": [HOSTILE]}
    return Page(HOSTILE, "04-lstm", sheet, [task, passed], 0.5).html()


@pytest.fixture(params=[report, feedback], ids=["report", "feedback"])
def html(request):
    """Return one of the pages."""
    return request.param()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_page_is_sound(html, size, mode, browser, axe_script, tmp_path):
    """It asks nobody, runs nothing, fits the window, can be read by all."""
    file = tmp_path / "page.html"
    file.write_text(html, "utf-8")
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=mode
    )
    opened, errors, asked = context.new_page(), [], []
    opened.on("console", lambda message: errors.append(message.text))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(file.as_uri(), wait_until="load")
    assert errors == []
    assert [a for a in asked if not a.startswith(("file:", "data:"))] == []
    assert opened.title() != "1"
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.evaluate(_BROKEN) == 0
    opened.evaluate(axe_script)
    found = opened.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
    said = [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
    assert said == []
    context.close()


def test_a_page_prints_in_ink_on_paper(html, browser, tmp_path):
    """Dark on white whatever the screen's mode, and nothing is cut off."""
    file = tmp_path / "page.html"
    file.write_text(html, "utf-8")
    context = browser.new_context(color_scheme="dark")
    opened = context.new_page()
    opened.emulate_media(media="print", color_scheme="dark")
    opened.set_viewport_size({"width": 700, "height": 990})
    opened.goto(file.as_uri(), wait_until="load")
    style = opened.evaluate(
        "[getComputedStyle(document.body).color,"
        " getComputedStyle(document.body).backgroundColor,"
        " document.documentElement.scrollWidth]"
    )
    assert style[:2] == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert style[2] <= 700
    assert not opened.evaluate(_DARK_IMAGES)
    context.close()


#: Images that did not load.
_BROKEN = """() =>
  [...document.images].filter((image) => !image.naturalWidth).length"""

#: Whether an image for dark pages is the one on paper.
_DARK_IMAGES = """() => [...document.images].some(
  (image) => image.currentSrc !== image.getAttribute("src"))"""
