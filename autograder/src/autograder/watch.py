"""Watch: the wall clock over one run, and its records as they come."""

import json
import os
import select
import signal
import time

from nbformat.v4 import new_output

from autograder import sandbox
from autograder.records import BadRecordError, Records

_GRACE_SECONDS = 2
_END_SECONDS = 30
_CUT = 1 << 20


class Watch:
    """Watches over one run.

    Args:
        control: Socket to the warm process.
        reader: Reading end of the run's pipe.
        count: Number of cells.
        limits: What the run may use.
    """

    def __init__(self, control, reader, count, limits):
        self.control = control
        self.reader = reader
        self.limits = limits
        self.records = Records(count, limits)
        self.end = time.monotonic() + limits.notebook_seconds
        self.due = self.end
        self.interrupted = None
        self.killed = False
        self.state = None
        self.message = None

    def over(self):
        """Return the state in which the run ended, once it did."""
        os.set_blocking(self.reader, False)
        poll = select.poll()
        poll.register(self.reader, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        while self.message is None:
            wait = max(0, self.due - time.monotonic())
            ready = dict(poll.poll(1000 * wait))
            if not ready and time.monotonic() >= self.due:
                self._late()
            if self.reader in ready and not self._read(_CUT):
                poll.unregister(self.reader)
                self._kill(sandbox.DIED)
            if self.control.fileno() in ready:
                self.message = json.loads(self.control.recv(4096) or "null")
                if not self.message:
                    raise OSError("The warm process is gone")
        while self._read(_CUT):
            pass
        return self._state()

    def _read(self, most):
        """Read what is there; return whether more may come."""
        try:
            piece = os.read(self.reader, most)
        except BlockingIOError:
            return self.message is None
        if not piece:
            return False
        if self.state is None or self.state == sandbox.TIMED_OUT:
            try:
                for kind in self.records.feed(piece):
                    self._heard(kind)
            except BadRecordError:
                self._kill(sandbox.DIED)
        return True

    def _heard(self, kind):
        """Set the clock by a record."""
        if kind == "begin":
            limit = time.monotonic() + self.limits.cell_seconds
            self.due = min(limit, self.end)
        elif kind == "end" and not self.killed:
            self.due = self.end
            if self.interrupted == self.records.ended - 1:
                self.records.outputs[self.interrupted].append(_time_limit())
                self.interrupted = None

    def _late(self):
        """Interrupt a cell the first time, end the run the second."""
        if self.killed:
            raise OSError("The warm process does not answer")
        cell = self.records.cell
        last = time.monotonic() >= self.end
        if cell is None or last or self.interrupted is not None:
            self._kill(sandbox.TIMED_OUT)
            return
        self.interrupted = cell
        self.control.send(b"interrupt")
        self.due = min(time.monotonic() + _GRACE_SECONDS, self.end)

    def _kill(self, state):
        """Have the run ended; the first reason counts."""
        self.state = self.state or state
        if not self.killed and self.message is None:
            self.killed = True
            self.control.send(b"kill")
            self.due = time.monotonic() + _END_SECONDS

    def _state(self):
        """Return the state that records and the warm process tell."""
        if self.message.get("out_of_memory"):
            return sandbox.OUT_OF_MEMORY
        if self.records.ended == self.records.count:
            return sandbox.FINISHED
        # The kernel shoots at a count of ticks, of which some are missing
        # here.
        used = self.message.get("cpu_seconds", 0)
        shot = self.message.get("ended") == -signal.SIGKILL
        if shot and used >= self.limits.cpu_seconds / 2:
            return sandbox.TIMED_OUT
        return self.state or sandbox.DIED


def _time_limit():
    return new_output(
        "error",
        ename="TimeLimit",
        evalue="the cell ran longer than it may",
        traceback=[],
    )
