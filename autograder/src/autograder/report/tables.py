"""Tables: grades as Canvas and Moodle import them, and plainly.

Canvas's gradebook is recognised by ``ID`` or ``SIS Login ID``, so with the
roster that it exported the columns that say who is who go out as they came
in. Without one its number is left out: the gradebook's may be Moodle's, and
a wrong number is another person. Moodle's grade import maps ``ID number`` or
``Email address``; its grading worksheet is the one that it exported, filled
in. Both take an empty cell for "no grade": where no grade stands, a roster's
cell stays as it was, and who has none at all is left out otherwise.
"""

import csv
import datetime as dt
import re

from autograder.collect import people
from autograder.errors import UsageError

_WHO = (
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
)
_POINTS = "Points Possible"
_PLAIN = (
    "assignment",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "outcome",
    "reason",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "waiting",
)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


class Roster:
    """The rows of a CSV that an LMS exported.

    Args:
        file: Its path, or None for no roster.

    Attributes:
        rows: Pairs of a row and the id that it is about, "" for none.
        columns: Names of its columns.
    """

    def __init__(self, file):
        self.rows, self.columns = [], []
        if file is not None:
            known = people.read(file, dt.UTC).roster
            ids = {person.id for person in known}
            for row in people.rows(file):
                person = people.person(row, dt.UTC)
                student = person.id if person else ""
                self.rows.append((row, student if student in ids else ""))
            self.columns = [name for name in self.rows[0][0] if name]

    @property
    def of_canvas(self):
        """Whether it is Canvas's gradebook."""
        return {"Student", "ID", "Section"} <= set(self.columns)

    @property
    def of_moodle(self):
        """Whether it is a grading worksheet of Moodle."""
        return {"Identifier", "Grade"} <= set(self.columns)


def canvas(pictures, known, roster):
    """Return the rows that Canvas's gradebook imports.

    Args:
        pictures: Pictures of the assignments.
        known: People of the gradebook.
        roster: The Roster; asked if it is Canvas's.
    """
    if not roster.of_canvas:
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        rows = [
            (dict(zip(head, (_name(p), "", "", p[0], ""), strict=True)), p[0])
            for p in _graded(pictures, known)
        ]
        titles = {picture.name: picture.name for picture in pictures}
        points = {}
    else:
        head = [name for name in roster.columns if name in _WHO]
        rows = [pair for pair in roster.rows if pair[1]]
        titles = {p.name: _title(p.name, roster.columns) for p in pictures}
        points = next(
            (r for r, _ in roster.rows if _POINTS in (r["Student"] or "")), {}
        )
    first = [f"    {_POINTS}", *[""] * (len(head) - 1)]
    first += [
        points.get(titles[p.name]) or number(p.max_score) for p in pictures
    ]
    return [
        [*head, *(titles[picture.name] for picture in pictures)],
        first,
        *(
            [
                *(row.get(name) or "" for name in head),
                *(
                    _standing(p, student) or row.get(titles[p.name]) or ""
                    for p in pictures
                ),
            ]
            for row, student in rows
        ),
    ]


def moodle(pictures, known):
    """Return the rows that Moodle's grade import takes.

    Args:
        pictures: Pictures of the assignments.
        known: People of the gradebook.
    """
    head = ["ID number", "First name", "Last name", "Email address"]
    return [
        [*head, *(picture.name for picture in pictures)],
        *(
            [
                *(student, first, last, email),
                *(_standing(p, student) for p in pictures),
            ]
            for student, _, first, last, email in _graded(pictures, known)
        ),
    ]


def worksheet(pictures, roster):
    """Return Moodle's grading worksheet, filled in.

    Args:
        pictures: Picture of the one assignment that it is of.
        roster: The Roster, a worksheet.

    Raises:
        UsageError: there are several assignments.
    """
    if len(pictures) != 1:
        raise UsageError(
            "A grading worksheet of Moodle belongs to one assignment. Name "
            "it: autograder report ASSIGNMENT --roster CSV."
        )
    return [
        roster.columns,
        *(
            [
                (name == "Grade" and _standing(pictures[0], student))
                or row[name]
                or ""
                for name in roster.columns
            ]
            for row, student in roster.rows
        ),
    ]


def plain(pictures, known):
    """Return a row for each student and assignment.

    Args:
        pictures: Pictures of the assignments.
        known: People of the gradebook.
    """
    rows = [list(_PLAIN)]
    for picture in pictures:
        for student, _, first, last, email in known:
            work = picture.works.get(student)
            who = [picture.name, student, last, first, email]
            full = number(picture.max_score)
            if work is None:
                rows.append([*who, "not handed in", *[""] * 4, full, ""])
                continue
            points = map(number, (work.raw, work.penalty, work.score))
            left = number(work.waiting)
            rows.append([*who, work.outcome, work.reason, *points, full, left])
    return rows


def write(path, rows):
    """Write rows as CSV that no spreadsheet takes for formulas.

    Args:
        path: The file.
        rows: Lists of text.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([map(harmless, row) for row in rows])


def harmless(text):
    """Return text behind an apostrophe if it would begin a formula."""
    begins = text[:1] in "\t\r\n" or text.lstrip()[:1] in "=+-@"
    if not text.strip() or text == "-" or not begins:
        return text
    return text if _NUMBER.fullmatch(text) else f"'{text}"


def number(value):
    """Return a number as both LMSs read it: a point, no exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _standing(picture, student):
    """Return the points of a student that stand, as text, or ""."""
    work = picture.works.get(student)
    points = work.final if work else None
    return "" if points is None else number(points)


def _graded(pictures, known):
    """Return the people who have a grade that stands in some assignment.

    Both LMSs take an empty cell for a grade that is to be taken away.
    """
    return [
        person
        for person in known
        if any(_standing(picture, person[0]) for picture in pictures)
    ]


def _name(person):
    student, _, first, last, _ = person
    return f"{last}, {first}" if first and last else first or last or student


def _title(name, columns):
    """Return the roster's column of an assignment; Canvas adds a number."""
    pattern = re.compile(rf"{re.escape(name)}(?: \(\d+\))?")
    return next((c for c in columns if pattern.fullmatch(c)), name)
