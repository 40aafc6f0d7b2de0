"""Kill a grading run at random moments, again and again, cheaply.

    python tests/autograder/kills.py COURSE KILLS SEED

Everything is imported once and each attempt is a fork, so that most kills
meet the work itself and not Python's start. The cells' outputs are replayed
as a sandbox gave them: what is killed here is reading, rebuilding, judging,
recording and writing files. Prints how many kills met a run that was going.
"""

import contextlib
import os
import random
import signal
import sys
import time
from pathlib import Path

import course_of_three as three

from autograder import sandbox
from autograder.batch import Batch
from autograder.worker import Worker

LIMITS = sandbox.Limits(cell_seconds=10)


def replayed(course, walls):
    """Run each of the course's answers once; return what replays them."""
    found = {}

    @contextlib.contextmanager
    def asked():
        with Worker(LIMITS, walls=walls) as worker:

            def run(cells, files):
                known = str(cells)
                found[known] = found.get(known) or worker.run(cells, files)
                return found[known]

            yield run

    Batch(course, "ps1", LIMITS, asked).run()
    return lambda: contextlib.nullcontext(lambda cells, _: found[str(cells)])


def begun(course, runs):
    """Grade with two jobs in a fork; return its process id."""
    process = os.fork()
    if not process:
        with contextlib.suppress(BaseException):
            Batch(course, "ps1", LIMITS, runs).run(2)
        os._exit(0)
    return process


def met(process, seconds):
    """Kill a process after a while; return whether it was still there."""
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def main():
    """Make the course, and a whole one beside it; break the first."""
    root, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    walls = sandbox.walls(trust=True)
    generator = random.Random(seed)
    made = three.make(root / "made" / "course", count=12)
    whole = three.copied(made, root / "whole" / "course")
    runs = replayed(whole, walls)
    count, course, taken = 0, None, 0.0
    for number in range(kills):
        if number % 4 == 0:  # then it is far enough, begin anew
            if course is not None:
                compare(course, whole, runs)
            course = three.copied(made, root / "broken" / "course")
            begin = time.monotonic()
            timed = three.copied(made, root / "timed" / "course")
            os.waitpid(begun(timed, runs), 0)
            taken = time.monotonic() - begin
        moment = generator.uniform(0, taken / 2)
        count += met(begun(course, runs), moment)
    compare(course, whole, runs)
    print(count)


def compare(course, whole, runs):
    """Finish a broken course and insist that it is the whole one."""
    Batch(course, "ps1", LIMITS, runs).run(2)
    if three.rows(course) != three.rows(whole):
        sys.exit("the gradebook is another one")
    if three.pages(course) != three.pages(whole):
        sys.exit("a file is another one")


if __name__ == "__main__":
    main()
