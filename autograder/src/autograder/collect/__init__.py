"""Collect: what an LMS or an exchange holds, laid into a course.

    source --> items --> claims --> people --> shelf --> submitted/
    (sources)           (forms)    (people)   (shelf)

Who handed in and when is the LMS's word: it stands in the manifest, or in
the names of the files that the LMS wrote. Nothing inside a submission is
asked. Every attempt is kept; whatever cannot be taken becomes a line of the
report and a row of the journal, and the rest goes on.
"""

import collections
import datetime as dt
import zoneinfo

from autograder.collect import people
from autograder.collect.gather import Gatherer
from autograder.collect.lines import TROUBLE, Line
from autograder.errors import UsageError

__all__ = ["TROUBLE", "Gatherer", "Line", "run", "table"]


def run(
    course, assignment, source, *, roster=None, rule="last", form=None, zone=""
):
    """Collect the submissions of an assignment from a source.

    Args:
        course: The course.
        assignment: Name of the assignment.
        source: Path of a folder or a zip.
        roster: Path of a CSV that says who is who; the gradebook if None.
        rule: Which attempt counts, "last" or "on-time".
        form: How the source names its files; recognised if None.
        zone: Name of the time zone of the roster's times; this machine's
            if "".

    Returns:
        list[Line]: what became of everything.

    Raises:
        UsageError: source, roster, assignment or zone do not exist.
    """
    known = (
        people.read(roster, _zone(zone))
        if roster
        else people.of_gradebook(course)
    )
    return Gatherer(course, assignment, known, rule, form).collect(source)


def table(lines):
    """Return lines as text: one each, and a count of the outcomes."""
    rows = []
    for line in lines:
        reason = f": {line.reason}" if line.reason else ""
        rows.append(
            f"{line.outcome:<13}  {line.student or '-':<12}  "
            f"{_printable(line.name)}{_printable(reason)}"
        )
    counts = collections.Counter(line.outcome for line in lines)
    total = ", ".join(f"{n} {outcome}" for outcome, n in counts.items())
    return "\n".join([*rows, "", total or "The source holds no submission."])


def _printable(text):
    return "".join(c if c.isprintable() else "?" for c in text)


def _zone(name):
    if not name:
        return dt.datetime.now().astimezone().tzinfo
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise UsageError(
            f"There is no time zone {name!r}. Use a name such as "
            "Europe/Berlin or America/New_York."
        ) from None
