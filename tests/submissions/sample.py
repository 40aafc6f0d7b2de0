"""Grade the sample class and compare it with what is expected of it.

    python tests/submissions/sample.py COURSE [--update]

COURSE is a folder that ``autograder release`` made. With ``--update`` the
``expected.json`` files are written from what came out; the diff is to be
read, not believed.
"""

import argparse
import copy
import json
import sys
from pathlib import Path

import nbformat
from recipes import CLASS

from autograder import cli
from autograder.course import Course

HERE = Path(__file__).resolve().parent
#: Enough for every honest cell; the endless loop waits this long.
CELL_SECONDS = "10"


def hand_in(course):
    """Write the submissions of the class into a course."""
    for student, recipes in CLASS.items():
        for assignment, recipe in recipes.items():
            if not (course.path / "source" / assignment).is_dir():
                continue  # the class leaves it out
            [source] = (course.path / "source" / assignment).glob("*.ipynb")
            notebook = nbformat.read(source, as_version=4)
            folder = course.folder("submitted", assignment, student)
            folder.mkdir(parents=True, exist_ok=True)
            text = recipe(copy.deepcopy(notebook))
            (folder / source.name).write_text(text, "utf-8")


def grade(course):
    """Grade all assignments; return what came out by student."""
    came = {student: {} for student in CLASS}
    asked = {assignment for each in CLASS.values() for assignment in each}
    made = {folder.name for folder in (course.path / "source").iterdir()}
    for assignment in sorted(asked & made):
        print(f"\n{assignment}")
        report = course.path / f"{assignment}.json"
        status = cli.main(
            [
                "grade",
                assignment,
                f"--course={course.path}",
                f"--json={report}",
                f"--cell-seconds={CELL_SECONDS}",
            ]
        )
        if status:
            sys.exit(status)
        for result in json.loads(report.read_text())["submissions"]:
            came[result["student"]][assignment] = {
                "outcome": result["outcome"],
                "score": result["score"],
                "tasks": {
                    task["grade_id"]: [
                        task["score"],
                        task["verdict"],
                        task["mistake"],
                    ]
                    for task in result["tasks"]
                },
            }
    return came


def differences(came):
    """Yield a sentence for each grade that is not the expected one."""
    for student, grades in came.items():
        file = HERE / student / "expected.json"
        expected = json.loads(file.read_text("utf-8"))
        for assignment in sorted(grades.keys() | expected.keys()):
            if not any(assignment in each for each in came.values()):
                continue  # the class leaves it out
            got, right = grades.get(assignment), expected.get(assignment)
            if got != right:
                yield f"{student}, {assignment}: {got}, expected {right}"


def main():
    """Run the command; exit with 1 where a grade is not the expected one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("course", type=Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    course = Course(options.course)
    hand_in(course)
    came = grade(course)
    if options.update:
        for student, grades in came.items():
            (HERE / student).mkdir(exist_ok=True)
            text = json.dumps(grades, indent=1) + "\n"
            (HERE / student / "expected.json").write_text(text, "utf-8")
    wrong = list(differences(came))
    print(f"\n{len(came)} students, {len(wrong)} unexpected grades")
    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
