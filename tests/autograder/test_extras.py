"""Extra files: taken as nbgrader takes them, and nothing through a link."""

import base64
import os
import subprocess

import course_of_three as three
import course_with_files as files
import pytest
from nbgrader.utils import find_all_files

from autograder import extras, sandbox
from autograder.course import Course
from autograder.errors import UsageError
from autograder.sandbox import Cell, Limits
from autograder.worker import Worker

GIVEN = {"a.txt": "theirs", "sub/b.txt": "theirs", "mine.py": "stub"}
CONFIG = "c = get_config()\nc.Autograde.exclude_overwriting = "


@pytest.fixture
def course(tmp_path):
    """Return a course with three extra files and nobody's work yet."""
    (tmp_path / "nbgrader_config.py").write_text(
        f"{CONFIG}{{'ps1': ['mine.py']}}"
    )
    files.write(tmp_path / "source" / "ps1", GIVEN)
    (tmp_path / "hand-in").mkdir()
    return Course(tmp_path)


def given(course, **limits):
    """Return the instructor's files."""
    return extras.Given(course, "ps1", Limits(**limits))


def test_the_instructors_files_win(course):
    """All but those that are left to the learner."""
    folder = course.path / "hand-in"
    assert given(course).with_own(folder).files == {
        "a.txt": b"theirs",
        "sub/b.txt": b"theirs",
    }
    files.write(folder, {"a.txt": "own", "mine.py": "own", "c/d.txt": "own"})
    found = given(course).with_own(folder)
    assert found.files["a.txt"] == b"theirs"
    assert found.own == {"mine.py", "c/d.txt"}
    assert base64.b64decode(found.coded()["mine.py"]) == b"own"
    assert found.notes == ()


def test_what_is_ignored_is_what_nbgrader_ignores(course):
    """Patterns are for names, of folders too; hidden files need a dot."""
    folder = course.path / "hand-in"
    names = ["x.pyc", ".x.pyc", "__pycache__/y.py", "feedback/z.html"]
    names += ["n.ipynb", "sub/m.ipynb", ".h.ipynb", "feedback.txt"]
    names += [".ipynb_checkpoints/o.txt", "deep/feedback/more/p.txt"]
    files.write(folder, dict.fromkeys(names, ""))
    course = Course(course.path)
    ignore = [*course.directory.ignore, "*.ipynb"]
    stock = find_all_files(str(folder), ignore)
    found = given(course).with_own(folder).own
    assert found == {os.path.relpath(name, folder) for name in stock}
    assert found == {".x.pyc", ".h.ipynb", "feedback.txt"}


def test_nothing_is_read_through_a_link_or_from_a_device(course, tmp_path):
    """The learner is told what was left out."""
    secret = tmp_path / "gradebook.db"
    secret.write_text("secret")
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "key.txt").write_text("secret")
    folder = course.path / "hand-in"
    (folder / "link.txt").symlink_to(secret)
    (folder / "door").symlink_to(tmp_path / "room")
    (folder / "dead").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe")
    found = given(course).with_own(folder)
    assert found.own == frozenset()
    assert b"secret" not in found.files.values()
    for name in ("link.txt", "dead", "pipe"):
        assert name in found.notes[0]


def test_too_much_is_left_out_with_a_note(course, monkeypatch):
    """Files near the notebook come first; the others are named."""
    folder = course.path / "hand-in"
    files.write(folder, {"a/big.txt": "x" * 60, "z.txt": "y" * 60})
    found = given(course, disk=4 * 100).with_own(folder)
    assert found.own == {"z.txt"}
    assert "a/big.txt" in found.notes[0]
    # os.walk goes down by recursion, which ends at a thousand.
    for _ in range(1500):
        folder = folder / "d"
    _make_deep(folder)
    folder = course.path / "hand-in"
    notes = given(course).with_own(folder).notes
    # Nor can pytest clear it away.
    subprocess.run(["rm", "-rf", folder / "d"], check=True)
    assert "d/d/d" in notes[0]
    monkeypatch.setattr(extras, "MAX_FILES", 3)
    assert given(course).with_own(folder).own == {"z.txt"}
    monkeypatch.setattr(extras, "_MAX_SEEN", 0)
    assert given(course).with_own(folder).own == frozenset()


def _make_deep(folder):
    """Make a folder whose path is too long to be made recursively."""
    for parent in [*reversed(folder.parents), folder]:
        parent.mkdir(exist_ok=True)


def test_odd_names_are_names(course, tmp_path):
    """As long as can be, not UTF-8, or those that we use ourselves."""
    folder = course.path / "hand-in"
    names = ["ö" * 127, os.fsdecode(b"\xff\n"), ".x.draft/y", "-rf *"]
    files.write(folder, dict.fromkeys(names, "own"))
    found = given(course).with_own(folder)
    names.remove(".x.draft/y")
    assert found.own == set(names)
    extras.lay_out(tmp_path / "out", found.files, keep=[])
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        *names,
        "a.txt",
        "sub",
    }
    source = (
        "import os; print(sorted(map(len, map(os.fsencode, os.listdir()))))"
    )
    with Worker(Limits(), walls=sandbox.walls(trust=True)) as worker:
        done = worker.run([Cell("x", source)], found.coded())
    assert done.outputs["x"][0]["text"] == "[2, 3, 5, 5, 254]\n"


def test_an_instructor_who_gives_too_much_is_told(course):
    """It would fail for everybody, so nobody's work is begun."""
    with pytest.raises(UsageError, match=r"hold 12 bytes.*Raise --disk"):
        given(course, disk=4 * 11)
    deep = "/".join("abcdefghijkl") + "/m.txt"
    files.write(course.path / "source" / "ps1", {deep: "deep"})
    with pytest.raises(UsageError, match="10 folders deep"):
        given(course)


@pytest.mark.parametrize("name", ["sub", "a.txt/x", "sub/b.txt/x/y"])
def test_a_file_in_the_way_of_the_instructors_is_dropped(course, name):
    """Stock nbgrader stops at it, whoever handed it in."""
    folder = course.path / "hand-in"
    files.write(folder, {name: "own"})
    assert given(course).with_own(folder).own == frozenset()


def test_every_byte_and_name_decides_the_key(course):
    """Of the learner's files and of the instructor's."""
    folder = course.path / "hand-in"
    seen = set()
    for written in ({}, {"x": "1"}, {"x": "2"}, {"y": "2"}):
        files.write(folder, written)
        seen.add(given(course).with_own(folder).digest())
    assert len(seen) == 4
    before = given(course).digest()
    files.write(course.path / "source" / "ps1", {"a.txt": "other"})
    assert given(course).digest() != before


def test_the_folder_holds_these_files_and_no_others(tmp_path):
    """What is there is no way out: links go before anything is written."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    folder = tmp_path / "autograded"
    files.write(folder, {"p.ipynb": "{}", "old/x.txt": "", "was": "file"})
    (folder / "sub").symlink_to(outside)
    (folder / "a.txt").symlink_to(outside / "kept.txt")
    wanted = {"a.txt": b"1", "sub/b.txt": b"2", "was/c.txt": b"3"}
    extras.lay_out(folder, wanted, keep=["p.ipynb"])
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == {*wanted, "p.ipynb"}
    assert not (folder / "old").exists()
    assert [p.name for p in outside.iterdir()] == ["kept.txt"]
    assert (outside / "kept.txt").read_text() == "kept"


def test_a_run_finds_its_files_and_the_next_run_does_not():
    """They lie in the working folder, to read, to change, to start."""
    source = (
        "import os, subprocess\n"
        "print(sorted(os.listdir()), open('a/b.txt').read())\n"
        "open('a/b.txt', 'w').write('changed')\n"
        "print(subprocess.check_output(['./s.sh'], text=True))"
    )
    script = "#!/bin/sh\necho started\n"
    coded = {
        name: base64.b64encode(text.encode()).decode()
        for name, text in {"a/b.txt": "here", "s.sh": script}.items()
    }
    limits = Limits(cell_seconds=20)
    with Worker(limits, walls=sandbox.walls(trust=True)) as worker:
        first = worker.run([Cell("x", source)], coded)
        second = worker.run([Cell("x", "import os; print(os.listdir())")])
    assert first.outputs["x"][0]["text"] == "['a', 's.sh'] here\nstarted\n\n"
    assert second.outputs["x"][0]["text"] == "[]\n"


def test_three_has_no_extra_files(tmp_path):
    """A course of notebooks alone is none the worse."""
    course = three.make(tmp_path / "course", count=1)
    folder = course.folder("submitted", "ps1", "ada-000")
    assert given(course).with_own(folder) == extras.Extras({})
