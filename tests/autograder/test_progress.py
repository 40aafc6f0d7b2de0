"""What a run tells while it runs: a bar, lines or nothing."""

import contextlib
import fcntl
import io
import os
import pty
import re
import struct
import termios

import course_of_three as three
import pytest

from autograder import cli
from autograder.batch import Result
from autograder.progress import reporting

RESULTS = (
    Result("ada", "ps1", fresh=True),
    Result("bob", "ps1", "timed out", fresh=True),
    Result("cem", "ps1"),
    Result("dot", "ps1", fresh=True),
)


def test_lines_where_there_is_no_terminal():
    """A submission, a line; nothing that moves a cursor."""
    stream = io.StringIO()
    with reporting(4, stream=stream) as report:
        for result in RESULTS:
            report(result)
    assert stream.getvalue().splitlines() == [
        "ada: graded",
        "bob: timed out",
        "cem: graded",
        "dot: graded",
    ]


def test_quiet_says_nothing(capfd):
    """Whatever the stream is."""
    stream = io.StringIO()
    with reporting(4, quiet=True, stream=stream) as report:
        for result in RESULTS:
            report(result)
    assert not stream.getvalue()
    assert capfd.readouterr() == ("", "")


def _drained(descriptor):
    """Return all that a terminal was sent; its other end is closed."""
    chunks = []
    with contextlib.suppress(OSError):
        while chunk := os.read(descriptor, 1 << 16):
            chunks.append(chunk)
    os.close(descriptor)
    return b"".join(chunks).decode()


@pytest.mark.parametrize("columns", [0, 120])
def test_a_bar_on_a_terminal(columns):
    """Rate, time left and counts; what went wrong stays as a line."""
    theirs, ours = pty.openpty()
    size = struct.pack("HHHH", 24, columns, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    with (
        open(ours, "w") as stream,  # noqa: PTH123 - a descriptor
        reporting(5, stream=stream) as report,
    ):
        for result in RESULTS:
            report(result)
    text = _drained(theirs)
    last = text.replace("\n", "\r").rstrip("\r").split("\r")[-1]
    assert "4/5" in last
    if columns:
        assert "2 graded, 1 timed out, 1 unchanged" in last
    assert re.search(r"\d+:\d\d<(\d+:\d\d|\?), ", last)
    assert "bob: timed out" in text
    assert "ada: graded" not in text


@pytest.mark.parametrize("quiet", [True, False])
def test_the_command_knows_quiet(tmp_path, capsys, monkeypatch, quiet):
    """The table is the result and stays; the lines go."""
    course = three.make(tmp_path / "course", count=1)
    words = ["grade", "ps1", f"--course={course.path}", "--jobs=1"]
    options = ["--trust-submissions", *(["--quiet"] if quiet else [])]
    monkeypatch.setattr(cli.sandbox, "walls", lambda **_: False)
    assert cli.main([*words, *options]) == 0
    shown = capsys.readouterr()
    assert "ada-000" in shown.out
    assert ("ada-000: graded" in shown.err) is not quiet
