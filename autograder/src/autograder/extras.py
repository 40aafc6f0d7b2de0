"""Extras: the files beside the notebooks, as nbgrader lays them out.

    submitted/ --what nbgrader.ignore leaves--+
                                              +--> the run, autograded/
    source/ --all but exclude_overwriting-----+    (the instructor's win)

A learner's files are read as regular files only, never through a link, and
no more than a run can hold. An instructor's are trusted.
"""

import base64
import fnmatch
import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from nbgrader.converters import Autograde

from autograder.errors import UsageError

MAX_FILES = 1000
MAX_DEPTH = 10
#: Entries of a submission that are looked at.
_MAX_SEEN = 10_000
_DRAFT = ".draft"


class Extras(NamedTuple):
    """The extra files of one submission.

    Attributes:
        files: Content by name, relative to the notebook's folder.
        own: Those of the files that are the learner's.
        notes: Sentences about what was left out.
    """

    files: dict
    own: frozenset = frozenset()
    notes: tuple = ()

    def coded(self):
        """Return the files as JSON can hold them."""
        return {
            name: base64.b64encode(content).decode()
            for name, content in self.files.items()
        }

    def digest(self):
        """Return the hash of the learner's own files, names included."""
        digest = hashlib.sha256()
        for name in sorted(self.own):
            content = hashlib.sha256(self.files[name]).digest()
            digest.update(os.fsencode(name) + b"\0" + content)
        return digest.digest()


class Given:
    """The instructor's files of an assignment, and how they are laid out.

    Args:
        course: The course.
        assignment: Name of the assignment.
        limits: What a submission may use; a quarter of its disk and an
            eighth of its memory may be filled before the first cell.

    Raises:
        UsageError: there are more of them than a run may have.
    """

    def __init__(self, course, assignment, limits):
        self.ignore = [*course.directory.ignore, "*.ipynb"]
        self.most = int(min(limits.disk // 4, limits.memory // 8))
        source = course.folder("source", assignment)
        configured = Autograde(
            coursedir=course.directory, config=course.config
        )
        kept = configured.exclude_overwriting.get(assignment, [])
        names = sorted(set(_names(source, self.ignore)) - set(kept))
        if deep := [name for name in names if (source / name).is_dir()]:
            raise UsageError(
                f"{source / deep[0]} lies {MAX_DEPTH} folders deep; a run "
                "takes no file from there. Move it up."
            )
        self.files = {name: (source / name).read_bytes() for name in names}
        size = sum(map(len, self.files.values()))
        if size > self.most or len(self.files) > MAX_FILES:
            raise UsageError(
                f"The {len(self.files)} files in {source} hold {size} bytes; "
                f"a run takes up to {MAX_FILES} files and {self.most} bytes. "
                "Raise --disk and --memory, or move what no cell reads."
            )

    def digest(self):
        """Return the hash of the instructor's files, names included."""
        return Extras(self.files, frozenset(self.files)).digest()

    def with_own(self, folder):
        """Lay a submission's files out under the instructor's.

        Args:
            folder: The submitted folder.

        Returns:
            Extras: what a run and the autograded folder get.
        """
        names = [n for n in _names(folder, self.ignore) if self._fits(n)]
        names.sort(key=lambda name: (name.count(os.sep), name))
        files = dict(self.files)
        room = self.most - sum(map(len, files.values()))
        left_out = []
        for name in names:
            content = None
            if len(files) < MAX_FILES:
                content = read(folder / name, room)
            if content is None:
                left_out.append(name)
            else:
                files[name] = content
                room -= len(content)
        own = frozenset(files) - frozenset(self.files)
        return Extras(files, own, _notes(left_out))

    def _fits(self, name):
        """Return whether no file of the instructor's or ours is in the way."""
        path = Path(name)
        if any(p[0] == "." and p.endswith(_DRAFT) for p in path.parts):
            return False
        ways = {str(parent) for parent in path.parents}
        return not any(
            other == name or other in ways or path in Path(other).parents
            for other in self.files
        )


def lay_out(folder, files, keep):
    """Make a folder hold some files and nothing else, in our own folder.

    Args:
        folder: The folder; made where it is missing.
        files: Content by relative name.
        keep: Names in the folder that are somebody else's business.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {*files, *keep}
    for here, folders, names in os.walk(folder, topdown=False):
        for name in [*names, *folders]:
            path = Path(here, name)
            if path.is_symlink() or not path.is_dir():
                inside = str(path.relative_to(folder)) in wanted
                if path.is_symlink() or not inside:
                    path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, content)


def replace(path, content):
    """Write a file so that a reader sees the old or the new, whole.

    Args:
        path: The file.
        content: Text or bytes.
    """
    if isinstance(content, str):
        content = content.encode()
    # A name may be as long as names can be, so the draft's is made anew.
    name = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]
    draft = path.with_name(f".{name}{_DRAFT}")
    draft.write_bytes(content)
    draft.replace(path)


def read(path, most):
    """Return the content of a regular file, never through a link.

    Args:
        path: The file.
        most: How many bytes it may have.

    Returns:
        bytes: None where there is no such file.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_size > most:
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        content = file.read(most + 1)
    return content if len(content) <= most else None


def _names(folder, ignore):
    """Yield the names of files that nbgrader would copy.

    And of folders that lie too deep, instead of what is in them.
    """
    if _ignored(folder.name, ignore):
        return
    seen = 0
    for here, folders, names in os.walk(folder):
        folders[:] = [n for n in sorted(folders) if not _ignored(n, ignore)]
        if len(Path(here).relative_to(folder).parts) == MAX_DEPTH:
            names.extend(folders)
            folders.clear()
        for name in sorted(names):
            seen += 1
            if seen > _MAX_SEEN:
                return
            if not _ignored(name, ignore):
                yield str(Path(here, name).relative_to(folder))


def _ignored(name, patterns):
    """Return whether a name matches, as a shell would match it."""
    return any(
        fnmatch.fnmatchcase(name, pattern)
        for pattern in patterns
        if pattern.startswith(".") or not name.startswith(".")
    )


def _notes(left_out):
    if not left_out:
        return ()
    shown = ", ".join(ascii(name)[1:-1][:80] for name in left_out[:3])
    more = f" and {len(left_out) - 3} more" if len(left_out) > 3 else ""
    return (
        f"Left out of what you handed in: {shown}{more}. Links, folders "
        "within folders many times over, and files beyond the limit on size "
        "or number are not taken.",
    )
