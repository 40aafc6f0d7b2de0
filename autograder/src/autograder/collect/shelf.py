"""Shelf: every attempt of every student, byte for byte, and the one chosen.

    collected/ASSIGNMENT/STUDENT/001/   an attempt, with attempt.json
    submitted/STUDENT/ASSIGNMENT/       a copy of the one that counts

An attempt is never written over. What lay in ``submitted/`` and is not on
the shelf, put there by hand say, becomes an attempt before it is replaced.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.submission import TIME

_ABOUT = "attempt.json"


@dataclass
class Attempt:
    """One attempt of a student.

    Attributes:
        student: Id of the student.
        order: What later attempts have more of.
        late: Whether the LMS says that it came late.
        time: When it was handed in, ISO 8601 in UTC, or "".
        broken: Why its notebook cannot be read, or "".
        files: Where each of its files lies now, by name.
        digest: Hash of names and bytes.
        number: Place on the shelf; 0 before it has one.
        label: What the source calls it.
        home: Folder in which its notebook came, "" for none.
    """

    student: str
    order: tuple = ()
    late: bool = False
    time: str = ""
    broken: str = ""
    files: dict = field(default_factory=dict)
    digest: str = ""
    number: int = 0
    label: str = ""
    home: str = ""


class Shelf:
    """The attempts of one student at one assignment.

    Args:
        course: The course.
        assignment: Name of the assignment.
        student: Id of the student.
    """

    def __init__(self, course, assignment, student):
        self.folder = place(course, assignment) / student
        self.target = course.folder("submitted", assignment, student)
        self.student = student

    def attempts(self):
        """Return the attempts on the shelf, in the order they came."""
        found = []
        for about in sorted(self.folder.glob(f"[0-9]*/{_ABOUT}")):
            data = json.loads(about.read_text("utf-8"))
            data["order"] = tuple(data["order"])
            data["files"] = {
                name: about.parent / "files" / name for name in data["files"]
            }
            found.append(Attempt(**data))
        return found

    def add(self, attempt):
        """Put an attempt on the shelf, unless it is there.

        Args:
            attempt: Its files are moved.

        Returns:
            tuple: the attempt on the shelf, and whether it is new.
        """
        attempt.digest = attempt.digest or digest(attempt.files)
        known = self.attempts()
        for other in known:
            if (other.digest, other.order) == (attempt.digest, attempt.order):
                return other, False
        attempt.number = 1 + max((a.number for a in known), default=0)
        final = self.folder / f"{attempt.number:03d}"
        draft = self.folder / f".{attempt.number:03d}"
        shutil.rmtree(draft, ignore_errors=True)
        for name, file in attempt.files.items():
            path = draft / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, path)
        about = asdict(attempt) | {"files": sorted(attempt.files)}
        (draft / _ABOUT).write_text(json.dumps(about, indent=1), "utf-8")
        draft.replace(final)
        attempt.files = {
            name: final / "files" / name for name in about["files"]
        }
        return attempt, True

    def keep_submitted(self):
        """Keep what lies in ``submitted/`` and is on no shelf."""
        if not self.target.is_dir():
            return
        files = {
            str(path.relative_to(self.target)): path
            for path in sorted(self.target.rglob("*"))
            if path.is_file() and not path.is_symlink() and path.name != TIME
        }
        here = digest(files)
        if files and all(here != a.digest for a in self.attempts()):
            stamp = self.target / TIME
            time = stamp.read_text("utf-8").strip() if stamp.is_file() else ""
            draft = self.folder / ".by-hand"
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(self.target, draft, symlinks=True)
            copies = {name: draft / name for name in files}
            self.add(Attempt(self.student, (), time=time, files=copies))
            shutil.rmtree(draft, ignore_errors=True)

    def lay(self, attempt):
        """Make ``submitted/`` hold an attempt.

        Returns:
            bool: whether that changed anything.
        """
        told = attempt.time.replace("T", " ")
        stamp = f"{told} UTC\n" if told else ""
        if self._lies(attempt, stamp):
            return False
        draft = self.target.with_name(f".{self.target.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        for name, file in attempt.files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, path)
        if stamp:
            (draft / TIME).write_text(stamp, "utf-8")
        if self.target.exists():
            shutil.rmtree(self.target)
        draft.replace(self.target)
        return True

    def _lies(self, attempt, stamp):
        if not self.target.is_dir():
            return False
        files = {
            str(path.relative_to(self.target)): path
            for path in sorted(self.target.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
        there = files.pop(TIME, None)
        told = there.read_text("utf-8") if there else ""
        return told == stamp and digest(files) == attempt.digest


def place(course, assignment):
    """Return the folder of all attempts at an assignment."""
    return course.path / "collected" / assignment


def digest(files):
    """Return the hash of files, names included.

    Args:
        files: Paths by name.
    """
    whole = hashlib.sha256()
    for name in sorted(files):
        content = hashlib.sha256(Path(files[name]).read_bytes()).digest()
        whole.update(os.fsencode(name) + b"\0" + content)
    return whole.hexdigest()


def chosen(attempts, rule, deadline):
    """Return the attempt that counts.

    Args:
        attempts: All of a student's, in the order they came.
        rule: "last" of all, or the last one "on-time" if there is one.
        deadline: ISO 8601 in UTC, or "".
    """
    readable = [attempt for attempt in attempts if not attempt.broken]
    pool = readable or attempts
    if rule == "on-time":
        pool = [a for a in pool if not _is_late(a, deadline)] or pool
    # By the LMS's time; by its numbering where it tells no time.
    if all(attempt.time for attempt in pool):
        return max(pool, key=lambda a: (a.time, a.order, a.number))
    if all(attempt.order for attempt in pool):
        return max(pool, key=lambda a: (a.order, a.number))
    return max(pool, key=lambda a: a.number)


def _is_late(attempt, deadline):
    if attempt.time and deadline:
        return attempt.time > deadline
    return attempt.late
