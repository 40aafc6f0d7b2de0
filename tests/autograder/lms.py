"""Exports as Canvas, Moodle and nbgrader's exchange make them, for tests."""

import atexit
import csv
import functools
import json
import os
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path

import course_of_three

from autograder.course import Course

CLASS = (
    # id, Canvas number, Moodle number, first name, last name
    ("jdoe", "4711", "801", "Jane", "Doe"),
    ("obrien", "4712", "802", "Sinead", "O'Brien"),
    ("jose", "4713", "803", "José María", "García Núñez"),
    ("liwei", "4714", "804", "Wei", "Li"),
)
WORKSHEET = (
    "Identifier",
    "Full name",
    "ID number",
    "Email address",
    "Status",
    "Grade",
    "Maximum grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
)


def notebook(course, answer="def double(x):\n    return 2 * x", name="p"):
    """Return the bytes of the released notebook with an answer in it."""
    released = course.folder("release", "ps1") / f"{name}.ipynb"
    data = json.loads(released.read_text("utf-8"))
    for cell in data["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answer
    return json.dumps(data).encode()


def make_course(root):
    """Make a course without submissions, a copy of one made before."""
    shutil.copytree(_template(), root)
    return Course(root)


@functools.cache
def _template():
    """Return the folder of a course; nbgrader takes its time to make one."""
    place = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, place)
    return course_of_three.make(place / "course", count=0).path


def canvas_roster(path, people=CLASS):
    """Write the CSV that Canvas's gradebook exports."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "p"]
        )
        writer.writerow(["    Points Possible", "", "", "", "", "3"])
        for student, number, _, first, last in people:
            full = f"{last}, {first}"
            writer.writerow([full, number, f"s{number}", student, "A", ""])
    return path


def worksheet(path, times=(), people=CLASS):
    """Write the grading worksheet that Moodle exports."""
    times = dict(times)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(WORKSHEET)
        for student, _, number, first, last in people:
            row = [f"Participant {number}", f"{first} {last}", student]
            row += [f"{student}@uni.example", "Submitted for grading", "", "3"]
            writer.writerow([*row, "Yes", times.get(student, "-"), "-", ""])
    return path


def canvas_name(student, file, *, late=False):
    """Return the name that Canvas gives a student's file."""
    _, number, _, first, last = next(p for p in CLASS if p[0] == student)
    letters = (c for c in f"{last}{first}".lower() if c.isalnum())
    mark = "_LATE" if late else ""
    return f"{''.join(letters)}{mark}_{number}_98765_{file}"


def moodle_name(student, file):
    """Return the path that Moodle gives a student's file."""
    _, _, number, first, last = next(p for p in CLASS if p[0] == student)
    return f"{first} {last}_{number}_assignsubmission_file_/{file}"


def zipped(path, files):
    """Write a zip; a name may come twice."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def with_link(path, name, target):
    """Add a symbolic link to a zip, as Info-ZIP stores it."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, target)
    return path


def laid_out(root, files):
    """Write files into a folder, as an unpacked export has them."""
    for name, content in files:
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def tree(folder):
    """Return the files below a folder, content by name."""
    return {
        os.fspath(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
