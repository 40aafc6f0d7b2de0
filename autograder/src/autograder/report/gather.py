"""Gather: what gradebook, journal and collector know of an assignment."""

import collections
import functools

from nbgrader.utils import is_grade, is_task

from autograder import delegation
from autograder.collect import lines
from autograder.ledger import Ledger
from autograder.master import masters
from autograder.report import alike
from autograder.report.picture import UNGRADED, Picture, Task, Work
from rnnlab.checks import fingerprints

#: What nbgrader says of a written answer that was left as it was.
_SILENT = "No response."
_DELEGATES = "Leaves the task to something that does it already."


def people(course):
    """Return the gradebook's students as tuples, sorted by id.

    Returns:
        list[tuple]: id, number of the LMS, first name, last name, address.
    """
    with course.gradebook() as gradebook:
        return sorted(
            (
                student.id,
                student.lms_user_id or "",
                student.first_name or "",
                student.last_name or "",
                student.email or "",
            )
            for student in gradebook.students
        )


def handed_in(course):
    """Return the names of the assignments that somebody handed in."""
    with course.gradebook() as gradebook:
        names = sorted(each.name for each in gradebook.assignments)
    return [name for name in names if _students(course, name)]


def picture(course, name):
    """Gather all about an assignment.

    Args:
        course: The course.
        name: Name of the assignment.

    Returns:
        Picture: of who handed in; of nobody, where nobody did.

    Raises:
        UsageError: the assignment does not exist.
    """
    stubs = masters(course, name)
    with Ledger(course, name) as ledger:
        standing, journal = ledger.standing(), ledger.journal()
    works = _works(standing, journal)
    for student in _students(course, name):
        works.setdefault(student, Work(student, UNGRADED))
    tasks = _tasks(works, _order(stubs))
    compared = alike.find(course, name, stubs, sorted(works))
    return Picture(
        name,
        _points(stubs),
        works,
        tasks,
        _mistakes(tasks),
        _trouble(course, name),
        compared,
    )


def _points(stubs):
    """Return the points of an assignment."""
    return sum(
        float(cell.metadata.nbgrader["points"])
        for stub in stubs.values()
        for cell in stub.cells
        if is_grade(cell) or is_task(cell)
    )


def _trouble(course, name):
    """Return the collector's lines to look at that nothing later mended."""
    found = {}
    for line in lines.read(course, name):
        if line.outcome in (*lines.TROUBLE, lines.BROKEN):
            found[line.name, line.student] = line
        elif line.outcome == lines.TAKEN:
            found = {
                key: each
                for key, each in found.items()
                if line.name != each.name and line.student != each.student
            }
    return list(found.values())


def _students(course, name):
    submitted = course.path / course.directory.submitted_directory
    return sorted(
        folder.parent.name
        for folder in submitted.glob(f"*/{name}")
        if folder.is_dir()
    )


def _order(stubs):
    """Return the places of graded cells by notebook and id."""
    keys = [
        (name, cell.metadata.get("nbgrader", {}).get("grade_id"))
        for name, stub in stubs.items()
        for cell in stub.cells
    ]
    return {key: place for place, key in enumerate(keys)}


def _works(standing, journal):
    """Return works by student, with their tasks."""
    known = {
        (student, name, task["grade_id"]): task
        for student, (_, entry) in journal.items()
        for name, sheet in entry.items()
        for task in sheet["tasks"]
    }
    works = {}
    for key, (score, points, comment) in standing.grades.items():
        student, notebook, grade_id = key
        work = works.setdefault(student, Work(student))
        task = known.get(key, {})
        verdict = task.get("verdict", "")
        work.tasks.append(
            {
                "student": student,
                "notebook": notebook,
                "grade_id": grade_id,
                "title": task.get("title", grade_id),
                "verdict": verdict,
                "mistake": task.get("mistake", ""),
                "score": score,
                "max_score": points,
                "attempted": verdict != "not attempted" and comment != _SILENT,
            }
        )
    for (student, _), taken in standing.penalties.items():
        if student in works:
            works[student].penalty += taken
    for student, (_, entry) in journal.items():
        bad = [sheet for sheet in entry.values() if sheet["reason"]]
        if bad and student in works:
            works[student].outcome = bad[-1]["outcome"]
            works[student].reason = " ".join(each["reason"] for each in bad)
            if all(sheet["outcome"] == "rejected" for sheet in entry.values()):
                for task in works[student].tasks:
                    task["attempted"] = False
    return works


def _tasks(works, order):
    """Return the tasks of an assignment with everybody's entries."""
    found = {}
    for _, work in sorted(works.items()):
        for entry in work.tasks:
            key = entry["notebook"], entry["grade_id"]
            task = found.setdefault(
                key, Task(*key, entry["title"], entry["max_score"])
            )
            task.entries.append(entry)
            if task.title == task.grade_id:
                task.title = entry["title"]
    titles = collections.Counter(task.title for task in found.values())
    for task in found.values():
        once = titles[task.title] == 1 or task.title == task.grade_id
        task.label = task.title if once else f"{task.title} ({task.grade_id})"
    last = len(order)
    return [found[k] for k in sorted(found, key=lambda k: order.get(k, last))]


def _mistakes(tasks):
    """Return how many students made each named mistake."""
    found = [
        (task.label, sentence(task.grade_id, name), len(who))
        for task in tasks
        for name in sorted({e["mistake"] for e in task.entries} - {""})
        if (who := [e for e in task.entries if e["mistake"] == name])
    ]
    return sorted(found, key=lambda row: -row[2])


def sentence(check, mistake):
    """Return the sentence that a learner reads about a mistake."""
    if mistake == delegation.MISTAKE:
        return _DELEGATES
    return _sentences().get((check, mistake), mistake)


@functools.cache
def _sentences():
    return {
        (check, row["mistake"]): row["sentence"]
        for check, rows in fingerprints.shipped().items()
        for row in rows
    }
