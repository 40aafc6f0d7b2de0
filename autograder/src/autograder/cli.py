"""The command line: results on stdout, progress on stderr."""

import argparse
import contextlib
import dataclasses
import functools
import glob
import json
import os
import sys
import time
from pathlib import Path

from autograder import progress, report, sandbox
from autograder.errors import UsageError
from autograder.sandbox import Limits
from autograder.worker import Worker


def main(arguments=None):
    """Run a command and return its exit status.

    Args:
        arguments: Words of the command line; those of the process if None.

    Returns:
        int: 0 the work was done, 1 something could not be graded or
            verified, 2 wrong usage.
    """
    options = _parser().parse_args(arguments)
    # nbformat imports jsonschema, and that would compile a grammar of
    # internet addresses for a second; nothing here is checked by it.
    sys.modules.setdefault("rfc3987_syntax", None)
    try:
        return options.run(options)
    except UsageError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2


def _parser():
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Exercises from solutions, classes to grades.",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    verb = verbs.add_parser("grade", help="grade an assignment's submissions")
    verb.add_argument("assignment", metavar="ASSIGNMENT")
    verb.add_argument("--course", type=Path, default=Path(), metavar="DIR")
    verb.add_argument("--json", type=Path, metavar="FILE")
    verb.add_argument(
        "--jobs", type=int, metavar="N", help="how many at a time"
    )
    verb.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run them on the workers of a dask scheduler",
    )
    verb.add_argument(
        "--force", action="store_true", help="grade again what is unchanged"
    )
    verb.add_argument(
        "--quiet", action="store_true", help="no progress on stderr"
    )
    verb.add_argument(
        "--trust-submissions",
        action="store_true",
        help="run them even where autograder doctor finds no walls",
    )
    _add_limits(verb)
    verb.set_defaults(run=_grade)

    verb = verbs.add_parser("collect", help="lay submissions into a course")
    verb.add_argument("assignment", metavar="ASSIGNMENT")
    verb.add_argument("source", type=Path, metavar="SOURCE")
    verb.add_argument("--course", type=Path, default=Path(), metavar="DIR")
    verb.add_argument(
        "--from",
        dest="form",
        choices=("canvas", "moodle", "folder", "exchange"),
        help="whose names the files have; recognised where it is clear",
    )
    verb.add_argument(
        "--roster",
        type=Path,
        metavar="CSV",
        help="who is who: Canvas's gradebook, Moodle's grading worksheet, or "
        "columns id, first_name, last_name, email; the gradebook's students "
        "otherwise",
    )
    verb.add_argument(
        "--attempt",
        choices=("last", "on-time"),
        default="last",
        help="the last of all counts, or the last before the deadline",
    )
    verb.add_argument(
        "--timezone",
        default="",
        metavar="ZONE",
        help="of the roster's times, Europe/Berlin say; this machine's "
        "otherwise",
    )
    verb.add_argument("--json", type=Path, metavar="FILE")
    verb.set_defaults(run=_collect)

    report.add_verb(verbs)

    verb = verbs.add_parser("doctor", help="which protections there are")
    verb.set_defaults(run=_doctor)

    verb = verbs.add_parser("release", help="make exercises from solutions")
    verb.add_argument("--repository", type=Path, default=Path())
    verb.add_argument("--course", type=Path, default=Path("_grading"))
    verb.set_defaults(run=_release)

    verb = verbs.add_parser("verify", help="the course proves itself")
    verb.add_argument("--repository", type=Path, default=Path())
    verb.set_defaults(run=_verify)
    return parser


def _add_limits(verb):
    """Add an option for each limit of a submission."""
    group = verb.add_argument_group("limits of a submission")
    for name, default in Limits()._asdict().items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(default),
            default=default,
            help=f"{default:g}",
        )


def _grade(options):
    begin = time.monotonic()
    limits = Limits(*(getattr(options, name) for name in Limits._fields))
    with _machines(options, limits) as (runs, jobs):
        # Slow to import; what runs the first submission gets warm meanwhile.
        import torch  # noqa: PLC0415

        from autograder import batch  # noqa: PLC0415
        from autograder.course import Course  # noqa: PLC0415

        # Judging is many small steps: more threads would wait for each other.
        torch.set_num_threads(1)
        course = Course(options.course)
        work = batch.Batch(
            course, options.assignment, limits, runs, force=options.force
        )
        total = len(work.students)
        with progress.reporting(total, quiet=options.quiet) as report:
            results = work.run(options.jobs or jobs, report)
    seconds = time.monotonic() - begin
    print(table(results))
    if options.json:
        data = {
            "wall_seconds": seconds,
            "submissions": [dataclasses.asdict(r) for r in results],
        }
        options.json.write_text(json.dumps(data, indent=1), "utf-8")
    return int(any(r.outcome == batch.FAILED for r in results))


@contextlib.contextmanager
def _machines(options, limits):
    """Open what runs submissions.

    Yields:
        tuple: what ``Batch`` takes to open a run, how many keep it busy.
    """
    trust = options.trust_submissions
    if options.scheduler is None:
        walls = sandbox.walls(trust=trust)
        with _early(options, limits, walls) as early:
            runs = functools.partial(
                open_run, limits, walls=walls, early=early
            )
            yield runs, os.cpu_count()
        return
    from autograder.cluster import Cluster  # noqa: PLC0415 - slow to import

    with Cluster(options.scheduler, limits, trust=trust) as cluster:
        yield cluster.open_run, cluster.jobs


@contextlib.contextmanager
def _early(options, limits, walls):
    """Start a worker now if there will be work for it.

    Yields:
        list: the worker, or nothing.
    """
    course, name = options.course, glob.escape(options.assignment)
    students = {
        step: {path.parent.name for path in (course / step).glob(f"*/{name}")}
        for step in ("submitted", "autograded")
    }
    new = students["submitted"] - students["autograded"]
    early = []
    if new or (options.force and students["submitted"]):
        early.append(Worker(limits, walls=walls))
        early[0].start()
    try:
        yield early
    finally:
        for worker in early:  # nobody wanted it
            worker.close()


@contextlib.contextmanager
def open_run(limits, *, walls, early=None):
    """Open what runs the cells of one submission after another.

    Args:
        limits: What a submission may use.
        walls: Whether there are walls around it.
        early: Workers that are started already; one is taken if there is.

    Yields:
        function: of cells; returns a Transcript.
    """
    try:
        worker = (early or []).pop()
    except IndexError:
        worker = Worker(limits, walls=walls)
    with worker:
        yield worker.run


def _collect(options):
    from autograder import collect  # noqa: PLC0415 - slow to import
    from autograder.course import Course  # noqa: PLC0415

    found = collect.run(
        Course(options.course),
        options.assignment,
        options.source,
        roster=options.roster,
        rule=options.attempt,
        form=options.form,
        zone=options.timezone,
    )
    print(collect.table(found))
    if options.json:
        data = [dataclasses.asdict(line) for line in found]
        options.json.write_text(json.dumps({"lines": data}, indent=1), "utf-8")
    return int(any(line.outcome in collect.TROUBLE for line in found))


def _doctor(_):
    found = sandbox.protections()
    for protection in found:
        word = "yes" if protection.given else "NO"
        print(f"{protection.name:<13} {word:<4} {protection.detail}")
    if all(protection.given for protection in found):
        return 0
    print(f"autograder: {sandbox.ADVICE}", file=sys.stderr)
    return 1


def _release(options):
    from autograder.release import release  # noqa: PLC0415 - slow to import

    for path in release(options.repository.resolve(), options.course):
        print(path)
    return 0


def _verify(options):
    from autograder.verify import verify  # noqa: PLC0415 - slow to import

    return int(bool(verify(options.repository)))


def table(results):
    """Return grades as lines of text, one submission a line."""
    width = max([7, *(len(result.student) for result in results)])
    lines = [f"{'student':<{width}}  {'score':>5}  {'of':>4}  outcome"]
    for result in results:
        reason = f": {result.reason}" if result.reason else ""
        lines.append(
            f"{result.student:<{width}}  {result.score:>5g}  "
            f"{result.max_score:>4g}  {result.outcome}{reason}"
        )
    return "\n".join(lines)
