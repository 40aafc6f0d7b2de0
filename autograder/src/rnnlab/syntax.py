"""Which characters of Python source lie inside a string or inside brackets.

Python's own tokenizer says so; no network ever sees these labels.
"""

import io
import tokenize

import torch

#: Tokens of an f-string since Python 3.12; before, it was one STRING.
_BEGIN = getattr(tokenize, "FSTRING_START", None)
_END = getattr(tokenize, "FSTRING_END", None)


def inside_strings(source):
    """Return which characters of Python source lie inside a string literal.

    A character is inside from the one that opens the literal (its prefix
    counts) up to the one before its last quote. With that last quote the
    literal is over.

    Args:
        source: Python source.

    Shapes:
        returns: (number of characters,), bool

    Returns:
        Tensor: True inside.

    Example:
        >>> inside_strings("a = 'b'").tolist()[4:]
        [True, True, False]
    """
    inside = torch.zeros(len(source), dtype=torch.bool)
    begin = None
    for kind, _, first, last in _tokens(source):
        if kind == tokenize.STRING and begin is None:
            inside[first : last - 1] = True
        elif _BEGIN is not None and kind == _BEGIN and begin is None:
            begin = first
        elif _END is not None and kind == _END and begin is not None:
            inside[begin : last - 1] = True
            begin = None
    return inside


def inside_brackets(source):
    """Return which characters of Python source lie inside any bracket.

    A character is inside from the outermost bracket that opens up to the one
    before the bracket that closes it. Brackets in strings and comments are
    text and do not count.

    Args:
        source: Python source.

    Shapes:
        returns: (number of characters,), bool

    Returns:
        Tensor: True inside.

    Example:
        >>> inside_brackets("f(a)").tolist()
        [False, True, True, False]
    """
    inside = torch.zeros(len(source), dtype=torch.bool)
    opened = []
    literals = 0
    for kind, text, first, _ in _tokens(source):
        literals += (kind == _BEGIN) - (kind == _END)
        if kind != tokenize.OP or literals:
            continue
        if text in "([{":
            opened.append(first)
        elif text in ")]}":
            inside[opened.pop() : first] = True
    return inside


def _tokens(source):
    """Yield kind, text, first character and end of each token."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    starts.append(starts[-1])
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        first, last = (
            starts[line - 1] + column
            for line, column in (token.start, token.end)
        )
        yield token.type, token.string, first, last
