"""Forms: how Canvas, Moodle, a folder and an exchange name what they hold.

Canvas  doejane_LATE_4711_98765_lstm-1.ipynb      person 4711, attempt 1
Moodle  Jane Doe_4711_assignsubmission_file_/lstm.ipynb   participant 4711
folder  jdoe.ipynb, jdoe/lstm.ipynb or jdoe_lstm.ipynb
exchange  jdoe+04-lstm+2026-03-05 22:05:00 UTC+hash/lstm.ipynb
"""

import datetime as dt
import re
from typing import NamedTuple


class Claim(NamedTuple):
    """Whose a file is, by the words of the LMS.

    Attributes:
        person: What the LMS knows the person by.
        order: Which attempt the file belongs to; later is greater.
        path: The file's name and folders as the learner had them.
        late: Whether the LMS says that it came late.
        time: When it was handed in, UTC without zone, or None.
    """

    person: str
    order: tuple
    path: tuple
    late: bool = False
    time: dt.datetime | None = None


_CANVAS = re.compile(
    r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<person>\d+)_(?P<file>\d+)_"
    r"(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_AGAIN = re.compile(r"^.+?-(?P<attempt>\d{1,3})\.\w+$")
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<person>\d+)_assignsubmission_file_?(?P<rest>.*)",
    re.DOTALL,
)
_ONLINE_TEXT = re.compile(r"_assignsubmission_onlinetext_?")
_EXCHANGE = re.compile(
    r"(?P<person>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d [^+]+)"
    r"(?:\+[^+]*)?"
)


def canvas(parts):
    """Read a name that Canvas wrote; None where it is none."""
    found = _CANVAS.fullmatch(parts[-1])
    if not found:
        return None
    again = _AGAIN.match(found["rest"])
    attempt = int(again["attempt"]) if again else 0
    order = canvas_order(attempt)
    return Claim(found["person"], order, (found["rest"],), bool(found["late"]))


def canvas_order(attempt):
    """Return the order of an attempt that Canvas numbered."""
    return (f"{attempt:04d}",)


def moodle(parts):
    """Read a folder's or a file's name that Moodle wrote."""
    for depth, part in enumerate(parts):
        found = _MOODLE.fullmatch(part)
        if found:
            inside = parts[depth + 1 :]
            path = inside or ((found["rest"],) if found["rest"] else ())
            if not path:
                return None
            return Claim(found["person"], (), path)
    return None


def folder(parts):
    """Read a plain folder's names: a person's file, or a person's folder."""
    if len(parts) > 1:
        return Claim(parts[0], (), parts[1:])
    stem = parts[0].rpartition(".")[0]
    if not stem:
        return None
    return Claim(stem, (), parts)


def exchange(parts):
    """Read a folder's name that nbgrader's exchange wrote."""
    depth, found = _in_exchange(parts)
    if not found or depth + 1 == len(parts):
        return None
    time = timestamp(found["time"], dt.UTC)
    if time is None:
        return None
    inside = parts[depth + 1 :]
    return Claim(found["person"], (time.isoformat(),), inside, time=time)


def exchange_assignment(parts):
    """Return the assignment that a folder of an exchange is for, or ""."""
    _, found = _in_exchange(parts)
    return found["assignment"] if found else ""


def _in_exchange(parts):
    """Return which part of a path an exchange wrote, or None."""
    for depth, part in enumerate(parts):
        found = _EXCHANGE.fullmatch(part)
        if found:
            return depth, found
    return 0, None


#: How each form reads a path.
FORMS = {
    "canvas": canvas,
    "moodle": moodle,
    "folder": folder,
    "exchange": exchange,
}


def is_online_text(parts):
    """Return whether Moodle made a file of what was typed into its page."""
    return any(_ONLINE_TEXT.search(part) for part in parts)


def recognise(paths):
    """Return the form that a source's names have.

    Args:
        paths: Tuples of parts.

    Returns:
        str: "folder" where no LMS is recognised.
    """
    counts = {
        name: sum(FORMS[name](parts) is not None for parts in paths)
        for name in ("exchange", "moodle", "canvas")
    }
    best = max(counts, key=counts.get)
    return best if counts[best] * 2 > len(paths) else "folder"


def timestamp(text, zone):
    """Read a time as Moodle, Canvas or nbgrader writes it.

    Args:
        text: For instance "Wednesday, 10 June 2026, 2:14 PM".
        zone: Time zone of texts that name none.

    Returns:
        datetime: UTC, without zone; None where there is no time in it.
    """
    text = " ".join(text.replace("\u202f", " ").split())
    for pattern in (
        "%A, %d %B %Y, %I:%M %p",
        "%A, %B %d, %Y, %I:%M %p",
        "%A, %d %B %Y, %H:%M",
        "%d %B %Y, %I:%M %p",
    ):
        try:
            found = dt.datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is given below
        except ValueError:
            continue
        return _utc(found, zone)
    try:
        found = dt.datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    if text.endswith(" UTC"):
        found = found.replace(tzinfo=dt.UTC)
    return _utc(found, zone)


def _utc(time, zone):
    if time.tzinfo is None:
        time = time.replace(tzinfo=zone)
    return time.astimezone(dt.UTC).replace(tzinfo=None)
