"""Remote: what a worker of a cluster does with a job, on its own machine.

A job and its answer are JSON text. A worker of dask may have several
threads; each has a warm process of its own, put up at its first job.
"""

import functools
import json
import threading

from autograder import key, sandbox
from autograder.errors import UsageError
from autograder.worker import SandboxError, Worker

_seats = {}


class _Seat:
    """The warm process of one thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.worker = None

    def take(self, limits, walls):
        """Return a worker of such limits and walls."""
        fits = self.worker and self.worker.limits == limits
        if not fits or self.worker.walls != walls:
            self.leave()
            self.worker = Worker(limits, walls=walls)
        return self.worker

    def leave(self):
        """End the warm process."""
        if self.worker:
            self.worker.close()
            self.worker = None


def run(text):
    """Run the cells of a job.

    Args:
        text: Object with ``kit`` and ``trust`` as ``refusal`` takes them,
            ``limits``, ``cells`` and ``files``.

    Returns:
        str: a transcript's ``state``, ``outputs`` and ``seconds``, or
            ``refused`` or ``fault`` with the reason.
    """
    job = json.loads(text)
    if why := refusal(job["kit"], job["trust"]):
        return json.dumps({"refused": why})
    limits = sandbox.Limits(*job["limits"])
    cells = [sandbox.Cell(*cell) for cell in job["cells"]]
    seat = _seats.setdefault(threading.get_ident(), _Seat())
    with seat.lock:
        worker = seat.take(limits, _walls(job["trust"]))
        try:
            transcript = worker.run(cells, job["files"])
        except SandboxError as error:
            return json.dumps({"fault": str(error)})
    return json.dumps(vars(transcript))


def refusal(kit, trust):
    """Return why this machine runs nothing for a grader, or "".

    Args:
        kit: What ``key.kit`` says where the grader is, as hexadecimal digits.
        trust: Whether to run what is not trusted without walls.
    """
    if kit != key.kit().hex():
        return (
            "its versions of this course's kit, of Python or of a package "
            "that decides a grade are not the grader's"
        )
    try:
        _walls(trust)
    except UsageError as error:
        return str(error)
    return ""


def release():
    """End the warm processes that nobody uses at the moment."""
    for seat in list(_seats.values()):
        if seat.lock.acquire(blocking=False):
            try:
                seat.leave()
            finally:
                seat.lock.release()


@functools.cache
def _walls(trust):
    return sandbox.walls(trust=trust)
