"""Records of a run, read by who believes nothing.

What is not as agreed ends the reading; what came before is kept.
"""

import json

from nbformat import NotebookNode

from autograder.inside.channel import LENGTH

_KEYS = {
    "stream": {"name": str, "text": str},
    "error": {"ename": str, "evalue": str, "traceback": list},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {
        "data": dict,
        "metadata": dict,
        "execution_count": int,
    },
}
_SLACK = 1 << 16
_DEEPEST = 60


class BadRecordError(ValueError):
    """A record that is not of the agreed form."""


class FaultError(Exception):
    """The sandbox failed before the run began; the learner is not to blame."""


class Records:
    """Reads the records of one run as they come.

    Args:
        count: Number of cells.
        limits: What the run may use.

    Attributes:
        cell: Position of the cell that runs, None between cells.
        ended: Number of cells that ended.
        outputs: Lists of nbformat outputs by position.
    """

    def __init__(self, count, limits):
        self.count = count
        self.longest = limits.cell_output + _SLACK
        self.left = limits.notebook_output + limits.cell_output + _SLACK
        self.records = count * (count + 4)
        self.buffer = bytearray()
        self.cell = None
        self.ended = 0
        self.outputs = {}

    def feed(self, piece):
        """Take bytes that came and yield the kind of each whole record.

        Args:
            piece: The bytes.

        Yields:
            str: "begin", "end" or "amend".

        Raises:
            BadRecordError: the rest is not to be read.
            FaultError: the run never began, for a reason of ours.
        """
        self.buffer += piece
        while len(self.buffer) >= LENGTH.size:
            [size] = LENGTH.unpack_from(self.buffer)
            self._affordable(size)
            if len(self.buffer) < LENGTH.size + size:
                return
            body = bytes(self.buffer[LENGTH.size : LENGTH.size + size])
            del self.buffer[: LENGTH.size + size]
            self.left -= size
            self.records -= 1
            yield self._take(_parse(body))

    def _affordable(self, size):
        if size > self.longest or size > self.left or not self.records:
            raise BadRecordError("more output than a run may have")

    def _take(self, record):
        if "fault" in record and not self.ended and self.cell is None:
            raise FaultError(str(record["fault"])[:300])
        kinds = record.keys() & {"begin", "end", "amend"}
        if len(kinds) != 1:
            raise BadRecordError("not of one kind")
        [kind] = kinds
        index = record.get(kind)
        if not isinstance(index, int) or isinstance(index, bool):
            raise BadRecordError("no position")
        if kind == "begin":
            if self.cell is not None or index != self.ended < self.count:
                raise BadRecordError("a cell begins out of turn")
            self.cell = index
        elif kind == "end":
            if index != self.cell:
                raise BadRecordError("a cell ends that did not begin")
            self.outputs[index] = outputs(record)
            self.cell, self.ended = None, self.ended + 1
        else:
            if index not in self.outputs:
                raise BadRecordError("a cell is amended that did not end")
            self.outputs[index] = outputs(record)
        return kind


def _parse(body):
    try:
        record = json.loads(body, parse_constant=_no_constant)
        if b"\\ud" in body.lower():  # perhaps half of a character
            record = _writable(record)
        deep = _depth(record) > _DEEPEST
    except (ValueError, RecursionError) as error:
        raise BadRecordError("not JSON") from error
    if deep or not isinstance(record, dict) or len(record) > 2:
        raise BadRecordError("not a record")
    return record


def _no_constant(name):
    raise BadRecordError(f"{name} is not JSON")


def _depth(value):
    """Return how deep lists and objects lie in each other."""
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        inner = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        depth, level = depth + 1, inner
    return depth


def outputs(record):
    """Return the outputs of a record as nbformat has them.

    Args:
        record: Object whose ``outputs`` are believed to be anything.

    Raises:
        BadRecordError: they are not of the agreed form.
    """
    found = record.get("outputs")
    if not isinstance(found, list):
        raise BadRecordError("outputs are not a list")
    for output in found:
        kind = output.get("output_type") if isinstance(output, dict) else None
        keys = _KEYS.get(kind if isinstance(kind, str) else None)
        if keys is None or output.keys() != {"output_type", *keys}:
            raise BadRecordError("an output of an unknown form")
        for name, wanted in keys.items():
            if type(output[name]) is not wanted:
                raise BadRecordError(f"an output's {name} is of a wrong type")
        if kind == "error" and not all(
            isinstance(line, str) for line in output["traceback"]
        ):
            raise BadRecordError("a traceback is not lines")
        if kind == "stream" and output["name"] not in {"stdout", "stderr"}:
            raise BadRecordError("a stream of an unknown name")
    return [_node(output) for output in found]


def _node(output):
    """Return an output as nbformat has it; what lies deeper stays plain."""
    shallow = {
        name: NotebookNode(value) if isinstance(value, dict) else value
        for name, value in output.items()
    }
    return NotebookNode(shallow)


def _writable(value):
    """Return JSON data in which every text can be written as UTF-8."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_writable(k): _writable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_writable(item) for item in value]
    return value
