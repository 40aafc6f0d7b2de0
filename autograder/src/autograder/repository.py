"""The course's repository: its chapters, and what its pyproject.toml says."""

import tomllib

from autograder.errors import UsageError


def notebooks(repository, leave_out=()):
    """Return the solution notebooks, in the order of the chapters.

    Args:
        repository: Path of the repository.
        leave_out: Names of the chapters to pass over.
    """
    found = sorted((repository / "solutions").glob("[0-9]*/*.md"))
    return [path for path in found if path.parent.name not in leave_out]


def read_settings(repository):
    """Return the course's addresses from pyproject.toml.

    Raises:
        UsageError: this is not the course's repository.
    """
    settings = dict(_settings(repository))
    settings.pop("leave_out", None)
    return settings


def left_out(repository):
    """Return the chapters that the class leaves out, by pyproject.toml.

    Raises:
        UsageError: it names a chapter that is not there.
    """
    chapters = [path.parent.name for path in notebooks(repository)]
    names = _settings(repository).get("leave_out", [])
    for name in names:
        if name not in chapters:
            raise UsageError(
                f"leave_out in pyproject.toml names {name!r}, which is no "
                f"chapter. Choose from {', '.join(chapters)}."
            )
    return names


def _settings(repository):
    """Return ``[tool.course]`` of pyproject.toml.

    Raises:
        UsageError: this is not the course's repository.
    """
    file = repository / "pyproject.toml"
    if not file.is_file() or not (repository / "solutions").is_dir():
        raise UsageError(
            f"{repository} is not the course's repository. Run this in a "
            "clone of it, or name one with --repository."
        )
    return tomllib.loads(file.read_text("utf-8"))["tool"]["course"]
