"""What the bench measures, each a function that returns plain numbers."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import classes

from autograder import challenge, grade, master, rebuild, sandbox, submission
from autograder.course import Course
from autograder.ledger import Ledger
from autograder.worker import Worker

HERE = Path(__file__).resolve().parent


def stock(folder, assignment):
    """Grade a class with nbgrader's own command; return seconds."""
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
        dict: seconds in all and to the first grade; peak memory of the
            largest process in bytes.
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
        "first": first,
        "peak_bytes": used.ru_maxrss * 1024,
    }


def floor(course, assignment, root, rounds):
    """Return the median seconds of one submission's cells, and no more."""
    root = classes.copy_with(course, assignment, root, 1)
    sources = []
    for name, stub in master.masters(Course(root), assignment).items():
        [path] = root.glob(f"submitted/*/{assignment}/{name}.ipynb")
        built = rebuild.rebuild(stub, submission.read(path))
        asked = challenge.challenges(built.notebook)
        cells = grade._to_run(built.notebook, asked)
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


class Writer:
    """Times what only one thread does, in a run of this process."""

    def __init__(self):
        self.seconds = []

    def run(self, batch):
        """Run a batch with one job; note the seconds of each submission."""
        finish = batch._finish

        def timed(ledger, done, standing):
            begin = time.perf_counter()
            result = finish(ledger, done, standing)
            self.seconds.append(time.perf_counter() - begin)
            return result

        batch._finish = timed
        return batch.run(1)


def recorded(course, assignment):
    """Return how many submissions the journal of a course knows."""
    with Ledger(course, assignment) as ledger:
        return len(ledger.journal())


def memory(runs, walls):
    """Run a trivial cell again and again in one worker.

    Returns:
        dict: bytes of the grader and of all processes below the worker,
            after a tenth of the runs and after all of them.
    """
    found = {}
    with Worker(walls=walls) as worker:
        for number in range(1, runs + 1):
            transcript = worker.run([sandbox.Cell("a", "1 + 1")])
            if transcript.state != sandbox.FINISHED:
                raise RuntimeError(transcript.state)
            if number in {max(1, runs // 10), runs}:
                found[number] = {
                    "grader_bytes": _resident(os.getpid()),
                    "worker_bytes": sum(
                        map(_resident, _below(worker.process.pid))
                    ),
                }
    return found


def _below(process):
    """Return a process and all that descend from it."""
    found = [process]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found.extend(map(int, task.read_text().split()))
    return found


def _resident(process):
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
