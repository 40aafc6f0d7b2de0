"""A day of a class on its own hub, followed as the book tells it."""

import io
import os
import re
import shutil
import tempfile
from pathlib import Path

import class_hub
import people
import pytest
from PIL import Image

BOOK = class_hub.ROOT / "book"
PAGE = BOOK / "about/class-hub.md"
PICTURES = BOOK / "about/hub"
SOLUTION = class_hub.ROOT / "solutions/05-gru/gru.md"
WRONG = """\
# solution: gru_step
def gru_step(x, prev_hidden_state, weight_ih, weight_hh, bias_ih, bias_hh):
    return prev_hidden_state
"""
ANSWER = "c_p moves the update gate: at -3 it is close to 0.05."
COMMENT = "Say what that means for the state after 50 steps."
REGENERATE = os.environ.get("REGENERATE") == "1"


def figures():
    """Return the captions of the page's pictures, by their names."""
    pattern = r"```\{figure\} hub/([a-z-]+)\.png\n(.*?)```"
    found = re.findall(pattern, PAGE.read_text("utf-8"), re.DOTALL)
    return {
        name: re.sub(r":\w+:.*\n", "", body).strip() for name, body in found
    }


def commands():
    """Return the commands that the page tells an instructor to type."""
    blocks = re.findall(
        r"```bash\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    return [line for block in blocks for line in block.splitlines()]


def right():
    """Return the solution of the first task, as a learner would write it."""
    text = SOLUTION.read_text("utf-8")
    begin = text.index("# solution: gru_step\n")
    cell = text[begin : text.index("    ### END SOLUTION", begin)]
    return cell.replace("    ### BEGIN SOLUTION\n", "")


@pytest.fixture
def place():
    """Return a folder for a hub, with a short name that may be shown."""
    made = Path(tempfile.mkdtemp(prefix="class-hub-"))
    yield made
    shutil.rmtree(made)


class Album:
    """The pictures of a day, each taken after its step was done."""

    def __init__(self):
        self.captions = {}

    def take(self, name, person, caption):
        """Take a picture; keep it where REGENERATE=1 asks for that."""
        self.captions[name] = caption
        person.page.wait_for_timeout(700)
        shot = Image.open(io.BytesIO(person.page.screenshot()))
        if REGENERATE:
            PICTURES.mkdir(exist_ok=True)
            small = shot.convert("RGB").quantize(64)
            small.save(PICTURES / f"{name}.png", optimize=True)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.timeout(900)
def test_a_day_on_the_class_hub(browser, place):
    """From the release to the feedback read, as the page says it."""
    album = Album()
    with class_hub.running(place) as address:
        password = (place / "password").read_text("utf-8").strip()
        key = (browser, address)
        teacher = people.Instructor(*key, "teacher", password)
        release(teacher, album)
        ada = people.Student(*key, "ada", password)
        hand_in(ada, album)
        emmy = people.Student(*key, "emmy", password)
        emmy.fetch("05-gru")
        emmy.submit("05-gru")
        grade(teacher, album)
        give_back(teacher, album)
        read(ada)
        course = place / "home/teacher/rnn"
        shown = (course / "feedback/ada/05-gru/gru.html").read_bytes()
        (fetched,) = (place / "home/ada/05-gru/feedback").rglob("gru.html")
        assert fetched.read_bytes() == shown
        assert people.status(emmy.page, f"{address}/user/emmy/formgrader") == (
            404
        )
        assert people.status(emmy.page, f"{address}/user/ada/lab") == 403
        for person in (teacher, ada, emmy):
            assert person.foreign == [], person.name
            person.page.context.close()
    assert class_hub.processes(place) == []
    assert teacher.typed == commands()[1:]
    assert album.captions == figures()
    assert list(album.captions) == list(figures())


def release(teacher, album):
    """Make the class known and give it its first assignment."""
    teacher.type("cd rnn")
    teacher.type("nbgrader db student add ada --last-name=Lovelace")
    teacher.type("nbgrader db student add emmy --last-name=Noether")
    teacher.formgrader()
    assert "Successfully released" in teacher.press("05-gru", "release")
    album.take(
        "released",
        teacher,
        "Formgrader says that 05-gru is released. The button in the column "
        "*Release* now takes it back.",
    )


def hand_in(ada, album):
    """Fetch, be told what is wrong, mend it, validate and submit."""
    ada.fetch("05-gru")
    ada.open("05-gru", "gru")
    ada.write("# solution: gru_step", WRONG)
    ada.run()
    ada.page.wait_for_selector('.jp-Notebook :text("NOT YET")')
    album.take(
        "checked",
        ada,
        "The check below a task says what differs, before anything is handed "
        "in.",
    )
    ada.write("# solution: gru_step", right())
    ada.write("YOUR ANSWER HERE", ANSWER)
    ada.save()
    said = ada.validate()
    assert "NOT ATTEMPTED  lecture_gru_step" in said
    assert "checks.gru_step(gru_step)" not in said
    album.take(
        "validated",
        ada,
        "*Validate* runs the whole notebook and lists the checks that do not "
        "pass: three tasks are still to do.",
    )
    ada.page.locator(".jp-Dialog button").last.click()
    ada.submit("05-gru")
    album.take(
        "submitted",
        ada,
        "The Assignment List shows when the notebook was submitted.",
    )


def grade(teacher, album):
    """Collect and grade, by two commands."""
    said = teacher.type(
        "autograder collect 05-gru $CLASS_HUB/exchange/rnn/inbound"
    )
    assert "2 taken" in said
    said = teacher.type("autograder grade 05-gru")
    assert re.search(r"ada +6 +22 +graded", said)
    assert re.search(r"emmy +0 +22 +graded", said)
    album.take(
        "graded",
        teacher,
        "Two submissions collected and graded. What is written waits for you "
        "and counts as none so far.",
    )


def give_back(teacher, album):
    """Read the written answer, give points, and release the feedback."""
    teacher.tab("Formgrader")
    teacher.give("ada", "05-gru", "gru", "written-gru", "3", COMMENT)
    album.take(
        "points",
        teacher,
        "Points and a comment for the written answer. Formgrader saves both "
        "as you leave the field.",
    )
    teacher.leave()
    said = teacher.press("05-gru", "generate-feedback")
    assert "Successfully generated" in said
    said = teacher.press("05-gru", "release-feedback")
    assert "Successfully released" in said


def read(ada):
    """Read the feedback where the notebook was handed in."""
    page = ada.read_feedback("05-gru", "gru")
    page.get_by_text(COMMENT).wait_for()
    said = page.locator("body").inner_text()
    assert re.search(r"9\s+of\s+22", said)
    assert "BEGIN HIDDEN" not in said


def test_pictures_are_small_and_described():
    """Each is on the page with alt text, and none is left over."""
    names = figures()
    assert {path.stem for path in PICTURES.glob("*")} == set(names)
    for name in names:
        assert (PICTURES / f"{name}.png").stat().st_size < 150_000
    alts = re.findall(r"^:alt: (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(alts) == len(names)
    assert all(len(alt) > 40 for alt in alts)


def test_one_command_starts_the_hub():
    """`make hub` is the page's first command, and runs the script."""
    assert commands()[0] == "make hub"
    makefile = (class_hub.ROOT / "Makefile").read_text("utf-8")
    assert re.search(
        r"^hub: .*\n\tautograder/hub/run$", makefile, re.MULTILINE
    )


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_nothing_is_left_when_a_test_fails(place):
    """Hub and proxy end with the test, whatever ended it."""
    course = place / "home/teacher/rnn"
    course.mkdir(parents=True)
    (course / "gradebook.db").touch()

    def fail():
        with class_hub.running(place):
            started.extend(class_hub.processes(place))
            raise KeyError

    started = []
    with pytest.raises(KeyError):
        fail()
    assert len(started) >= 2
    assert class_hub.processes(place) == []
