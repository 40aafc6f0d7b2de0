"""Similarity: how much of two solutions is written alike.

A solution becomes a list of words: names that a learner may choose become
one and the same word, numbers another; comments, texts and layout are
dropped; what is looked up in a library (``.sigmoid``), keywords and
operators stay. Every run of ``RUN`` words is a piece. Pieces that the
instructor's stub or solution has are left out, since whoever solves the task
may have them. Of what is left,

    similarity = 2 * shared / (pieces of one + pieces of the other)

Finds: copies that were renamed, laid out or commented anew, or put in
another order. Does not find: a copy of the instructor's solution, a program
that was written anew with the same idea, what stands in cells that a learner
added. Two short solutions may well be alike by chance: where either keeps
fewer than ``FEWEST`` pieces the pair is not compared. It is a number for
somebody who then reads both, and never a verdict.
"""

import statistics
import zlib
from typing import NamedTuple

import numpy as np
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, Text

#: Words in a piece.
RUN = 6
#: Pieces of its own that a solution needs to be compared.
FEWEST = 20
#: From which similarity on a pair is reported.
LINE = 0.6
#: Characters of a source that are looked at.
LONGEST = 8_000
_BLOCK = 4096
_NONE = np.array([], dtype=np.uint32)
_SELF = ("self", "cls")


class Pair(NamedTuple):
    """Two solutions that are written alike.

    Attributes:
        left: Id of one student.
        right: Id of the other.
        similarity: From 0 to 1.
        shared: Number of pieces that both have and the instructor has not.
    """

    left: str
    right: str
    similarity: float
    shared: int


class Comparison(NamedTuple):
    """What comparing the solutions of a task came to.

    Attributes:
        pairs: Those at or above the line, most similar first.
        usual: Median similarity of all pairs, None without any.
        highest: Similarity of the most similar pair, None without any.
        compared: Number of solutions that were compared.
        short: Number of those that were too short for it.
    """

    pairs: list
    usual: float | None
    highest: float | None
    compared: int
    short: int

    @property
    def groups(self):
        """Who hangs together by pairs: sets of ids, largest first."""
        found = []
        for pair in self.pairs:
            group, rest = {pair.left, pair.right}, []
            for each in found:
                if each & group:
                    group |= each
                else:
                    rest.append(each)
            found = [*rest, group]
        return sorted(found, key=lambda group: (-len(group), min(group)))

    def listed(self, most):
        """Return pairs with the number of their group, group by group.

        Args:
            most: How many pairs at most.
        """
        number = {
            name: place
            for place, group in enumerate(self.groups, 1)
            for name in group
        }
        found = [(pair, number[pair.left]) for pair in self.pairs[:most]]
        return sorted(found, key=lambda item: item[1])


def compare(sources, given):
    """Compare the solutions of a task with each other.

    Args:
        sources: Source of each student's solution by id.
        given: Sources that nobody is to be compared by: the instructor's.

    Returns:
        Comparison: deterministic, whatever the order of ``sources``.
    """
    common = np.concatenate([_NONE, *map(pieces, given)])
    own = {
        name: np.setdiff1d(pieces(sources[name]), common)
        for name in sorted(sources)
    }
    long = {name: found for name, found in own.items() if len(found) >= FEWEST}
    short = sum(0 < len(found) < FEWEST for found in own.values())
    names = list(long)
    shared = _shared(list(long.values()))
    sizes = np.array([len(found) for found in long.values()], dtype=float)
    alike = 2 * shared / np.add.outer(sizes, sizes) if names else shared
    rows, columns = np.triu_indices(len(names), 1)
    values = alike[rows, columns]
    pairs = [
        Pair(
            names[rows[i]],
            names[columns[i]],
            float(values[i]),
            int(shared[rows[i], columns[i]]),
        )
        for i in np.flatnonzero(values >= LINE)
    ]
    pairs.sort(key=lambda p: (-p.similarity, -p.shared, p.left, p.right))
    return Comparison(
        pairs,
        statistics.median(values.tolist()) if len(values) else None,
        float(values.max()) if len(values) else None,
        len(names),
        short,
    )


def pieces(source):
    """Return the hashes of all runs of words of a source, each once."""
    found = words(source)
    hashes = {
        zlib.crc32(" ".join(found[i : i + RUN]).encode(errors="replace"))
        for i in range(len(found) - RUN + 1)
    }
    return np.array(sorted(hashes), dtype=np.uint32)


def words(source):
    """Return a source as words, without what a learner is free to choose."""
    found, last, before = [], "", ""
    for kind, text in PythonLexer(ensurenl=False).get_tokens(source[:LONGEST]):
        if kind in Comment or kind in String.Doc or kind in Text:
            continue
        if kind in String:
            word = "''"
            if last == word:
                continue
        elif kind in Number:
            word = "0"
        elif kind in Name.Builtin or kind in Keyword:
            word = "self" if text in _SELF else text
        elif kind in Name and (last != "." or before == "self"):
            word = "name"
        else:
            word = text
        found.append(word)
        before, last = last, word
    return found


def _shared(lists):
    """Return the matrix of how many members each two lists share."""
    members, counts = np.unique(
        np.concatenate([_NONE, *lists]), return_counts=True
    )
    columns = members[counts > 1]
    total = np.zeros((len(lists), len(lists)))
    for start in range(0, len(columns), _BLOCK):
        block = columns[start : start + _BLOCK]
        has = np.array([np.isin(block, each) for each in lists], np.float32)
        total += has @ has.T
    return total
