"""Records: how a run tells the grader what it did.

A record is a length of four bytes and that many bytes of JSON: one when a
cell begins, one with its outputs when it ends. Whoever reads them believes
nothing, for the code that runs here may write them as well.
"""

import base64
import json
import numbers
import os
import struct
from collections.abc import Iterable

LENGTH = struct.Struct(">I")


class Channel:
    """The one way out of a run.

    Args:
        descriptor: Writing end of a pipe that nobody else holds.
    """

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.owner = os.getpid()

    def send(self, kind, index, outputs=None):
        """Send a record; a fork of the run that gets here ends instead.

        Args:
            kind: "begin", "end" or "amend".
            index: Position of the cell.
            outputs: Its outputs, each encoded.
        """
        if os.getpid() != self.owner:
            os._exit(0)
        body = f'{{"{kind}":{index}'.encode()
        if outputs is not None:
            body += b',"outputs":[' + b",".join(outputs) + b"]"
        write(self.descriptor, body + b"}")


def write(descriptor, body):
    """Write a record whole."""
    left = memoryview(LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(descriptor, left) :]


def encode(output):
    """Return an output as the bytes of its JSON."""
    try:
        text = json.dumps(output, default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        text = json.dumps(_clean(output))
    return text.encode()


def _plain(value):
    """Return the plain value for one that JSON has no form for."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, Iterable):
        return list(value)
    return str(value)


def _clean(value, depth=0):
    """Return a value rid of whatever JSON cannot hold."""
    if depth > 50:
        return "..."
    if isinstance(value, dict):
        return {str(k): _clean(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [_clean(v, depth + 1) for v in value]
    if isinstance(value, bool | str | int | type(None)):
        return value
    return str(value)
