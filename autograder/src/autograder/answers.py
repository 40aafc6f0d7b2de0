"""Answers: which of a learner's cells answer a solution cell.

A cell is known by its ``grade_id``, by its marker line, or by the names that
the instructor's cell defines, in this order; a later way is gone where the
ones before do not lead to all of these names. So it does not matter where an
editor left the metadata when a cell was split, copied or pasted.
"""

from typing import NamedTuple

from autograder import mend
from autograder.piece import Piece


class Answer(NamedTuple):
    """What answers a solution cell.

    Attributes:
        source: What goes into it.
        parts: Indices of cells split off from it that it may build on.
        taken: Indices of cells that have had their say with it.
        notes: Sentences for the learner.
    """

    source: str
    parts: tuple = ()
    taken: frozenset = frozenset()
    notes: tuple = ()


def answer(cell, pieces, given):
    """Find what answers a solution cell.

    Args:
        cell: The instructor's cell, its stub in place of the solution.
        pieces: The learner's cells, mended.
        given: Texts of the instructor's cells, as ``Piece.words`` has them.

    Returns:
        Answer: with the instructor's own source where it was left untouched.
    """
    stub = Piece(
        cell.cell_type, cell.source, cell.metadata.nbgrader["grade_id"]
    )
    if stub.kind == "code":
        return _code(stub, pieces, given)
    return _text(stub, pieces, given)


def _code(stub, pieces, given):
    found = _claims(stub, pieces, given)
    changed = [i for i in found if pieces[i].words != stub.words]
    if not found:
        return _missing(stub)
    if not changed:
        return Answer(stub.source, taken=frozenset(found))
    chosen = _latest(stub, pieces, changed) or changed[-1:]
    versions = [i for i in changed if pieces[i].defines & stub.makes]
    if not versions:  # nothing tells a version from a part
        versions = changed
    parts = [i for i in changed if i not in versions]
    notes = []
    if len({pieces[i].source for i in versions}) > len(chosen):
        notes.append(
            f"Your notebook has {len(versions)} cells for {stub.task}; the "
            "last one counts."
        )
    if mend.torn(*pieces[chosen[-1] : chosen[-1] + 2]):
        notes.append(
            f"The cell for {stub.task} seems to have been split in the "
            "middle of a function. Put its pieces into one cell and hand in "
            "again."
        )
    source = "\n\n".join(pieces[i].source for i in chosen)
    taken = frozenset(found) - set(parts)
    return Answer(source, tuple(parts), taken, tuple(notes))


def _missing(stub):
    return Answer(
        stub.source,
        notes=(
            f"The cell for {stub.task} is not in your notebook; it counts as "
            "not attempted.",
        ),
    )


def _claims(stub, pieces, given):
    """Return the indices of all cells that may answer a solution cell."""
    found = set()
    for way in _ways(stub, given):
        more = found | {
            i for i, p in enumerate(pieces) if p.kind == stub.kind and way(p)
        }
        if not found or _cover(stub, pieces, more):
            found = more
        if _cover(stub, pieces, found):
            break
    return sorted(found)


def _cover(stub, pieces, indices):
    """Return whether cells, the untouched apart, define all that they must."""
    changed = [pieces[i] for i in indices if pieces[i].words != stub.words]
    defined = set().union(*(piece.defines for piece in changed))
    return bool(changed) and stub.makes <= defined


def _ways(stub, given):
    """Yield functions that tell whether a cell belongs to a solution cell."""
    yield lambda piece: piece.grade_id == stub.grade_id
    yield lambda piece: stub.markers & piece.markers
    yield (
        lambda piece: (
            not piece.grade_id
            and piece.words not in given
            and stub.makes & piece.defines
        )
    )


def _latest(stub, pieces, indices):
    """Return those cells that define a name of the stub as the last ones."""
    last = {
        name: index
        for index in indices
        for name in stub.makes & pieces[index].defines
    }
    return sorted(set(last.values()))


def _text(stub, pieces, given):
    """Return a written answer: all of it, as a person reads it."""
    found = _claims(stub, pieces, given)
    if not found:
        return _missing(stub)
    # What was split off from it, or written below it, belongs to it.
    end = found[-1] + 1
    while end < len(pieces) and _goes_on(stub, pieces[end], given):
        end += 1
    whole = [*found, *range(found[-1] + 1, end)]
    texts = dict.fromkeys(
        pieces[i].source
        for i in whole
        if pieces[i].words not in {"", stub.words}
    )
    source = "\n\n".join(texts) if texts else stub.source
    return Answer(source, taken=frozenset(whole))


def _goes_on(stub, piece, given):
    """Return whether a cell goes on with the written answer above it."""
    return (
        piece.kind == stub.kind
        and not piece.grade_id
        and not piece.markers
        and piece.words not in given
    )
