"""Where the strings of a piece of Python source begin and end."""

import io
import tokenize

import torch

#: Tokens of an f-string since Python 3.12; before, it was one STRING.
_BEGIN = getattr(tokenize, "FSTRING_START", None)
_END = getattr(tokenize, "FSTRING_END", None)


def inside_strings(source):
    """Return which characters of Python source lie inside a string literal.

    Python's own tokenizer says so: a character is inside from the one that
    opens the literal (its prefix counts) up to the one before its last
    quote. With that last quote the literal is over.

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
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    inside = torch.zeros(len(source), dtype=torch.bool)
    begin = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        first, last = (
            starts[line - 1] + column
            for line, column in (token.start, token.end)
        )
        if token.type == tokenize.STRING and begin is None:
            inside[first : last - 1] = True
        elif _BEGIN is not None and token.type == _BEGIN and begin is None:
            begin = first
        elif _END is not None and token.type == _END and begin is not None:
            inside[begin : last - 1] = True
            begin = None
    return inside
