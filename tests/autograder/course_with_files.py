"""A course with extra files, AUTOTEST cells and two notebooks."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course

KERNEL = {"name": "python3", "display_name": "Python", "language": "python"}
TESTS = Path(nbgrader.__file__).parent / "docs/source/user_guide/autotests.yml"
CONFIG = """c = get_config()
c.Autograde.exclude_overwriting = {"ps1": ["mine.py"]}
c.CourseDirectory.ignore = ["*.tmp", "__pycache__", "secret"]
"""
#: The instructor's files; "mine.py" is the learners' to change.
GIVEN = {
    "numbers.csv": "1,2,3\n",
    "deep/down/word.txt": "seven",
    "mine.py": "def triple(x):\n    raise NotImplementedError\n",
    "fixed.py": "def limit():\n    return 10\n",
    "left.tmp": "ignored",
}
#: Files by learner: a good one, one who cheats, one who makes mistakes.
FILES = {
    "ada": {"mine.py": "def triple(x):\n    return 3 * x\n"},
    "bob": {
        "mine.py": "def triple(x):\n    return x\n",
        "fixed.py": "def limit():\n    return 99\n",
        "numbers.csv": "6\n",
        "notes/own.txt": "mine",
        "own.tmp": "ignored",
        "secret/key.txt": "ignored",
    },
    "cem": {},
}
#: Sources of the solution cells by learner and grade_id.
ANSWERS = {
    "ada": {
        "read": "def total():\n"
        "    rows = open('numbers.csv').read().split(',')\n"
        "    return sum(map(int, rows))",
        "auto": "size = 3\nnames = ['a', 'b']\nword = 'gate'",
        "made": "with open('made.txt', 'w') as file:\n    file.write('hi')",
        "half": "found = [1, 2]",
    },
    "bob": {
        "read": "def total():\n    return 6",
        "auto": "size = 3.0\nnames = ['b', 'a']\nword = 'gates'",
        "made": "pass",
        "half": "found = [1]",
    },
    "cem": {
        "read": "def total():\n    return open('numbers.csv').read()",
        "auto": "size = 4\nnames = ['a', 'b']\nword = 'gate'",
        "made": "open('made.txt', 'w').write('ho')",
        "half": "found = None",
    },
}
#: (kind, grade_id, source) of the instructor's cells by notebook.
_CELLS = {
    "p": [
        ("solution", "read", ANSWERS["ada"]["read"]),
        ("test", "reads", "assert total() == 6"),
        (
            "test",
            "deep",
            "import pathlib\n"
            "assert pathlib.Path('deep/down/word.txt').read_text() == 'seven'",
        ),
        ("test", "mine", "import mine\nassert mine.triple(2) == 6"),
        ("test", "fixed", "import fixed\nassert fixed.limit() == 10"),
        (
            "test",
            "present",
            "import os\nfiles = {n for n in os.listdir() if '.i' not in n}\n"
            "assert 'own.tmp' not in files and 'secret' not in files\n"
            "assert os.environ['NBGRADER_EXECUTION'] == 'autograde'",
        ),
    ],
    "q": [
        ("solution", "auto", ANSWERS["ada"]["auto"]),
        ("test", "auto-size", "### AUTOTEST size"),
        ("test", "auto-names", "x = 1\n### HASHED AUTOTEST names; word"),
        ("solution", "made", ANSWERS["ada"]["made"]),
        ("test", "made-it", "assert open('made.txt').read() == 'hi'"),
        ("solution", "half", ANSWERS["ada"]["half"]),
        ("test", "halves", "len(found) / 2 * 3"),
    ],
}


def make(root):
    """Make the course and hand in for three learners.

    Args:
        root: Folder to make.

    Returns:
        Course: fit to grade.
    """
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    shutil.copy(TESTS, source / "autotests.yml")
    write(source, GIVEN)
    for name, cells in _CELLS.items():
        nbformat.write(_notebook(cells), source / f"{name}.ipynb")
    course = Course(root)
    # In a process of its own: what fills AUTOTEST in leaves sockets open.
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    # Filling in AUTOTEST ran the solution, which wrote its file.
    (source / "made.txt").unlink()
    for student in ANSWERS:
        hand_in(course, student)
    return course


def hand_in(course, student):
    """Hand in the released notebooks with a learner's answers and files."""
    folder = course.folder("submitted", "ps1", student)
    folder.mkdir(parents=True)
    for path in sorted(course.folder("release", "ps1").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.nbgrader.grade_id
            cell.source = ANSWERS[student].get(name, cell.source)
        nbformat.write(notebook, folder / path.name)
    write(folder, FILES[student])


def write(folder, files):
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def _notebook(cells):
    """Return an instructor's notebook."""
    made = []
    for kind, name, text in cells:
        solution = kind == "solution"
        body = f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"
        about = {
            "schema_version": 3,
            "grade_id": name,
            "solution": solution,
            "grade": not solution,
            "locked": not solution,
            "task": False,
        }
        if not solution:
            about["points"] = 3
        cell = new_code_cell(body if solution else text)
        cell.metadata["nbgrader"] = about
        made.append(cell)
    return new_notebook(cells=made, metadata={"kernelspec": KERNEL})
