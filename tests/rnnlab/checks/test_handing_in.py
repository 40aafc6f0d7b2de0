"""The last cell of an exercise tells where a learner stands, and no more."""

import json
import secrets
import sys
import textwrap
import types
from pathlib import Path

import pytest
from trying import right, unwritten

from rnnlab import checks
from rnnlab.checks import message, seen
from rnnlab.checks.outcome import CheckFailed, Outcome, Verdict

PAGE = Path(__file__).parents[3] / "book/about/handing-in.md"

FILE = "exploding-gradients.ipynb"
TASKS = ["global_gradient_norm", "clip_by_value"]
ANSWER = "<!-- solution: written-clipping -->\n"


def wrong(*_, **__):
    """Return something that no check takes."""
    return 1


def broken(*_, **__):
    """Raise as code that is not done yet."""
    raise ValueError


@pytest.fixture(autouse=True)
def _new_kernel(monkeypatch, tmp_path):
    """Begin where no check has run and no notebook lies about."""
    seen.forget()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    yield
    seen.forget()


@pytest.fixture
def said(capsys):
    """Return a function that hands in and returns what was printed."""

    def hand_in(tasks=TASKS, written=("written-clipping",)):
        capsys.readouterr()
        assert checks.hand_in(FILE, tasks=tasks, written=written) is None
        out, err = capsys.readouterr()
        assert not err
        assert max(map(len, out.splitlines())) <= message.WIDTH
        assert out.isascii()
        return out

    return hand_in


def state(text, name):
    """Return what a table says of a task."""
    [line] = [x for x in text.splitlines() if x.startswith(f"  {name} ")]
    return line.removeprefix(f"  {name} ").strip()


def check(name, function):
    """Run the visible check of a task, as its cell does."""
    with pytest.raises(CheckFailed):
        checks.CHECKS[name](function)


def save(path, *sources):
    """Save a notebook with some cells."""
    cells = [{"cell_type": "markdown", "source": [x]} for x in sources]
    path.write_text(json.dumps({"cells": cells}), "utf-8")


@pytest.mark.parametrize(
    ("function", "word"),
    [
        (unwritten, "not attempted  nothing is written there"),
        (wrong, "not yet  its check says what differs"),
        (broken, "not yet  its check says what differs"),
    ],
)
def test_it_says_what_the_visible_check_said(said, function, word):
    """The last outcome of each check is listed, in words."""
    check("clip_by_value", function)
    line = state(said(), "clip_by_value")
    assert line.split() == word.split()


def test_passed_is_passed_until_the_check_says_otherwise(said):
    """Only the last run of a check counts."""
    function = checks.open_forget_gate
    seen.note(function.judge_visible(_right(function), function.public))
    assert state(said(["open_forget_gate"]), "open_forget_gate") == "passed"
    check("open_forget_gate", unwritten)
    text = said(["open_forget_gate"])
    assert state(text, "open_forget_gate").startswith("not attempted")


def _right(function):
    """Return reports of the oracle, as if a learner had written it."""
    return function.reports(right(function.name), function.public)


def test_what_did_not_run_is_not_run(said):
    """A new kernel knows of nothing, and says how to fill the table."""
    text = said()
    for name in TASKS:
        assert state(text, name) == "not run  run the cell with its check"
    assert "run the notebook from its first cell" in " ".join(text.split())


def test_grading_leaves_no_trace():
    """Answers, verdicts and hidden checks do not pass by the table."""
    function = checks.clip_by_value
    nonce = secrets.token_hex(8)
    cases = [*function.public, *function.challenge(nonce)]
    reports = function.reports(unwritten, cases)
    function.judge_visible(reports[: len(function.public)], function.public)
    with pytest.raises(CheckFailed):
        function.hidden(unwritten)
    assert seen.last("clip_by_value") is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("YOUR ANSWER HERE", "empty"),
        ("  \n", "empty"),
        ("Because the angle is 14 degrees.", "written"),
        ("YOUR ANSWER HERE\n\nIt turns.", "written"),
    ],
)
def test_written_answers_are_looked_up_in_the_saved_file(
    said, tmp_path, text, word
):
    """Jupyter runs a kernel in the notebook's folder."""
    save(tmp_path / FILE, "# Title", ANSWER + text)
    assert state(said(), "written-clipping").split()[0] == word


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": 3}', '{"cells": [{"source": 3}]}']
)
def test_a_file_that_cannot_be_read_is_no_matter(said, tmp_path, content):
    """It says that it does not see the answer, and goes on."""
    (tmp_path / FILE).write_text(content)
    assert state(said(), "written-clipping").split()[0] == "unseen"


def test_all_done_is_said(said, tmp_path):
    """Nothing is left to do but to hand in."""
    function = checks.open_forget_gate
    seen.note(function.judge_visible(_right(function), function.public))
    save(tmp_path / FILE, ANSWER + "It turns.")
    assert "Everything is there." in said(["open_forget_gate"])


def test_the_book_shows_this_very_table(said):
    """The page about handing in quotes what is printed."""
    for name, verdict in (
        ("global_gradient_norm", Verdict.PASSED),
        ("clip_by_norm", Verdict.NOT_YET),
        ("clip_by_value", Verdict.NOT_ATTEMPTED),
    ):
        seen.note(Outcome(name, verdict, ""))
    names = ["global_gradient_norm", "clip_by_norm", "clip_by_value"]
    text = said([*names, "train_with_recovery"])
    page = PAGE.read_text("utf-8")
    table = page.partition("```text\n")[2].partition("```")[0]
    assert textwrap.dedent(table).strip() in text


def test_colab_is_told_colab_menus(said, monkeypatch):
    """In Colab the way out is a download."""
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("x"))
    text = said()
    assert "TO HAND IN FROM COLAB" in text
    assert "File, Download, Download .ipynb" in text
    assert f"Its name must be {FILE}." in " ".join(text.split())


def test_a_hub_is_told_of_its_assignment_list(said, monkeypatch):
    """On a class hub one submits without a download."""
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    text = said()
    assert "TO HAND IN FROM A HUB" in text
    assert "Assignment List" in text


def test_vs_code_is_told_where_the_file_lies(said, monkeypatch, tmp_path):
    """VS Code leaves the notebook's path among its names."""
    path = tmp_path / "elsewhere" / "mine.ipynb"
    path.parent.mkdir()
    save(path, ANSWER + "It turns.")
    shell = types.SimpleNamespace(user_ns={"__vsc_ipynb_file__": str(path)})
    interactive = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", interactive)
    text = said()
    assert "TO HAND IN FROM VS CODE" in text
    assert state(text, "written-clipping") == "written"
    shell.user_ns["__vsc_ipynb_file__"] = 3
    assert state(said(), "written-clipping").split()[0] == "unseen"


def test_elsewhere_it_is_jupyter(said):
    """Without any sign of another place."""
    assert "TO HAND IN FROM JUPYTER" in said()
