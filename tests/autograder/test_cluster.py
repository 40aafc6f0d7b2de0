"""Many machines: the same gradebook, whatever happens to a worker."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import course_of_three as three
import pytest
from test_batch import LIMITS, WALLS, grade, untimed

from autograder import cluster, key, remote, sandbox
from autograder.batch import Batch
from autograder.cli import main
from autograder.course import Course
from autograder.errors import UsageError
from autograder.worker import SandboxError

DASK = [sys.executable, "-m", "dask"]


@contextlib.contextmanager
def started(*words, **options):
    """Start a process of dask's; end it, and what it started, at last."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*DASK, *words], **quiet, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def worker(file, place, **options):
    """Start a worker of one thread."""
    words = ["--scheduler-file", file, "--local-directory", place]
    words += ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
    return started("worker", *words, **options)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course with ten submissions, ungraded."""
    return three.make(tmp_path_factory.mktemp("made") / "course", count=10)


@pytest.fixture
def course(made, tmp_path):
    """Return a fresh copy of that course."""
    return Course(shutil.copytree(made.path, tmp_path / "far" / "course"))


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """Return the file in which a running scheduler says its address."""
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    with started("scheduler", *words, "--scheduler-file", file):
        for _ in range(600):
            if file.is_file() and file.read_text().endswith("}"):
                break
            time.sleep(0.1)
        yield file


def address(scheduler):
    """Return the address of a scheduler."""
    return json.loads(scheduler.read_text())["address"]


@pytest.fixture
def pair(scheduler, tmp_path):
    """Return two running workers by their process id."""
    with contextlib.ExitStack() as stack:
        found = [
            stack.enter_context(worker(scheduler, tmp_path / name))
            for name in ("one", "two")
        ]
        yield {each.pid: each for each in found}


def below(process):
    """Return the ids of all processes that descend from one."""
    found = [process]
    for each in found:
        with contextlib.suppress(OSError):
            path = f"/proc/{each}/task"
            for task in os.listdir(path):  # noqa: PTH208
                with open(f"{path}/{task}/children") as file:  # noqa: PTH123
                    found.extend(map(int, file.read().split()))
    return found[1:]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_worker_changes_nothing(made, course, scheduler, pair):
    """Killed while it runs a submission; the gradebook is the local one."""
    local = Course(shutil.copytree(made.path, course.path.parents[1] / "near"))
    expected = grade(local)
    killed = []
    with cluster.Cluster(
        address(scheduler), LIMITS, trust=not WALLS
    ) as machines:
        machines._client.wait_for_workers(2, timeout=60)

        def report(_):
            busy = machines._client.processing()
            ids = machines._client.run(os.getpid)
            for place in sorted(busy):
                if busy[place] and not killed:
                    killed.append((ids[place], below(ids[place])))
                    os.kill(ids[place], signal.SIGKILL)
                    pair[ids[place]].wait()

        batch = Batch(course, "ps1", LIMITS, machines.open_run)
        results = batch.run(machines.jobs, report)
        assert len(machines._client.nthreads()) == 1
    [(_, started_by_it)] = killed
    assert started_by_it, "it ran nothing"
    assert three.rows(course) == three.rows(local)
    assert three.pages(course) == three.pages(local)
    assert untimed({r.student: r for r in results}) == untimed(expected)
    ends = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{p}") for p in started_by_it):  # noqa: PTH110
        assert time.monotonic() < ends, "a warm process outlives its worker"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_command_grades_on_a_cluster(course, scheduler, pair, capsys):
    """And leaves no warm process behind on a worker."""
    words = ["grade", "ps1", "--course", str(course.path), "--quiet"]
    words += [] if WALLS else ["--trust-submissions"]
    assert main([*words, "--scheduler", address(scheduler)]) == 0
    assert "ada-000" in capsys.readouterr().out
    assert len(three.rows(course)) == 20
    assert not any(map(below, pair))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_without_walls_refuses(course, scheduler, tmp_path, capsys):
    """As this machine would; nothing is recorded, and who refused is said."""
    bare = {**os.environ, "PATH": str(tmp_path)}
    with worker(scheduler, tmp_path / "bare", env=bare):
        words = ["grade", "ps1", "--course", str(course.path), "--quiet"]
        assert main([*words, "--scheduler", address(scheduler)]) == 2
    said = capsys.readouterr().err
    assert "The worker at tcp://127.0.0.1:" in said
    assert "bubblewrap" in said
    assert three.rows(course) == []


def test_where_no_scheduler_is_one_line_says_so(course, monkeypatch, capsys):
    """With the command that starts one."""
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    words = ["grade", "ps1", "--course", str(course.path)]
    assert main([*words, "--scheduler", "tcp://127.0.0.1:9"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("autograder: No scheduler answers at tcp://")
    assert "dask scheduler" in said


def test_a_machine_with_other_versions_refuses():
    """Or the grade would depend on who ran."""
    assert "versions" in remote.refusal("00", trust=True)
    assert remote.refusal(key.kit().hex(), trust=True) == ""
    job = {"kit": "00", "trust": True, "limits": [], "cells": [], "files": {}}
    assert "versions" in json.loads(remote.run(json.dumps(job)))["refused"]


def test_a_refusal_in_the_middle_stops_the_run(course):
    """Rather than making a failure of every submission that is left."""

    def refuses(*_):
        raise UsageError("no walls")

    batch = Batch(
        course, "ps1", LIMITS, lambda: contextlib.nullcontext(refuses)
    )
    with pytest.raises(UsageError, match="no walls"):
        batch.run(2)
    assert three.rows(course) == []


def test_an_answer_is_what_a_worker_here_gives():
    """State and outputs of a run, through JSON and back."""
    cells = [("a", "print(1)"), ("b", "1 / 0"), ("c", "float('inf')")]
    job = {"kit": key.kit().hex(), "trust": not WALLS, "files": {}}
    job |= {"limits": list(LIMITS), "cells": cells}
    try:
        far = cluster.transcript(json.loads(remote.run(json.dumps(job))))
    finally:
        remote.release()
    with remote.Worker(LIMITS, walls=WALLS) as here:
        near = here.run([sandbox.Cell(*cell) for cell in cells])
    assert (far.state, far.outputs) == (near.state, near.outputs)
    assert far.outputs["a"][0].text == "1\n"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"state": "graded", "outputs": {}, "seconds": 0},
        {"state": [], "outputs": {}, "seconds": 0},
        {"state": "finished", "outputs": [], "seconds": 0},
        {"state": "finished", "outputs": {"a": [{}]}, "seconds": 0},
        {"state": "finished", "outputs": {}, "seconds": "soon"},
    ],
)
def test_an_answer_of_another_form_is_no_transcript(answer):
    """It is our failure then, and nobody's zero."""
    with pytest.raises(SandboxError, match="An answer of the cluster"):
        cluster.transcript(answer)
