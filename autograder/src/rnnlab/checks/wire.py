"""Answers as plain data: JSON that holds base64 ``.npy`` bytes.

The reader trusts nothing: no pickle, a few plain dtypes, no array larger
than the bytes that came for it, no text longer than a line.
"""

import base64
import binascii
import io

import numpy as np

from rnnlab.checks import drive

MIME = "application/vnd.rnnlab.answer+json"
VERSION = 1

_DTYPES = {"float16", "float32", "float64", "int32", "int64", "bool"}
_STATUSES = {drive.RETURNED, drive.RAISED, drive.NOT_ATTEMPTED, drive.UNUSABLE}
_MAX_TENSORS = 64
_MAX_REPORTS = 64
_MAX_TEXT = 300


class BadAnswerError(ValueError):
    """An answer that is not of the agreed form."""


def encode(check, nonce, reports):
    """Return reports as plain JSON data.

    Args:
        check: Name of the check.
        nonce: The challenge they answer.
        reports: Reports, public cases first.

    Returns:
        dict: ready for ``json.dumps``.
    """
    return {
        "version": VERSION,
        "check": check,
        "nonce": nonce,
        "reports": [_encode_report(report) for report in reports],
    }


def decode(answer, check, nonce, count):
    """Read an answer, believing nothing.

    Args:
        answer: What came, parsed from JSON.
        check: Name of the check it must answer.
        nonce: Challenge it must answer.
        count: Number of reports it must hold.

    Returns:
        list[Report]: one for each case.

    Raises:
        BadAnswerError: the answer is not of the agreed form.
    """
    if not isinstance(answer, dict) or answer.get("version") != VERSION:
        raise BadAnswerError("not an answer of a known version")
    if answer.get("check") != check or answer.get("nonce") != nonce:
        raise BadAnswerError("it answers another challenge")
    reports = answer.get("reports")
    if not isinstance(reports, list) or len(reports) != count:
        raise BadAnswerError("it does not answer every case")
    return [_decode_report(report) for report in reports[:_MAX_REPORTS]]


def _encode_report(report):
    tensors = {}
    for name, array in report.tensors.items():
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, array, allow_pickle=False)
        tensors[name] = base64.b64encode(buffer.getvalue()).decode()
    return {
        "status": report.status,
        "tensors": tensors,
        "problem": report.problem,
        "where": list(report.where),
        "unwritten": report.unwritten,
        "printed": report.printed,
        "warned": report.warned,
    }


def _decode_report(data):
    if not isinstance(data, dict) or data.get("status") not in _STATUSES:
        raise BadAnswerError("a report has no known status")
    tensors = data.get("tensors", {})
    where = data.get("where", [])
    if not isinstance(tensors, dict) or len(tensors) > _MAX_TENSORS:
        raise BadAnswerError("a report holds too many tensors")
    if not isinstance(where, list):
        raise BadAnswerError("a report's frames are not a list")
    return drive.Report(
        status=data["status"],
        tensors={_text(k): _decode_array(v) for k, v in tensors.items()},
        problem=_text(data.get("problem", "")),
        where=tuple(_text(frame) for frame in where[:3]),
        unwritten=_text(data.get("unwritten", "")),
        printed=_count(data.get("printed", 0)),
        warned=_count(data.get("warned", 0)),
    )


def _decode_array(text):
    if not isinstance(text, str) or len(text) > 2 * drive.MAX_BYTES:
        raise BadAnswerError("a tensor is not text of a sensible length")
    try:
        raw = base64.b64decode(text, validate=True)
        buffer = io.BytesIO(raw)
        version = np.lib.format.read_magic(buffer)
        if version != (1, 0):
            raise BadAnswerError("a tensor has an unknown format")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(buffer)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadAnswerError("a tensor is not .npy bytes") from error
    body = raw[buffer.tell() :]
    # Python integers: a header may claim more than any machine counts to.
    size = dtype.itemsize
    for axis in shape:
        size *= int(axis)
    if dtype.name not in _DTYPES or any(axis < 0 for axis in shape):
        raise BadAnswerError(f"a tensor of dtype {dtype.name[:20]}")
    if size != len(body) or size > drive.MAX_BYTES:
        raise BadAnswerError("a tensor's bytes do not fit its shape")
    order = "F" if fortran else "C"
    return np.frombuffer(body, dtype=dtype).reshape(shape, order=order)


def _text(value):
    if not isinstance(value, str):
        raise BadAnswerError("a text is not text")
    printable = "".join(c if c.isprintable() else " " for c in value)
    return printable[:_MAX_TEXT]


def _count(value):
    if not isinstance(value, int) or value < 0:
        raise BadAnswerError("a count is not a count")
    return min(value, 1_000_000)
