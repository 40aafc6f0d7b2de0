"""Messages: a verdict and a paragraph, at most 9 lines of 80 columns."""

import textwrap

WIDTH = 80
LINES = 9


def compose(head, paragraphs, details=(), tail=()):
    """Lay out a message.

    Args:
        head: First line, the verdict and what it is about.
        paragraphs: Sentences before the indented lines.
        details: (label, text) pairs, one indented line each.
        tail: Sentences after them; these are never cut.

    Returns:
        str: the message; details give way first when it is too long.
    """
    top = [head[:WIDTH], ""]
    body = [line for text in paragraphs for line in wrap(text)]
    end = [line for text in tail for line in wrap(text)]
    middle = [_cut(f"  {label:<10} {text}") for label, text in details]
    room = max(0, LINES - len(top) - len(end))
    body = body[:room]
    middle = middle[: room - len(body)]
    return "\n".join([*top, *body, *middle, *end][:LINES])


def wrap(text, width=WIDTH):
    """Return a text as lines; a name with hyphens stays in one piece."""
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _cut(line):
    return line if len(line) <= WIDTH else line[: WIDTH - 4] + " ..."
