"""The page "Make your own class", followed word for word.

Its commands run in order in a copy of the course, with its files and its
patches; what it says comes out is compared. Only what takes minutes is tried
with ``make --dry-run``: `make verify` and the book are other tests' work.
"""

import dataclasses
import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import copies
import lms
import nbformat
import pytest

from autograder import sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PAGE = copies.ROOT / "book" / "about" / "make-your-own-class.md"
ASSIGNMENT, FILE = "03-exploding-gradients", "exploding-gradients.ipynb"
LONG = ("make setup", "make verify", "make book")
PER_CENT = "return 100 * (norms > max_norm).to(norms.dtype).mean()"
_FENCE = re.compile(r"^(`{3,})(\S+)(.*?)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"^:caption: (\S+)\n\n")


@dataclasses.dataclass
class Step:
    """A block of the page.

    Attributes:
        kind: "bash", "diff" or "file".
        text: What stands in it.
        path: Of a file.
        expected: What the page says comes out of a command, or "".
        output: What came out, stderr included.
        status: Exit status.
    """

    kind: str
    text: str
    path: str = ""
    expected: str = ""
    output: str = ""
    status: int | None = None


def steps(page):
    """Return the blocks of a page, in order."""
    found = []
    for _, kind, _, text in _FENCE.findall(page):
        if kind == "text":
            found[-1].expected = text
        elif kind == "{code-block}":
            path = _CAPTION.match(text)
            found.append(Step("file", _CAPTION.sub("", text), path[1]))
        else:
            found.append(Step(kind, text))
    return found


STEPS = steps(PAGE.read_text("utf-8"))
COMMANDS = [step for step in STEPS if step.kind == "bash"]


class Day:
    """An instructor's folder, and what was done in it.

    Attributes:
        folder: Where the instructor types.
        course: The clone.
        done: The blocks, with what came of them.
    """

    def __init__(self, folder):
        self.folder = self.here = folder
        self.course = folder / "vanishing-gradients"
        copies.repository(folder / "work-tree")
        self.upstream = folder / "upstream.git"
        copies.git(folder, "clone", "--bare", "work-tree", self.upstream)
        mine = {
            f"url.{self.upstream}.insteadOf": (
                "https://github.com/you/vanishing-gradients"
            ),
            "user.name": "You",
            "user.email": "you@uni.example",
        }
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "OMP_NUM_THREADS": "1",
            "GIT_CONFIG_COUNT": str(len(mine)),
        }
        for number, (key, value) in enumerate(mine.items()):
            self.variables[f"GIT_CONFIG_KEY_{number}"] = key
            self.variables[f"GIT_CONFIG_VALUE_{number}"] = value

    def follow(self, step):
        """Do what a block asks for."""
        if step.kind == "file":
            (self.course / step.path).write_text(step.text, "utf-8")
        elif step.kind == "diff":
            self.run(step, ["git", "apply", "-"], step.text)
        else:
            if "autograder collect" in step.text:
                hand_in(self.folder)
            script = step.text
            for command in LONG:
                dry = command.replace("make", "make --dry-run")
                script = script.replace(command, dry)
            script += f"pwd > {self.folder / 'here'}\n"
            self.run(step, ["bash", "-eu", "-o", "pipefail", "-c", script])
            if not (self.course / ".venv").exists():
                copies.environment(self.course)
            self.here = Path((self.folder / "here").read_text().strip())
        copies.ready(self.course)

    def run(self, step, command, given=""):
        """Run a command and keep what comes of it."""
        done = subprocess.run(
            command,
            cwd=self.here,
            env=self.variables,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        step.status, step.output = done.returncode, done.stdout


def hand_in(folder):
    """Lay the export of a class and its roster beside the clone."""
    course = folder / "my-class"
    solved = course / "source" / ASSIGNMENT / FILE
    wrong = nbformat.read(solved, as_version=4)
    for cell in wrong.cells:
        if "# solution: clip_fraction" in cell.source:
            head, _ = cell.source.split("    ### BEGIN SOLUTION")
            cell.source = f"{head}    {PER_CENT}\n"
    handed_in = {
        "jdoe": solved.read_bytes(),
        "obrien": nbformat.writes(wrong).encode(),
        "jose": (course / "release" / ASSIGNMENT / FILE).read_bytes(),
        "liwei": b"<html>Please log in</html>",
    }
    lms.zipped(
        folder / "submissions.zip",
        [
            (lms.canvas_name(who, FILE), what)
            for who, what in handed_in.items()
        ],
    )
    lms.canvas_roster(folder / "roster.csv")


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """Return an instructor's day, done."""
    if not all(protection.given for protection in sandbox.protections()):
        say = pytest.fail if os.environ.get("REQUIRE_SYSTEM") else pytest.skip
        say("NO INSTRUCTOR'S DAY: no walls; apt-get install bubblewrap")
    day = Day(tmp_path_factory.mktemp("day"))
    for step in STEPS:
        day.follow(step)
    yield day
    shutil.rmtree(day.folder)


@pytest.mark.parametrize("number", range(len(COMMANDS)))
@pytest.mark.usefixtures("day")
def test_a_command_does_what_the_page_says(number):
    """It ends well, and what the page shows of it came out."""
    step = COMMANDS[number]
    assert step.status == 0, step.text + step.output
    same = doctest.OutputChecker().check_output
    if step.expected:
        assert same(step.expected, step.output, doctest.ELLIPSIS), step.output


@pytest.mark.usefixtures("day")
def test_every_patch_applies():
    """A patch of the page fits the files as they are."""
    for step in STEPS:
        if step.kind == "diff":
            assert step.status == 0, step.text + step.output


def test_every_exercise_installs_from_the_fork(day):
    """The address was set in one place, and the chapter is left out."""
    names = {path.name for path in (day.course / "exercises").iterdir()}
    assert ASSIGNMENT in names
    assert "09-stacked" not in names
    for path in (day.course / "exercises").rglob("*.ipynb"):
        text = path.read_text("utf-8")
        assert "github.com/you/vanishing-gradients@main" in text
        assert "you.github.io/vanishing-gradients/" in text
        assert "github.com/example/" not in text


def test_the_new_task_lacks_nothing(day):
    """What `make verify` proves of a task holds for this one."""
    script = (
        "from pathlib import Path\n"
        "from autograder.verify import book, cells, mistakes\n"
        "from rnnlab import checks\n"
        "root = Path.cwd()\n"
        "found = [*cells.complete(root), *book.labels(root)]\n"
        "name = 'clip_fraction'\n"
        "only = {name: checks.CHECKS[name]}\n"
        "mistakes.CHECKS = only\n"
        "found += mistakes.named(root)\n"
        "print(*found, sep='\\n')\n"
    )
    done = subprocess.run(
        [day.course / ".venv/bin/python", "-c", script],
        cwd=day.course,
        env=day.variables | {"PYTHONPATH": "solutions"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""


def test_the_deadline_is_in_the_gradebook(day):
    """It is what the command set, to the minute."""
    done = subprocess.run(
        [day.course / ".venv/bin/nbgrader", "db", "assignment", "list"],
        cwd=day.folder / "my-class",
        env=day.variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{ASSIGNMENT} (due: 2027-03-01 23:59:00)" in done.stdout


def test_a_learner_reads_the_new_sentence(day):
    """Who returns per cent is told so; the page names no solution."""
    page = day.folder / f"my-class/feedback/obrien/{ASSIGNMENT}"
    text = (page / FILE).with_suffix(".html").read_text("utf-8")
    assert "You return per cent" in text
    assert "norms.dtype" not in text


def test_the_fork_has_what_was_pushed(day):
    """Colab opens the new exercise from there."""
    place = f"main:exercises/{ASSIGNMENT}/{FILE}"
    assert "clip_fraction" in copies.git(day.upstream, "show", place)


def test_the_public_copy_holds_no_solution(day):
    """It has the exercises and the kit, and the secret room stays behind."""
    public = day.folder / "for-learners"
    names = {path.name for path in public.iterdir()}
    assert names == {"LICENSE", "pyproject.toml", "autograder", "exercises"}
    text = "".join(
        path.read_text("utf-8")
        for path in public.rglob("*")
        if path.suffix in {".ipynb", ".json"}
    )
    assert "BEGIN SOLUTION" not in text
    assert "(norms > max_norm).to" not in text
    kit = "import rnnlab; print(rnnlab.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", kit],
        env=day.variables | {"PYTHONPATH": str(public / "autograder/src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(public))
