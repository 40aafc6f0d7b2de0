"""Mend: cells that were split in the middle of a function are one again.

Every editor has a key that splits a cell at the cursor. Where that tears a
function in two, the halves are no Python, or a ``return`` stands outside of
a function; only together do they make sense.
"""

import re

from autograder.piece import Piece

_CHECK = re.compile(r"^[ \t]*#[ \t]*grade:", re.MULTILINE)
#: How the inside of a function begins, or what it ends with.
_INSIDE = re.compile(r"\A[ \t]|^return\b", re.MULTILINE)
_BLANK = {" ", "\t"}
#: A cell is put together from no more pieces than these.
_MOST = 8
#: A notebook of more cells is nobody's work; it is left as it is.
_MANY = 2_000


def mend(pieces):
    """Put torn cells together.

    Args:
        pieces: A learner's cells, in their order.

    Returns:
        list[Piece]: what was not torn is as it was.
    """
    if len(pieces) > _MANY:
        return pieces
    mended, start = [], 0
    while start < len(pieces):
        piece, end = _longest(pieces, start)
        mended.append(piece)
        start = end
    return mended


def torn(piece, below=None):
    """Return whether a cell and the one below it look like torn halves."""
    return below and _may_join(piece, below) and _goes_on(piece, below)


def _longest(pieces, start):
    """Return the piece that begins at an index, and where the next does."""
    made, end = pieces[start], start + 1
    joined = made
    for index in range(start + 1, min(start + _MOST, len(pieces))):
        following = pieces[index]
        if not _may_join(joined, following):
            break
        if joined.whole and not _goes_on(joined, following):
            break
        joined = _join(joined, following)
        if joined.whole:
            made, end = joined, index + 1
    return made, end


def _goes_on(piece, following):
    """Return whether a whole cell goes on in the one below it."""
    above, below = _edges(piece, following)
    inside = _INSIDE.search(below) or above[-1:] in _BLANK
    return inside and not following.whole


def _may_join(piece, following):
    """Return whether two cells can have been one."""
    ids = {piece.grade_id, following.grade_id} - {""}
    return (
        piece.kind == following.kind == "code"
        and len(ids) < 2
        and following.markers <= piece.markers
        and not _CHECK.search(following.source)
    )


def _join(piece, following):
    """Return two cells as one, split between two lines or within one."""
    grade_id = piece.grade_id or following.grade_id
    lines = f"{piece.source}\n{following.source}"
    made = Piece("code", lines, grade_id)
    above, below = _edges(piece, following)
    if not made.whole and _BLANK & {above[-1:], below[:1]}:
        line = Piece("code", above + below, grade_id)
        return line if line.whole else made
    return made


def _edges(piece, following):
    """Return two sources without the empty lines where they may meet."""
    return piece.source.rstrip("\n"), following.source.lstrip("\n")
