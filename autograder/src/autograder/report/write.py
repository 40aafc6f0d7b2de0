"""Write: the files of a report."""

from autograder.errors import UsageError
from autograder.report import gather, page, tables


def write(course, names, folder, roster=None):
    """Write the report of a course.

    Args:
        course: The course.
        names: Names of the assignments; all that somebody handed in if none.
        folder: Where to; made where it is missing.
        roster: Path of a CSV that the LMS exported, or None.

    Returns:
        list[Path]: the files, the page last.

    Raises:
        UsageError: an assignment or the roster is not as it must be.
    """
    known = gather.people(course)
    rows = tables.Roster(roster)
    chosen = names or gather.handed_in(course)
    if not chosen:
        raise UsageError(
            f"The course at {course.path} has no submissions to report on. "
            "Run `autograder collect` and `autograder grade` first."
        )
    pictures = [gather.picture(course, name) for name in chosen]
    made = {
        "grades.csv": tables.plain(pictures, known),
        "canvas.csv": tables.canvas(pictures, known, rows),
        "moodle.csv": tables.moodle(pictures, known),
    }
    if rows.of_moodle:
        made["moodle-worksheet.csv"] = tables.worksheet(pictures, rows)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in made.items():
        tables.write(folder / name, table)
    index = folder / "index.html"
    index.write_text(page.render(pictures, course.path.name), "utf-8")
    return [*(folder / name for name in made), index]
