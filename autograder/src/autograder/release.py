"""Release: exercises from solutions, the same bytes every time.

solutions/**/*.md -> (jupytext) -> COURSE/source -> (nbgrader) ->
COURSE/release -> (finish) -> exercises/**/*.ipynb; also autograder/*.ipynb,
see ``on_colab.py``.
"""

import contextlib
import io
import json
import logging
import shutil
from pathlib import Path

import jupytext
import nbformat
from nbgrader.utils import is_grade

from autograder import on_colab
from autograder.course import Course
from autograder.errors import UsageError
from autograder.repository import left_out, notebooks, read_settings

SETUP = """\
# Run this cell first. It installs the course's kit where it is missing.
try:
    import rnnlab
except ModuleNotFoundError:
    %pip install --quiet "rnnlab @ git+{repository}@{branch}"
    import rnnlab

import torch

from rnnlab import checks

device = rnnlab.device()
print(f"rnnlab {{rnnlab.__version__}} computes on {{device}}")
"""

#: What the setup cell with the tag "setup-translation" has instead: it also
#: installs number names in many languages, and BLEU.
_TRANSLATION = {
    "    import rnnlab\nexcept": (
        "    import num2words\n    import rnnlab\n    import sacrebleu\nexcept"
    ),
    '"rnnlab @': '"rnnlab[translation] @',
}

#: What every exercise ends with: a text and a cell. Grading skips the cell,
#: as all that is tagged "explore".
HAND_IN_TEXT = """\
## Hand in

Run the next cell last. It lists your tasks and says how to hand in from \
where you are; it costs and earns no points. \
[Handing in]({book}/about/handing-in.html) tells more."""
HAND_IN = """\
checks.hand_in(
    {file},
    tasks={tasks},
    written={written},
)"""

_CONFIG = '''\
"""nbgrader's configuration of this course, written by autograder release."""

c = get_config()  # noqa: F821
c.CourseDirectory.root = {root!r}
c.ClearSolutions.code_stub = {{
    "python": "# YOUR CODE HERE\\nraise NotImplementedError"
}}
'''


def release(repository, course):
    """Make a course folder, and the exercises of the repository.

    Args:
        repository: Path of the repository.
        course: Path of the course folder; made where it is missing.

    Returns:
        list[Path]: the notebooks written.
    """
    made = generate(repository, course)
    for chapter in left_out(repository):
        shutil.rmtree(repository / "exercises" / chapter, ignore_errors=True)
    for name, content in made.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [repository / name for name in made]


def generate(repository, course):
    """Make a course folder with its gradebook.

    Args:
        repository: Path of the repository; left alone.
        course: Path of the course folder; made where it is missing.

    Returns:
        dict[Path, bytes]: the notebooks by path in the repository: the
            exercises, and the one that grades on Colab.
    """
    settings = read_settings(repository)
    course.mkdir(parents=True, exist_ok=True)
    config = course / "nbgrader_config.py"
    if not config.exists():  # once made it is the instructor's
        config.write_text(_CONFIG.format(root=str(course.resolve())), "utf-8")
    made = on_colab.generate(repository, settings)
    for source in notebooks(repository, left_out(repository)):
        assignment, file = source.parent.name, f"{source.stem}.ipynb"
        target = course / "source" / assignment / file
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(instructor_notebook(source, settings), target)
        _generate(Course(course), assignment)
        released = course / "release" / assignment / file
        content = finish(nbformat.read(released, as_version=4))
        released.write_bytes(content)
        made[Path("exercises", assignment, file)] = content
    return made


def instructor_notebook(source, settings):
    """Read a solution as a notebook, complete and with fixed cell ids.

    Args:
        source: Path of the MyST source.
        settings: The course's addresses.

    Returns:
        NotebookNode: what nbgrader calls the source notebook.
    """
    notebook = jupytext.read(source)
    setup = SETUP.format(**settings)
    for number, cell in enumerate(notebook.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.id = f"{number:02d}-{grade_id or cell.cell_type}"[:64]
        tags = cell.metadata.get("tags", [])
        if "setup" in tags or "setup-translation" in tags:
            cell.source = setup.strip()
        if "setup-translation" in tags:
            for plain, more in _TRANSLATION.items():
                cell.source = cell.source.replace(plain, more)
        for name, address in settings.items():
            cell.source = cell.source.replace("{{" + name + "}}", address)
    notebook.cells += _hand_in(notebook, f"{source.stem}.ipynb", settings)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def _hand_in(notebook, file, settings):
    """Return the cells that every exercise ends with."""
    names = {"code": [], "markdown": []}
    for cell in filter(is_grade, notebook.cells):
        names[cell.cell_type].append(cell.metadata.nbgrader["grade_id"])
    tasks, written = names.values()
    call = HAND_IN.format(
        file=json.dumps(file),
        # One name a line, however many there are.
        tasks=json.dumps(tasks, indent=8).replace("\n]", ",\n    ]"),
        written=json.dumps(written),
    )
    make, tags = nbformat.v4, {"tags": ["explore", "hand-in"]}
    return [
        make.new_markdown_cell(
            HAND_IN_TEXT.format(**settings), id="hand-in-text", metadata=tags
        ),
        make.new_code_cell(call, id="hand-in", metadata=tags),
    ]


def finish(notebook):
    """Return a released notebook as bytes: for Colab, without outputs."""
    notebook.metadata["accelerator"] = "GPU"
    notebook.metadata["colab"] = {"provenance": [], "toc_visible": True}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return (nbformat.writes(notebook) + "\n").encode()


def _generate(course, assignment):
    """Run nbgrader's generate_assignment in this process."""
    released = course.path / "release" / assignment
    if released.exists():
        shutil.rmtree(released)
    noise = io.StringIO()
    with contextlib.redirect_stderr(noise):
        result = course.api().generate_assignment(assignment, force=True)
    if not result["success"]:
        logging.getLogger(__name__).error(result.get("log", ""))
        raise UsageError(
            f"nbgrader could not generate {assignment}; its last words: "
            f"{result.get('log', '').strip().splitlines()[-1:]}"
        )
