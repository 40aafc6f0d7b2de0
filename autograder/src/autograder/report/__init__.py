"""Report: the grades of a course as tables, and a page of how it went.

    gradebook, journal, collector --> pictures --> grades.csv, canvas.csv,
              (gather, alike)       (picture)      moodle.csv    (tables)
                                                   index.html    (page, charts)

Nothing is graded or changed here; everything can be made again.
"""

from pathlib import Path


def add_verb(verbs):
    """Add the verb to a parser's subparsers."""
    verb = verbs.add_parser("report", help="grades as CSV, and how it went")
    verb.add_argument("assignment", nargs="*", metavar="ASSIGNMENT")
    verb.add_argument("--course", type=Path, default=Path(), metavar="DIR")
    verb.add_argument(
        "--to", type=Path, metavar="DIR", help="the course's report/ otherwise"
    )
    verb.add_argument(
        "--roster",
        type=Path,
        metavar="CSV",
        help="Canvas's gradebook or Moodle's grading worksheet, as exported; "
        "who is who goes out as it came in",
    )
    verb.set_defaults(run=run)


def run(options):
    """Write the report and print where it lies."""
    from autograder.course import Course  # noqa: PLC0415 - slow to import
    from autograder.report.write import write  # noqa: PLC0415

    course = Course(options.course)
    folder = options.to or course.path / "report"
    names = options.assignment
    for path in write(course, names, folder, options.roster):
        print(path)
    return 0
