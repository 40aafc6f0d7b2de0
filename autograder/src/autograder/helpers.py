"""Helpers: which of the learner's own cells their solutions build on."""

import builtins


def needed(own, parts, solutions):
    """Find those of the learner's own cells that the solutions build on.

    A cell is kept when a name it defines is used by a solution or by another
    cell that is kept, and when all it does is define names. A part that was
    split off from a solution may do more, as its solution may.

    Args:
        own: The learner's own pieces by index.
        parts: Indices of those that are parts of a solution.
        solutions: The solutions as pieces.

    Returns:
        tuple: indices of what is kept, in order; names that are used and
            that only a cell defines which is not kept.
    """
    defining = {}
    for index, piece in own.items():
        if index in parts or piece.only_defines:
            for name in piece.defines:
                defining.setdefault(name, []).append(index)
    kept = set()
    waiting = list(set().union(*(piece.uses for piece in solutions)))
    used = set(waiting)
    while waiting:
        # Taken out, a name leads to its cells once, however long the chain.
        for index in defining.pop(waiting.pop(), ()):
            if index not in kept:
                kept.add(index)
                waiting.extend(own[index].uses)
                used |= own[index].uses
    there = [*solutions, *(own[index] for index in kept)]
    left = (
        set()
        .union(*(own[index].defines for index in own.keys() - kept))
        .intersection(used)
    )
    left -= set(dir(builtins)).union(*(piece.defines for piece in there))
    return sorted(kept), left


def note(name):
    """Return the sentence about a name whose cell is not kept."""
    return (
        f"Your solutions use {name}. The cell that makes it does more than "
        "define names, so it did not run; define it inside the cell of a "
        "solution."
    )
