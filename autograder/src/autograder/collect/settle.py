"""Settle: attempts on the shelf, and the ones that count in place."""

import nbformat
from nbgrader.api import Gradebook, MissingEntry, Student

from autograder.collect import lines, names
from autograder.collect.lines import Line
from autograder.collect.shelf import Shelf, chosen
from autograder.submission import RejectedError


def settle(course, assignment, people, attempts, rule):
    """Put attempts on the shelf, and lay out the ones that count.

    Args:
        course: The course.
        assignment: Name of the assignment.
        people: Who is who; the gradebook is told the names.
        attempts: What came, each with its files in a draft.
        rule: Which attempt counts, "last" or "on-time".

    Returns:
        list[Line]: what became of each attempt.
    """
    tasks = _tasks_by_assignment(course)
    deadline = _deadline(course, assignment)
    by_student = {}
    for attempt in attempts:
        by_student.setdefault(attempt.student, []).append(attempt)
    said = []
    for student, theirs in sorted(by_student.items()):
        shelf = Shelf(course, assignment, student)
        shelf.keep_submitted()
        came = []
        for attempt in sorted(theirs, key=lambda each: each.order):
            _bring_home(attempt)
            wrong = _examine(attempt, assignment, tasks)
            if wrong:
                name = attempt.label or next(iter(attempt.files))
                said.append(Line(name, lines.REFUSED, student, wrong))
            else:
                came.append((attempt.label, *shelf.add(attempt)))
        everything = shelf.attempts()
        if everything:
            best = chosen(everything, rule, deadline)
            changed = shelf.lay(best)
            said += [
                _line(name, stored, stored.number == best.number, new, changed)
                for name, stored, new in came
            ]
    _enrol(course, people, by_student)
    return said


def _line(name, attempt, counts, new, changed):
    """Return what became of an attempt that is on the shelf."""
    if not counts:
        reason = attempt.broken or "another attempt counts."
        return Line(name, lines.KEPT, attempt.student, reason)
    if attempt.broken:
        return Line(name, lines.BROKEN, attempt.student, attempt.broken)
    outcome = lines.TAKEN if new or changed else lines.ALREADY
    return Line(name, outcome, attempt.student)


def _bring_home(attempt):
    """Lay files beside the notebook that lay beside it in a folder."""
    if attempt.home:
        attempt.files = {
            name.removeprefix(f"{attempt.home}/"): file
            for name, file in attempt.files.items()
        }


def _examine(attempt, assignment, tasks):
    """Return why an attempt is not one at this assignment, or "".

    Notes in the attempt where a notebook of it cannot be read.
    """
    notebooks = [name for name in attempt.files if name.endswith(".ipynb")]
    if not notebooks:
        return "no notebook is among its files. Ask for the .ipynb."
    answered = set()
    for name in notebooks:
        try:
            answered |= names.tasks_in(attempt.files[name])
        except RejectedError as error:
            attempt.broken = str(error)
            return ""
    # Courses may use an id in several assignments, so the most fitting one.
    shared = {other: len(ids & answered) for other, ids in tasks.items()}
    best = max(shared, key=shared.get)
    if shared[best] <= shared[assignment]:
        return ""
    return f"it is a notebook of {best}. Ask for the one of {assignment}."


def _tasks_by_assignment(course):
    """Return the task ids of every assignment of a course."""
    found = {}
    folder = course.folder("source", "x").parent
    for source in sorted(folder.glob("*")):
        ids = set()
        for file in source.glob("*.ipynb"):
            ids |= names.tasks_of(nbformat.read(file, as_version=4))
        found[source.name] = ids
    return found


def _deadline(course, assignment):
    """Return when an assignment is due, as attempts say times, or ""."""
    with Gradebook(course.db_url) as gradebook:
        try:
            due = gradebook.find_assignment(assignment).duedate
        except MissingEntry:
            due = None
    return due.isoformat(timespec="seconds") if due else ""


def _enrol(course, people, students):
    """Tell the gradebook the names of people whom it does not know."""
    with Gradebook(course.db_url) as gradebook:
        known = {student.id for student in gradebook.students}
        for student in sorted(set(students) - known):
            person, _ = people.find(student)
            if person:
                first, last = person.names
                row = Student(
                    id=student,
                    first_name=first or None,
                    last_name=last or None,
                    email=person.email or None,
                    lms_user_id=person.lms or None,
                )
                gradebook.db.add(row)
        gradebook.db.commit()
