"""Batch: a whole class, in parallel, with one writer, resumable.

submitted/ --> key, known to the journal? --yes--> nothing to do
| no
v
rebuild -> worker -> referee -> autograded/    (jobs threads, in parallel)
|
v
ledger: grades and journal in one transaction  (here, one after the other)
|
v
feedback/
"""

import collections
import hashlib
import importlib.metadata
import itertools
import json
import logging
import platform
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

import rnnlab
from autograder import extras, feedback, grade, master, pool
from autograder.extras import replace
from autograder.ledger import Ledger

GRADED = "graded"
FAILED = "grader failed"
#: Packages whose versions decide a grade.
_DECIDING = ("torch", "numpy", "ipython", "nbgrader")

log = logging.getLogger(__name__)


@dataclass
class Result:
    """What became of a submission; the unit of ``--json``.

    Units:
        seconds: wall time.
    """

    student: str
    assignment: str
    outcome: str = GRADED
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    fresh: bool = False
    tasks: list = field(default_factory=list)


@dataclass
class _Done:
    """A submission as it leaves a thread."""

    student: str
    key: str = ""
    entry: dict = None
    pieces: dict = None
    error: str = ""
    seconds: float = 0.0


class Batch:
    """Grades an assignment.

    Args:
        course: The course.
        assignment: Name of the assignment.
        limits: What a submission may use.
        open_run: Function that returns a context manager whose value runs
            cells, one for each thread.
        force: Whether to grade again what has not changed.
    """

    def __init__(self, course, assignment, limits, open_run, *, force=False):
        self.course = course
        self.assignment = assignment
        self.limits = limits
        self.open_run = open_run
        self.force = force
        self.masters = master.masters(course, assignment)
        self.given = extras.Given(course, assignment, limits)
        self.students = course.students(assignment)

    def run(self, jobs=1, report=lambda _: None):
        """Grade whoever handed in.

        Args:
            jobs: How many at a time.
            report: Called with each Result as it is there.

        Returns:
            list[Result]: sorted by student; the same whatever ``jobs``.
        """
        results = []
        with Ledger(self.course, self.assignment) as ledger:
            self._known = {} if self.force else ledger.journal()
            self._salt = self._common(ledger.deadline())
            standing = ledger.standing()
            for done in self._stream(jobs):
                result = self._finish(ledger, done, standing)
                results.append(result)
                report(result)
        return sorted(results, key=lambda result: result.student)

    def _stream(self, jobs):
        """Yield every submission as it is done; start what that needs."""
        unchanged = collections.deque()
        changed = self._changed(unchanged)
        first = list(itertools.islice(changed, 1))
        if first:
            tasks = itertools.chain(first, changed)
            for done in pool.stream(tasks, self.open_run, self._grade, jobs):
                yield done
                while unchanged:
                    yield unchanged.popleft()
        yield from unchanged

    def _changed(self, unchanged):
        """Yield who is to be graded; put the others into ``unchanged``."""
        for student in self.students:
            begin = time.monotonic()
            try:
                done = self._look_up(student)
            except Exception:  # noqa: BLE001 - met again in the thread
                done = None
            if done is None:
                yield student
            else:
                done.seconds = time.monotonic() - begin
                unchanged.append(done)

    def _look_up(self, student):
        """Return an unchanged submission from the journal, or None."""
        known, entry = self._known.get(student, ("", None))
        if not known:
            return None
        folder = self.course.folder("submitted", self.assignment, student)
        target = self.course.folder("autograded", self.assignment, student)
        extra = self.given.with_own(folder)
        there = {*extra.files, *(f"{name}.ipynb" for name in self.masters)}
        if known == self._key(folder, extra) and all(
            (target / name).is_file() for name in there
        ):
            return _Done(student, known, entry)
        return None

    def _grade(self, run, student):
        """Grade one submission, in a thread; touches no gradebook."""
        begin = time.monotonic()
        try:
            done = self._grade_changed(run, student)
        except Exception as error:
            log.exception("%s could not be graded", student)
            done = _Done(student, error=f"{type(error).__name__}: {error}")
        done.seconds = time.monotonic() - begin
        return done

    def _grade_changed(self, run, student):
        folder = self.course.folder("submitted", self.assignment, student)
        target = self.course.folder("autograded", self.assignment, student)
        extra = self.given.with_own(folder)
        key = self._key(folder, extra)
        files = extra.coded()
        pieces = {
            name: grade.grade_notebook(
                stub,
                folder / f"{name}.ipynb",
                lambda cells: run(cells, files),
            )
            for name, stub in self.masters.items()
        }
        names = [f"{name}.ipynb" for name in pieces]
        extras.lay_out(target, extra.files, keep=names)
        for name, piece in pieces.items():
            piece.sheet["notes"].extend(extra.notes)
            text = nbformat.writes(piece.notebook) + "\n"
            replace(target / f"{name}.ipynb", text)
        entry = {name: piece.sheet for name, piece in pieces.items()}
        return _Done(student, key, entry, pieces)

    def _finish(self, ledger, done, standing):
        """Record a submission and write its feedback; the only writer."""
        if done.error:
            return Result(
                done.student,
                self.assignment,
                FAILED,
                done.error[:300],
                seconds=done.seconds,
            )
        folder = self.course.folder("submitted", self.assignment, done.student)
        if done.pieces:
            ledger.record(
                done.student,
                self.course.directory.get_existing_timestamp(str(folder)),
                {name: piece.notebook for name, piece in done.pieces.items()},
                done.key,
                done.entry,
            )
            standing = ledger.standing(done.student)
        result = Result(done.student, self.assignment)
        result.seconds, result.fresh = done.seconds, bool(done.pieces)
        reasons = []
        for name, sheet in done.entry.items():
            tasks = _tasks(sheet, standing.grades, done.student, name)
            result.tasks.extend(map(_public, tasks))
            if sheet["reason"]:
                reasons.append(sheet["reason"])
                result.outcome = sheet["outcome"]
            taken = standing.penalties[done.student, name]
            self._feedback(done.student, name, sheet, tasks, taken)
        result.reason = " ".join(reasons)
        result.score = sum(task["score"] or 0.0 for task in result.tasks)
        result.max_score = sum(task["max_score"] for task in result.tasks)
        return result

    def _feedback(self, student, name, sheet, tasks, taken):
        folder = self.course.folder("feedback", self.assignment, student)
        page = feedback.Page(student, self.assignment, sheet, tasks, taken)
        path = folder / f"{name}.html"
        if not page.is_at(path):
            folder.mkdir(parents=True, exist_ok=True)
            replace(path, page.html())

    def _common(self, deadline):
        """Return the hash of what decides every grade of the batch."""
        parts = [
            {name: dict(stub) for name, stub in self.masters.items()},
            tuple(self.limits),
            self.given.digest().hex(),
            deadline,
            repr(self.course.config.get("LateSubmissionPlugin")),
            repr(self.course.config.get("AssignLatePenalties")),
            platform.python_version(),
            [importlib.metadata.version(name) for name in _DECIDING],
        ]
        digest = hashlib.sha256(json.dumps(parts, default=str).encode())
        for package in (Path(rnnlab.__file__), Path(__file__)):
            for file in sorted(package.parent.rglob("*")):
                if file.suffix in {".py", ".json"}:
                    digest.update(file.read_bytes())
        return digest.digest()

    def _key(self, folder, extra):
        """Return the hash of what decides the grade of one submission."""
        digest = hashlib.sha256(self._salt + extra.digest())
        digest.update(json.dumps(extra.notes).encode())
        for name in (*(f"{n}.ipynb" for n in self.masters), "timestamp.txt"):
            path = folder / name
            readable = path.is_file() and not path.is_symlink()
            digest.update(f"{name}:{int(readable)}:".encode())
            if readable:
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


def _tasks(sheet, grades, student, name):
    """Return the tasks of a sheet with what the gradebook holds of them."""
    tasks = []
    for task in sheet["tasks"]:
        score, points, comment = grades[student, name, task["grade_id"]]
        verdict = task["verdict"]
        if not verdict:
            verdict = "waits for a person" if score is None else "graded"
        tasks.append(
            {
                **task,
                "score": score,
                "max_score": points,
                "comment": comment,
                "verdict": verdict,
            }
        )
    return tasks


def _public(task):
    """Return the fields of a task that ``--json`` has."""
    names = ("grade_id", "score", "max_score", "verdict", "mistake")
    return {name: task[name] for name in names}
