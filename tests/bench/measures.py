"""What the bench measures, each a function that returns plain numbers."""

import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

import classes
import torch

from autograder import grade, master, rebuild, sandbox, submission
from autograder.batch import Batch
from autograder.course import Course
from autograder.worker import Worker

HERE = Path(__file__).resolve().parent


def stock(folder, assignment):
    """Grade a class with nbgrader's own command; return wall seconds."""
    words = ["nbgrader", "autograde", assignment, "--course-dir", str(folder)]
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *words],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return time.monotonic() - begin


def ours(folder, assignment, jobs, *options):
    """Grade a class with ours.

    Returns:
        dict: wall and processor seconds in all, wall seconds to the first
            grade; peak memory of the largest process in bytes.
    """
    words = ["autograder", "grade", assignment, "--course", str(folder)]
    words += ["--jobs", str(jobs), *options]
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    first, lines = None, []
    for line in process.stderr:
        first = first or time.monotonic() - begin
        lines.append(line)
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    bad = [line for line in lines if not line.endswith(": graded\n")]
    if process.returncode or bad:
        raise RuntimeError("".join(bad)[-2000:] or "autograder failed")
    return {
        "seconds": time.monotonic() - begin,
        "processor": used.ru_utime + used.ru_stime,
        "first": first,
        "peak_bytes": used.ru_maxrss * 1024,
    }


def floor(course, assignment, root, rounds):
    """Return the median seconds of one submission's cells, and no more.

    The cells are those that grading runs; what is graded judges itself there,
    as in the learner's notebook.
    """
    root = classes.copy_with(course, assignment, root, 1)
    sources = []
    for name, stub in master.masters(Course(root), assignment).items():
        [path] = root.glob(f"submitted/*/{assignment}/{name}.ipynb")
        built = rebuild.rebuild(stub, submission.read(path))
        cells = grade._to_run(built.notebook, {})
        sources += [cell.source for cell in cells]
    file = root / "floor.json"
    file.write_text(json.dumps(sources), "utf-8")
    command = [sys.executable, HERE / "floor.py", file, str(rounds)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    subprocess.run(
        command,
        check=True,
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return statistics.median(json.loads(file.read_text("utf-8")))


class Durations:
    """Times the stations of a submission, in a run of this process.

    Attributes:
        run: Seconds in the sandbox, one entry a submission.
        judge: Seconds of its thread beside that: reading, judging, writing
            ``autograded``.
        write: Seconds of the one writer, while the other threads judge.
        writing: Processor seconds of the same.
        flush: Seconds of a transaction that changes one row, on that disk.
    """

    def __init__(self):
        self.run, self.judge, self.flush = [], [], []
        self.write, self.writing = [], []

    def of(self, course, assignment):
        """Grade a class with one job; return this."""
        limits = sandbox.Limits()
        walls = sandbox.walls(trust=True)

        @contextlib.contextmanager
        def timed_run():
            with Worker(limits, walls=walls) as worker:
                yield self._timed(worker.run, self.run)

        batch = Batch(course, assignment, limits, timed_run)
        batch._grade = self._timed(batch._grade, self.judge)
        finish = self._timed(batch._finish, self.writing, time.thread_time)
        batch._finish = self._timed(finish, self.write)
        torch.set_num_threads(1)
        batch.run(1)
        pairs = zip(self.judge, self.run, strict=True)
        self.judge = [whole - run for whole, run in pairs]
        self._flush(course.path / "flush.db", len(self.write))
        return self

    @staticmethod
    def _timed(work, seconds, clock=time.perf_counter):
        def timed(*arguments):
            begin = clock()
            try:
                return work(*arguments)
            finally:
                seconds.append(clock() - begin)

        return timed

    def _flush(self, path, count):
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("create table t (a)")
            commit = self._timed(db.commit, self.flush)
            for number in range(count):
                db.execute("insert into t values (?)", (number,))
                commit()


def memory(folder, assignment, points):
    """Grade a class with one job and look at its memory on the way.

    Args:
        folder: The course.
        assignment: Name of the assignment.
        points: Numbers of graded submissions at which to look.

    Returns:
        dict: by point, bytes of the grader and of all processes below it,
            shared pages counted once.
    """
    words = ["autograder", "grade", assignment, "--course", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", *words, "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    found = {}
    for number, _ in enumerate(process.stderr, 1):
        if number in points:
            everybody = _below(process.pid)
            found[number] = {
                "grader_bytes": _held(process.pid),
                "sandbox_bytes": sum(map(_held, everybody[1:])),
            }
    process.stderr.close()
    if process.wait():
        raise RuntimeError("autograder failed")
    return found


def _below(process):
    """Return a process and all that descend from it."""
    found = [process]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                found.extend(map(int, task.read_text().split()))
    return found


def _held(process):
    """Return the bytes of a process, shared ones divided by the sharers."""
    with contextlib.suppress(OSError):
        about = Path(f"/proc/{process}/smaps_rollup").read_text()
        for line in about.splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
