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
import itertools
import logging
import time
from dataclasses import dataclass, field

import nbformat

from autograder import extras, grade, key, master, pool, returning, rubric
from autograder.errors import UsageError
from autograder.extras import replace
from autograder.ledger import Ledger
from autograder.sheet import public
from autograder.submission import TIME, handed_in

GRADED = "graded"
FAILED = "grader failed"

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
        self.rubrics = rubric.rubrics(course, assignment)
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
            self._salt = key.common(
                self.course,
                self.masters,
                self.given,
                self.limits,
                ledger.deadline(),
            )
            standing = ledger.standing()
            for done in self._stream(jobs):
                try:
                    result = self._finish(ledger, done, standing)
                except Exception as error:
                    log.exception("%r could not be recorded", done.student)
                    done.error = f"{type(error).__name__}: {error}"
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
        except UsageError:
            raise  # nothing can be graded there
        except Exception as error:
            log.exception("%s could not be graded", student)
            done = _Done(student, error=f"{type(error).__name__}: {error}")
        done.seconds = time.monotonic() - begin
        return done

    def _grade_changed(self, run, student):
        folder = self.course.folder("submitted", self.assignment, student)
        target = self.course.folder("autograded", self.assignment, student)
        extra = self.given.with_own(folder)
        digest = self._key(folder, extra)
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
        return _Done(student, digest, entry, pieces)

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
            standing = ledger.record(
                done.student,
                handed_in(folder),
                {name: piece.notebook for name, piece in done.pieces.items()},
                done.key,
                done.entry,
            )
        result = Result(done.student, self.assignment)
        result.seconds, result.fresh = done.seconds, bool(done.pieces)
        reasons = []
        tasks = returning.write(
            self.course,
            self.assignment,
            done.student,
            done.entry,
            standing,
            self.rubrics,
        )
        for name, sheet in done.entry.items():
            result.tasks.extend(map(public, tasks[name]))
            if sheet["reason"]:
                reasons.append(sheet["reason"])
                result.outcome = sheet["outcome"]
        result.reason = " ".join(reasons)
        result.score = sum(task["score"] or 0.0 for task in result.tasks)
        result.max_score = sum(task["max_score"] for task in result.tasks)
        return result

    def _key(self, folder, extra):
        names = (*(f"{n}.ipynb" for n in self.masters), TIME)
        return key.own(self._salt, folder, names, extra)
