"""A course folder: nbgrader's directories, configuration and gradebook."""

import os
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import UsageError


class Course:
    """An nbgrader course on this machine.

    Args:
        path: Folder of the course; holds ``nbgrader_config.py`` or follows
            nbgrader's default layout.

    Raises:
        UsageError: there is no such folder.
    """

    def __init__(self, path):
        self.path = Path(path).resolve()
        if not self.path.is_dir():
            raise UsageError(
                f"There is no course at {path}. `autograder release --course "
                f"{path}` makes one of this course; `nbgrader quickstart` "
                "makes an empty one."
            )
        _find_alembic()
        self.config = self._read_config()
        self.directory = CourseDirectory(config=self.config)

    def _read_config(self):
        config = Config()
        if (self.path / "nbgrader_config.py").is_file():
            loader = PyFileConfigLoader("nbgrader_config.py", str(self.path))
            config.merge(loader.load_config())
        config.CourseDirectory.root = str(self.path)
        return config

    @property
    def db_url(self):
        """Address of the gradebook."""
        return self.directory.db_url

    def gradebook(self):
        """Return nbgrader's gradebook, open; a context to close it."""
        return Gradebook(self.db_url, self.directory.course_id)

    def api(self):
        """Return nbgrader's own interface to this course."""
        return NbGraderAPI(self.directory, config=self.config)

    def folder(self, step, assignment, student="."):
        """Return the folder of a step, e.g. "submitted".

        Args:
            step: One of nbgrader's directory names.
            assignment: Name of the assignment.
            student: Id of the student, "." for the instructor's folders.
        """
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, assignment))

    def notebooks(self, assignment):
        """Return the instructor's notebooks by name.

        Raises:
            UsageError: the assignment does not exist.
        """
        folder = self.folder("source", assignment)
        found = {file.stem: file for file in sorted(folder.glob("*.ipynb"))}
        if not found:
            here = self.folder("source", "x").parent
            names = sorted(entry.name for entry in here.glob("*"))
            known = ", ".join(names) or "none yet"
            raise UsageError(
                f"The course at {self.path} has no assignment {assignment!r} "
                f"(it has: {known}). `autograder release` or `nbgrader "
                "generate_assignment` makes one."
            )
        return found

    def students(self, assignment):
        """Return who handed in, sorted by id.

        Raises:
            UsageError: nobody did.
        """
        submitted = self.path / self.directory.submitted_directory
        found = sorted(
            folder.parent.name
            for folder in submitted.glob(f"*/{assignment}")
            if folder.is_dir()
        )
        if not found:
            raise UsageError(
                f"No submissions in {submitted}/<student>/{assignment}/. "
                "Put them there, or run `autograder collect`."
            )
        return found


def _find_alembic():
    """Let nbgrader find the alembic command of this environment.

    It starts it by name when it makes a gradebook, which fails where the
    environment is used without being activated.
    """
    here = str(Path(sys.executable).parent)
    places = os.environ.get("PATH", "").split(os.pathsep)
    if here not in places:
        os.environ["PATH"] = os.pathsep.join([here, *places])
