"""Standard output and error of a run, on both of their levels.

What Python prints goes straight to the cell's outputs. What C code and
child processes print goes to two unlinked files, one behind each descriptor,
and is taken from there before anything else is recorded, so that the order
stays that of the events and no pipe can fill up.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from . import system

_NAMES = {1: "stdout", 2: "stderr"}
_PIECE = 1 << 20


class Streams:
    """Standard output and error, recorded.

    Args:
        current: Function that returns the Outputs of the present cell.
        folder: Where the files are, or rather are not seen.
    """

    def __init__(self, current, folder):
        self.current = current
        self.owner = os.getpid()
        self.files = {}
        for descriptor in _NAMES:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL
            path = tempfile.mktemp(dir=folder)  # noqa: S306 - ours alone
            file = os.open(path, flags, 0o600)
            Path(path).unlink()
            os.dup2(file, descriptor, inheritable=True)
            self.files[descriptor] = [file, 0]
        sys.stdout, sys.stderr = Stream(self, 1), Stream(self, 2)

    def write(self, descriptor, text):
        """Record text that Python printed."""
        if os.getpid() != self.owner:
            os.write(descriptor, text.encode(errors="replace"))
            return
        self.absorb()
        self.current().stream(_NAMES[descriptor], text)

    def absorb(self):
        """Record what was printed below Python since the last time."""
        for descriptor, place in self.files.items():
            file, position = place
            while os.fstat(file).st_size > position:
                piece = os.pread(file, _PIECE, position)
                if not piece:
                    break
                position += len(piece)
                text = piece.decode(errors="replace")
                self.current().stream(_NAMES[descriptor], text)
            place[1] = position

    def settle(self):
        """Record the rest at the end of a cell and free its space."""
        for stream in (sys.__stdout__, sys.__stderr__):
            if stream is not None and not stream.closed:
                stream.flush()
        system.flush()
        self.absorb()
        for place in self.files.values():
            if place[1]:
                os.ftruncate(place[0], 0)
                place[1] = 0


class Stream(io.TextIOBase):
    """What ``sys.stdout`` or ``sys.stderr`` is in a run."""

    encoding = "UTF-8"
    errors = None

    def __init__(self, streams, descriptor):
        super().__init__()
        self.streams = streams
        self.descriptor = descriptor
        self.name = f"<{_NAMES[descriptor]}>"

    def fileno(self):
        """Return a descriptor that is recorded as well."""
        return self.descriptor

    def writable(self):
        """Return that it is."""
        return True

    def write(self, text):
        """Record a text."""
        if not isinstance(text, str):
            raise TypeError(
                f"write() argument must be str, not {type(text).__name__}"
            )
        self.streams.write(self.descriptor, text)
        return len(text)
