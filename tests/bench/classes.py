"""The two classes that the bench grades: a small notebook and an exercise."""

import contextlib
import copy
import io
import shutil
from pathlib import Path

import course_of_three as three
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import release
from autograder.course import Course

REPOSITORY = Path(__file__).resolve().parents[2]
_STEP = """\
### BEGIN SOLUTION
def step(x, h, w, u):
    return torch.tanh(x @ w + h @ u)
### END SOLUTION"""
_TRAIN = """\
generator = torch.Generator().manual_seed(0)
w = torch.randn(3, 4, generator=generator, requires_grad=True)
u = torch.eye(4, requires_grad=True)
x = torch.randn(20, 8, 3, generator=generator)
losses = []
for _ in range(5):
    h = torch.zeros(8, 4)
    for row in x:
        h = step(row, h, w, u)
    loss = (h - 0.5).square().mean()
    gradients = torch.autograd.grad(loss, (w, u))
    with torch.no_grad():
        for parameter, gradient in zip((w, u), gradients):
            parameter -= 0.1 * gradient
    losses.append(loss.item())
print(losses[-1])"""
_TESTS = (
    "h = step(torch.zeros(2, 3), torch.zeros(2, 4), w, u)\n"
    "assert torch.equal(h, torch.zeros(2, 4))",
    "assert step(x[0], torch.ones(8, 4), w, u).abs().max() <= 1",
    "assert losses[-1] < losses[0]",
)


def small(root):
    """Make a course with a torch notebook whose cells are quick.

    Args:
        root: Folder to make.

    Returns:
        tuple: the course, the name of its assignment.
    """
    cells = [
        new_markdown_cell("# A recurrent step"),
        new_code_cell("import torch"),
        _known(new_code_cell(_STEP), "step-solution", solution=True),
        new_code_cell(_TRAIN),
    ]
    for number, source in enumerate(_TESTS):
        test = new_code_cell(source)
        name = f"test-{number}"
        cells.append(_known(test, name, grade=True, locked=True, points=1))
    kernel = {"kernelspec": three.KERNEL}
    folder = root / "source" / "small"
    folder.mkdir(parents=True)
    notebook = new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, folder / "small.ipynb")
    course = Course(root)
    with contextlib.redirect_stderr(io.StringIO()):
        made = course.api().generate_assignment("small")
    if not made["success"]:
        raise RuntimeError(made["log"])
    return course, "small"


def exercise(root):
    """Make this course, for its LSTM exercise.

    Args:
        root: Folder to make.

    Returns:
        tuple: the course, the name of the assignment.
    """
    release.generate(REPOSITORY, root)
    return Course(root), "04-lstm"


def many(root, count):
    """Make a course whose submissions hardly do anything.

    Args:
        root: Folder to make.
        count: Size of the class.

    Returns:
        Path: the course; its assignment is ``ps1``.
    """
    course = three.make(root, count=0)
    for number in range(count):
        three.hand_in(course, f"student-{number:04d}", three.ANSWERS["ada"])
    return course.path


def copy_with(course, assignment, root, count):
    """Copy a course and let a class hand in the right answers.

    Args:
        course: The course, without submissions.
        assignment: Name of the assignment.
        root: Folder to make.
        count: Size of the class.

    Returns:
        Path: the copy; every file in it differs from its neighbours'.
    """
    shutil.copytree(course.path, root)
    config = root / "nbgrader_config.py"
    if config.is_file():  # it holds the folder's name
        text = config.read_text("utf-8")
        here, there = str(course.path), str(root)
        config.write_text(text.replace(here, there), "utf-8")
    for name, path in Course(root).notebooks(assignment).items():
        right = nbformat.read(path, as_version=4)
        for number in range(count):
            mine = copy.deepcopy(right)
            for cell in mine.cells:
                known = cell.metadata.get("nbgrader", {})
                if cell.cell_type == "code" and known.get("solution"):
                    cell.source += f"\n# handed in by number {number}"
            student = f"student-{number:04d}"
            folder = root / "submitted" / student / assignment
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(mine, folder / f"{name}.ipynb")
    return root


def _known(cell, name, **about):
    """Give a cell nbgrader's metadata."""
    usual = {"grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {
        **usual,
        "schema_version": 3,
        "grade_id": name,
        **about,
    }
    return cell
