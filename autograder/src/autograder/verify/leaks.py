"""What must not leave the secret room: solutions, mistakes, hidden tests."""

import ast
import html
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from autograder import release

_LONG = 32
_REGION = ("### BEGIN SOLUTION", "### END SOLUTION")
_MARKERS = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")


def shipped(repository):
    """Yield files that hold solution text and leave the house."""
    secrets = solution_lines(repository)
    for name, text in _artefacts(repository):
        yield from _leaks(name, text, secrets)


def told(repository, pages):
    """Yield feedback pages that tell a learner a solution.

    Args:
        repository: Path of the repository.
        pages: Paths of pages about submissions that solve nothing.
    """
    secrets = solution_lines(repository)
    for page in pages:
        text = html.unescape(page.read_text("utf-8"))
        yield from _leaks(f"the feedback page {page.name}", text, secrets)


def _leaks(name, text, secrets):
    leaked = sorted(line for line in secrets if line in text)
    if leaked:
        yield f"{name} holds a line of a solution: {leaked[0]!r}. Reword it."
    for marker in () if name.endswith(".py") else _MARKERS:
        if marker in text:
            yield f"{name} holds {marker!r}. Look how it came there."


def solution_lines(repository):
    """Return the telling lines of all solution regions and mistakes.

    A line tells when it is long, opens no block (everybody's loops begin
    alike) and stands nowhere in what learners are given anyway.
    """
    settings = release.read_settings(repository)
    secret, given = set(), set()
    for path in release.notebooks(repository):
        for cell in release.instructor_notebook(path, settings).cells:
            inside = False
            for line in map(str.strip, cell.source.splitlines()):
                inside = (inside or _REGION[0] in line) and (
                    _REGION[1] not in line
                )
                (secret if inside else given).add(line)
    for file in (repository / "solutions/reference/mistakes").glob("*.py"):
        secret |= set(map(str.strip, _code(file)))
    return {
        line
        for line in secret - given
        if len(line) >= _LONG and line[0] != "#" and line[-1] != ":"
    }


def _code(file):
    """Return the lines of a module's functions, without docstrings."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, (ast.Assign, ast.Return)):
            yield from ast.unparse(node).splitlines()


def _artefacts(repository):
    """Yield (name, text) of all that leaves: wheel, sdist, exercises."""
    for path in sorted((repository / "exercises").rglob("*.ipynb")):
        yield str(path.relative_to(repository)), path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "build", "--no-isolation"]
        subprocess.run(  # noqa: S603 - our own command
            [*command, "--outdir", place, str(repository)],
            check=True,
            capture_output=True,
        )
        for path in sorted(Path(place).iterdir()):
            yield from _members(path)


def _members(path):
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                yield f"{path.name}: {name}", _text(wheel.read(name))
        return
    with tarfile.open(path) as sdist:
        for member in sdist.getmembers():
            if member.isfile():
                content = sdist.extractfile(member).read()
                yield f"{path.name}: {member.name}", _text(content)


def _text(content):
    return content.decode("utf-8", "replace")
