"""Worker: a warm process on the other side of the wall, and its warden.

    worker --control socket--> warm process --fork--> run
       ^                                               |
       +----------------- a pipe of its own -----------+

The worker keeps the wall clock, reads the run's records from a pipe that
only this run has, and ends the run when it is due. It believes neither the
records nor that a run stops when asked.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import outer, sandbox
from autograder.sandbox import Limits, Transcript

_START_SECONDS = 120


class SandboxError(Exception):
    """The sandbox itself failed; nobody's grade may depend on it."""


class Worker:
    """One warm process; use it as a context, in one thread to its end.

    The warm process dies with the thread that started it. It takes seconds
    to be warm; ``start`` does not wait for that, entering the context does.

    Args:
        limits: What a submission may use.
        walls: Whether there are walls; without them, a submission can do
            whatever the user can who runs this.

    Raises:
        SandboxError: it could not be started.
    """

    def __init__(self, limits=None, *, walls=True):
        self.limits = limits or Limits()
        self.walls = walls
        self.stack = None
        self.hello = None

    def __enter__(self):
        self._be_warm()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the warm process; a further run starts another."""
        self._stop()

    def run(self, cells, files=None):
        """Run cells one after the other, as a notebook would.

        Args:
            cells: Cells to run.
            files: Files that lie in the working folder before the first
                cell: base64 text by relative name.

        Returns:
            Transcript: whatever the cells do.

        Raises:
            SandboxError: the sandbox failed; the next run starts a new one.
        """
        # It takes nbformat along, and to start nothing of that is needed.
        from autograder import records, watch  # noqa: PLC0415

        self._be_warm()
        begin = time.monotonic()
        reader, writer = os.pipe()
        try:
            try:
                self._send(cells, files or {}, writer)
            finally:
                os.close(writer)
            watching = watch.Watch(
                self.control, reader, len(cells), self.limits
            )
            state = watching.over()
        except (OSError, records.FaultError, ValueError) as error:
            self._stop()
            raise SandboxError(f"{error}. {self._last_words()}") from error
        except BaseException:
            self._stop()
            raise
        finally:
            os.close(reader)
        outputs = {
            cells[index].key: found
            for index, found in sorted(watching.records.outputs.items())
        }
        return Transcript(state, outputs, time.monotonic() - begin)

    def _send(self, cells, files, writer):
        """Hand a job over without the warm process reading it."""
        sources = [cell.source for cell in cells]
        with tempfile.TemporaryFile() as job:
            job.write(json.dumps({"cells": sources, "files": files}).encode())
            job.seek(0)
            about = json.dumps({"uid": sandbox.user_id()}).encode()
            files = [job.fileno(), writer]
            socket.send_fds(self.control, [about], files)

    def start(self):
        """Start the warm process; it gets warm while you do other things."""
        self.stack = contextlib.ExitStack()
        self.hello = None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = self.stack.enter_context(ours)
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - till _stop
        self.stack.callback(self.errors.close)
        with theirs:
            command, environment = self._command(theirs.fileno())
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
            )

    def _be_warm(self):
        """Wait until the warm process says that it is, started if need be."""
        if self.stack is None:
            self.start()
        if self.hello is not None:
            return
        self.control.settimeout(_START_SECONDS)
        try:
            self.hello = json.loads(self.control.recv(4096))
        except (OSError, ValueError) as error:
            words = self._last_words()
            self._stop()
            raise SandboxError(
                f"The sandbox did not start. {words}"
            ) from error

    def _command(self, descriptor):
        """Return the command and environment of the warm process."""
        options = {**self.limits._asdict(), "walls": self.walls}
        words = [str(descriptor), json.dumps(options)]
        if self.walls:
            return outer.walled("inside.warm", *words), {}
        place = tempfile.mkdtemp(prefix="kit-")
        self.stack.callback(shutil.rmtree, place, ignore_errors=True)
        for name, folder in outer.SHOWN.items():
            Path(place, name).symlink_to(folder)
        command = [sys.executable, "-m", "inside.warm", *words]
        return command, outer.environment(place, place)

    def _stop(self):
        """End the warm process and all that it may still run."""
        if self.stack is None:
            return
        self.control.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.stack.close()
        self.stack = None

    def _last_words(self):
        """Return the end of what the warm process wrote to its stderr."""
        if self.errors.closed:
            return ""
        self.errors.seek(0)
        return self.errors.read()[-500:].decode(errors="replace").strip()
