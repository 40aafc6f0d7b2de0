"""People: from what an LMS calls somebody to an id of the gradebook."""

import csv
import io
import unicodedata
from typing import NamedTuple

from nbgrader.api import Gradebook

from autograder.collect import forms
from autograder.errors import UsageError

#: What the columns of a roster may be called, lower case, best first.
_COLUMNS = {
    "id": ("student_id", "username", "sis login id", "id number"),
    "lms": ("lms_user_id", "identifier"),
    "name": ("full name", "name", "student"),
    "first": ("first_name", "first name"),
    "last": ("last_name", "last name", "surname"),
    "email": ("email", "email address"),
    "time": ("last modified (submission)", "submitted_at", "timestamp"),
    "status": ("status",),
    "file": ("file",),
}
_LONGEST = 128


class Person(NamedTuple):
    """One line of a roster.

    Attributes:
        id: Id in the gradebook and name of the folders.
        lms: Number that the LMS knows the person by.
        names: First and last name.
        email: Address.
        time: When the LMS says they handed in, or None.
        file: Name of their file, where the roster says it.
    """

    id: str
    lms: str = ""
    names: tuple = ("", "")
    email: str = ""
    time: object = None
    file: str = ""


class People:
    """Finds people by what an LMS calls them.

    Args:
        roster: The people.
    """

    def __init__(self, roster):
        self.roster = list(roster)
        self._by = {}
        for person in self.roster:
            for key in _keys(person):
                self._by.setdefault(key, set()).add(person)

    def find(self, words):
        """Return the person whom some words mean.

        Args:
            words: A number, an id, an address, a full name or a file's stem.

        Returns:
            tuple: the person or None, and why there is none.
        """
        found = self._by.get(_plain(words), set())
        if len(found) == 1:
            return next(iter(found)), ""
        if found:
            ids = ", ".join(sorted(person.id for person in found))
            return None, (
                f"the roster has {len(found)} people called {words} ({ids}). "
                "Use a roster with the number that the LMS knows them by."
            )
        return None, (
            f"nobody on the roster is known as {words}. Add a line for them, "
            "and collect again."
        )


def read(file, zone):
    """Read a roster: a CSV of Canvas's, Moodle's, nbgrader's or your own.

    Args:
        file: Path of the CSV.
        zone: Time zone of its times.

    Returns:
        People: those that have an id.

    Raises:
        UsageError: it is missing, or its columns say nobody's id.
    """
    found = [person(row, zone) for row in rows(file)]
    people = [each for each in found if each]
    if not people:
        raise UsageError(
            f"The roster {file} has no column that says an id. It needs one "
            "called id, username, SIS Login ID or ID number; see `autograder "
            "collect --help`."
        )
    ids = [each.id for each in people]
    for each in people:
        if ids.count(each.id) > 1:
            raise UsageError(
                f"The roster {file} has {each.id} more than once. Make each "
                "id stand for one person."
            )
    return People(people)


def rows(file):
    """Return the rows of a roster, dictionaries by column.

    Args:
        file: Path of the CSV, its cells parted by commas, semicolons or tabs.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The roster {file} cannot be read: {error}. Export it as CSV in "
            "UTF-8."
        ) from None
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    return list(csv.DictReader(io.StringIO(text), delimiter=mark))


def of_gradebook(course):
    """Return the people whom the gradebook knows.

    Raises:
        UsageError: it knows nobody.
    """
    with Gradebook(course.db_url) as gradebook:
        people = [
            Person(
                student.id,
                student.lms_user_id or "",
                (student.first_name or "", student.last_name or ""),
                student.email or "",
            )
            for student in gradebook.students
            if _usable(student.id)
        ]
    if not people:
        raise UsageError(
            "The gradebook has no students yet. Name a roster with --roster: "
            "the CSV that your LMS exports, or one with the columns id, "
            "first_name, last_name, email."
        )
    return People(people)


def person(row, zone):
    """Return the person of a roster's row, or None where it names none.

    Args:
        row: One of ``rows``.
        zone: Time zone of its times.
    """
    head = {str(name).strip().lower() for name in row}
    cells = {
        str(name).strip().lower(): (value or "").strip()
        for name, value in row.items()
        if isinstance(value, str) or value is None
    }

    def get(field):
        names = _COLUMNS[field]
        return next((cells[n] for n in names if cells.get(n)), "")

    # "ID" is a number of Canvas's in its own files and an id elsewhere.
    of_canvas = "section" in head and "student" in head
    lms = get("lms").removeprefix("Participant ")
    number = cells.get("id", "")
    if of_canvas:
        lms = lms or number
        student = get("id") or cells.get("sis user id", "") or number
    else:
        student = number or get("id") or get("email") or lms
    if not _usable(student):
        return None
    names = get("first"), get("last")
    if not any(names):
        last, comma, first = get("name").partition(",")
        names = (first.strip(), last) if comma else _split(last)
    return Person(
        student,
        lms,
        names,
        get("email"),
        forms.timestamp(get("time"), zone) if get("time") else None,
        get("file"),
    )


def _usable(student):
    """Return whether an id can be the name of a folder."""
    return (
        0 < len(student) <= _LONGEST
        and student.isprintable()
        and student[0] not in ".-~"
        and not set(student) & set('/\\:*?"<>|+')
    )


def _split(name):
    first, _, last = name.rpartition(" ")
    return first, last


def _keys(person):
    """Return all that a person may be called."""
    first, last = person.names
    words = {
        person.id,
        person.lms,
        person.email,
        person.email.partition("@")[0],
        f"{first} {last}",
        f"{last} {first}",
        f"{last}{first}",
        person.file,
        person.file.rpartition(".")[0],
    }
    return {_plain(word) for word in words if word.strip()}


def _plain(words):
    """Return words as they are compared: no case, accents composed."""
    words = unicodedata.normalize("NFKC", words).replace("_", " ")
    return " ".join(words.casefold().split())
