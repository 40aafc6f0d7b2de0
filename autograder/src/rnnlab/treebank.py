"""Reads the Stanford Sentiment Treebank, as it is published.

The files are not part of the course; whoever has them can read them here.
"""

from pathlib import Path
from typing import NamedTuple

#: How the treebank writes brackets that are words.
_UNESCAPED = {"-LRB-": "(", "-RRB-": ")"}


class Phrase(NamedTuple):
    """A phrase of the treebank.

    Attributes:
        words: Its words.
        label: 0, very negative, to 4, very positive; 2 is neutral.
    """

    words: tuple
    label: int


def load_sst(path):
    """Read a file of the Stanford Sentiment Treebank.

    Args:
        path: train.txt, dev.txt or test.txt of the published trees.

    Returns:
        list: for each sentence its phrases, the whole sentence first.

    Raises:
        ValueError: a line is not a tree; the message names the line.

    Source:
        Socher et al. 2013, in the bracket format "(3 (2 a) (3 film))".
    """
    sentences = []
    lines = Path(path).read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                sentences.append(read_tree(line))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error
    return sentences


def read_tree(line):
    """Return the phrases of one tree, each before its parts.

    Args:
        line: A tree such as "(3 (2 a) (3 film))".

    Returns:
        list: of Phrase; the first is the whole sentence.

    Raises:
        ValueError: brackets or labels are not those of a tree.

    Example:
        >>> read_tree("(3 (2 a) (3 film))")[0]
        Phrase(words=('a', 'film'), label=3)
    """
    pieces = line.replace("(", " ( ").replace(")", " ) ").split()
    phrases, spans, words = [], [], []
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        if piece == "(":
            label = pieces[place + 1 : place + 2]
            if label not in ([k] for k in "01234"):
                raise ValueError(f"a label from 0 to 4 is missing: {line!r}")
            if phrases and not spans:
                raise ValueError(f"more than one tree: {line!r}")
            spans.append((len(phrases), len(words)))
            phrases.append(int(label[0]))
            place += 2
            continue
        if not spans:
            raise ValueError(f"not inside a tree: {line!r}")
        if piece == ")":
            index, begin = spans.pop()
            if len(words) == begin:
                raise ValueError(f"a phrase without words: {line!r}")
            phrases[index] = Phrase(tuple(words[begin:]), phrases[index])
        else:
            words.append(_UNESCAPED.get(piece, piece.replace("\\/", "/")))
        place += 1
    if spans or not phrases:
        raise ValueError(f"the brackets do not match: {line!r}")
    return phrases
