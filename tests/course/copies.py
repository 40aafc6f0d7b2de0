"""A copy of the course with its own .venv, for tests that change the course.

Nothing is downloaded: the copy's environment borrows the packages of the one
that runs the tests, and has the copy's own kit before them.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: The commands that the copy's environment gets.
COMMANDS = ("autograder", "nbgrader", "alembic", "jupyter-book")
_AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@b.example")


def git(folder, *words):
    """Run git in a folder; return what it says."""
    return subprocess.run(
        ["git", *_AUTHOR, *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def repository(folder):
    """Make a git repository of the work tree as it is now.

    Args:
        folder: Folder to make.
    """
    listed = git(ROOT, "ls-files", "-z", "-co", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The course")


def environment(folder):
    """Make the .venv of a copy, as `make setup` leaves it.

    Args:
        folder: Folder of the copy.
    """
    place = folder / ".venv"
    venv.EnvBuilder(symlinks=True).create(place)
    packages = sysconfig.get_path("purelib", vars={"base": str(place)})
    borrowed = sysconfig.get_path("purelib")
    lines = f"{folder / 'autograder/src'}\n{borrowed}\n"
    Path(packages, "course.pth").write_text(lines, "utf-8")
    for name in COMMANDS:
        script = Path(sys.executable).with_name(name).read_text("utf-8")
        _, rest = script.split("\n", 1)
        target = place / "bin" / name
        target.write_text(f"#!{place / 'bin/python'}\n{rest}", "utf-8")
        target.chmod(0o755)
    ready(folder)


def ready(folder):
    """Let make believe that the .venv is newer than what it is made from."""
    mark = folder / ".venv" / ".ready"
    mark.touch()
    os.utime(mark)
