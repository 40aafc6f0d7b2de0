"""Killed anywhere and started again: the end is that of an unbroken run."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import course_of_three as three
import pytest
from test_batch import command

from autograder.course import Course


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kills_at_every_moment_of_the_work_lose_nothing(tmp_path):
    """The same rows and files; at least half of the kills met the work."""
    kills = int(os.environ.get("KILLS", "12"))
    script = Path(__file__).parent / "kills.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", script, tmp_path, str(kills), "0"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[-1]) >= kills / 2


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course with ten submissions, ungraded."""
    return three.make(tmp_path_factory.mktemp("made") / "course", count=10)


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stopped(made, tmp_path):
    """The command itself, sandboxes and all, at three random moments."""
    generator = random.Random(0)
    whole = Course(shutil.copytree(made.path, tmp_path / "whole"))
    begin = time.monotonic()
    subprocess.run(command(whole), check=True, capture_output=True)
    seconds = time.monotonic() - begin
    broken = Course(shutil.copytree(made.path, tmp_path / "broken"))
    for number in range(3):
        if number % 3 == 2:
            shutil.rmtree(broken.path)
            shutil.copytree(made.path, broken.path)
        process = subprocess.Popen(
            command(broken),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(generator.uniform(0.3, 1.1) * seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run(command(broken), check=True, capture_output=True)
    assert three.rows(broken) == three.rows(whole)
    assert three.pages(broken) == three.pages(whole)
