"""Fingerprints: the numbers of catalogued mistakes, never their code.

A mistake is named only on proof: what the learner's object did on the public
cases is what a catalogued mistake does there. ``fingerprints.json`` is made
by ``make fingerprints`` from ``solutions/reference/mistakes``.
"""

import functools
import json
from importlib import resources

import numpy as np

from rnnlab.checks import drive, judge

_FILE = "fingerprints.json"
# Relative and absolute: sums in another order differ by so much.
_CLOSE = {"float64": (1e-6, 1e-9)}
_CLOSE_ELSE = (1e-4, 1e-4)
_NOT_FINITE = {"nan": 7.25, "posinf": 5.75, "neginf": -3.5}


def signature(report):
    """Condense a report to a few numbers.

    Args:
        report: Report of an object on one case.

    Returns:
        dict: plain data; equal for equal behaviour, whatever the device.
    """
    if report.status == drive.RETURNED:
        return {
            name: [list(array.shape), str(array.dtype), *_project(array)]
            for name, array in report.tensors.items()
            # What was never used and what was used to no effect are one
            # mistake: no gradient and a gradient of zeros.
            if array.any() or not name.startswith(judge.GRADIENT)
        }
    # The whole text: that torch raised a RuntimeError proves no mistake, that
    # it could not multiply 2x3 by 16x3 does.
    return report.problem or report.status


def same(left, right):
    """Return whether two signatures are of the same behaviour."""
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    return left.keys() == right.keys() and all(
        left[name][:2] == right[name][:2]
        and np.allclose(
            left[name][2:],
            right[name][2:],
            *_CLOSE.get(left[name][1], _CLOSE_ELSE),
        )
        for name in left
    )


def identify(check, signatures, failing, rows=None):
    """Name the mistake that a learner made, if it is proved.

    Args:
        check: Name of the check.
        signatures: The learner's, one for each public case.
        failing: Index of the first case that failed.
        rows: Catalogue to search; the shipped one by default.

    Returns:
        dict or None: the row of the one mistake that behaves so. A mistake
            that behaves so on every case goes before one that does on the
            failing case; two that fit equally well are no proof.
    """
    rows = shipped().get(check, []) if rows is None else rows
    here = [
        row
        for row in rows
        if same(row["signatures"][failing], signatures[failing])
    ]
    everywhere = [
        row
        for row in here
        if all(
            same(known, given)
            for known, given in zip(row["signatures"], signatures, strict=True)
        )
    ]
    for found in (everywhere, here):
        if len(found) == 1:
            return found[0]
    return None


def pack(rows, right):
    """Return a catalogue without what mistakes share with what is right.

    Args:
        rows: Rows of one check.
        right: Signatures of the right object, one for each public case.

    Returns:
        dict: plain data, for ``unpack``.
    """
    return {
        "right": right,
        "mistakes": [
            {
                **row,
                "signatures": [
                    _difference(here, there)
                    for here, there in zip(
                        row["signatures"], right, strict=True
                    )
                ],
            }
            for row in rows
        ],
    }


def unpack(packed):
    """Return the rows that were packed."""
    return [
        {
            **row,
            "signatures": [
                here if isinstance(here, str) else _restore(here, there)
                for here, there in zip(
                    row["signatures"], packed["right"], strict=True
                )
            ],
        }
        for row in packed["mistakes"]
    ]


@functools.cache
def shipped():
    """Return the catalogue that comes with the kit: rows by check."""
    file = resources.files(__package__) / _FILE
    if not file.is_file():
        return {}
    packed = json.loads(file.read_text("utf-8"))
    return {name: unpack(one) for name, one in packed.items()}


def _difference(here, there):
    if isinstance(here, str):
        return here
    gone = dict.fromkeys(there.keys() - here.keys())
    changed = {k: v for k, v in here.items() if v != there.get(k)}
    return {**changed, **gone}


def _restore(here, there):
    merged = {**there, **here}
    return {name: value for name, value in merged.items() if value is not None}


def _project(array):
    """Return three projections, which tell arrays of one shape apart."""
    numbers = np.nan_to_num(array.astype(np.float64).ravel(), **_NOT_FINITE)
    # A finite giant would drown the rest; its logarithm tells as much.
    numbers = np.where(
        np.abs(numbers) > 1e6,
        np.sign(numbers) * (1e6 + np.log(np.abs(numbers) + 1)),
        numbers,
    )
    index = np.arange(1, numbers.size + 1)
    return [
        float(f"{np.sum(numbers * np.cos(k * index)):.9g}") for k in (1, 2, 3)
    ]
