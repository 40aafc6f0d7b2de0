"""What the landing page tells people to type exists."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INTRO = (ROOT / "book" / "intro.md").read_text(encoding="utf-8")


def test_grading_command_is_the_grader_s():
    """Each option of the command shown is one that the command has."""
    (line,) = re.findall(r"autograder (grade .*)", INTRO)
    verb, *words = line.split()
    command = Path(sys.executable).with_name("autograder")
    shown = subprocess.run(
        [command, verb, "--help"], capture_output=True, text=True, check=True
    ).stdout
    options = [word for word in words if word.startswith("--")]
    assert options
    for option in options:
        assert option in shown


def test_make_targets_exist():
    """Each `make` verb on the page is a target of the Makefile."""
    verbs = set(re.findall(r"`make (\w+)`", INTRO))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert verbs
    assert verbs <= targets


def test_times_are_the_chapters_own():
    """The table's minutes are those that the chapters state."""
    rows = re.findall(r"\]\((\d\d-[\w-]+)\.md\).*about (\d+) minutes", INTRO)
    assert len(rows) == len(list((ROOT / "book").glob("[0-9][0-9]-*.md")))
    for page, total in rows:
        text = (ROOT / f"book/{page}.md").read_text(encoding="utf-8")
        line = next(x for x in text.splitlines() if " minutes" in x)
        minutes = [int(number) for number in re.findall(r"\d+", line)]
        assert sum(minutes) == int(total), (page, minutes)
