"""Key: the hash of all that decides a grade.

What is equal for a class comes first and once, what is a submission's own
second. Whoever adds something that can change a grade adds it here.
"""

import functools
import hashlib
import importlib.metadata
import json
import platform
from pathlib import Path

import rnnlab

#: Packages whose versions decide a grade.
_DECIDING = ("torch", "numpy", "ipython", "nbgrader")


def common(course, masters, given, limits, deadline):
    """Return the hash of what decides every grade of a batch.

    Args:
        course: The course.
        masters: The instructor's notebooks by name.
        given: The instructor's extra files.
        limits: What a submission may use.
        deadline: What a late penalty depends on, as text.
    """
    parts = [
        {name: dict(notebook) for name, notebook in masters.items()},
        tuple(limits),
        given.digest().hex(),
        deadline,
        repr(course.config.get("LateSubmissionPlugin")),
        repr(course.config.get("AssignLatePenalties")),
    ]
    digest = hashlib.sha256(json.dumps(parts, default=str).encode())
    return digest.digest() + kit()


@functools.cache
def kit():
    """Return the hash of what decides a grade and is installed here."""
    versions = [importlib.metadata.version(name) for name in _DECIDING]
    digest = hashlib.sha256(platform.python_version().encode())
    digest.update(json.dumps(versions).encode())
    for package in (Path(rnnlab.__file__), Path(__file__)):
        for file in sorted(package.parent.rglob("*")):
            if file.suffix in {".py", ".json"}:
                digest.update(file.read_bytes())
    return digest.digest()


def own(salt, folder, names, extra):
    """Return the hash of what decides the grade of one submission.

    Args:
        salt: What ``common`` returned.
        folder: The submitted folder.
        names: Names of its notebooks and of the file with the time.
        extra: Its extra files.

    Returns:
        str: hexadecimal digits.
    """
    digest = hashlib.sha256(salt + extra.digest())
    digest.update(json.dumps(extra.notes).encode())
    for name in names:
        path = folder / name
        readable = path.is_file() and not path.is_symlink()
        digest.update(f"{name}:{int(readable)}:".encode())
        if readable:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
