"""Sources: a folder or a zip as items, none of them believed.

Covered, a test each: names that lead out of the archive, links, encrypted
and damaged members, members larger than they say, archives with too many
members or too many bytes, names twice, archives within archives.

Not covered: formats other than zip. They are refused.
"""

import contextlib
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from autograder.errors import UsageError
from autograder.submission import MAX_BYTES

#: Of a whole source.
MAX_ITEMS = 200_000
#: Of what one learner packed.
PACKED_ITEMS = 500
PACKED_BYTES = 100_000_000

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    struct.error,
)


class Refused(Exception):  # noqa: N818 - it is a sentence, not an error
    """An item that is not taken; the message is the reason."""


class Item(NamedTuple):
    """A file in a source.

    Attributes:
        parts: Its path in the source, part by part.
        load: Function without arguments that returns its bytes.
    """

    parts: tuple
    load: Callable

    @property
    def name(self):
        """The path as people write it."""
        return "/".join(self.parts)


def items(path):
    """Yield the files of a source, and a Refused for what is none.

    Args:
        path: A folder, or a zip file.

    Yields:
        tuple: name, and an Item or the Refused that says why not.

    Raises:
        UsageError: there is no such source.
    """
    if path.is_dir():
        yield from _in_folder(path)
    elif path.is_file():
        try:
            archive = zipfile.ZipFile(path)
        except _DAMAGED:
            raise UsageError(
                f"{path} is neither a folder nor a zip file. Unpack it, and "
                "name the folder."
            ) from None
        with archive:
            yield from _members(archive, MAX_ITEMS)
    else:
        raise UsageError(
            f"There is no {path}. Name the folder or the zip that your LMS "
            "gave you."
        )


def unpacked(item):
    """Yield the files of a zip that a learner handed in, as ``items`` does.

    Args:
        item: The zip.

    Raises:
        Refused: it is no zip, or holds too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(item.load()))
    except _DAMAGED:
        raise Refused(
            "it is not a zip that can be opened. Ask for the .ipynb itself."
        ) from None
    with archive:
        size = sum(info.file_size for info in archive.infolist())
        if size > PACKED_BYTES:
            raise Refused(
                f"unpacked it would be {size // 1_000_000:,} MB; up to "
                f"{PACKED_BYTES // 1_000_000} MB are taken. Ask for the "
                ".ipynb itself."
            )
        for name, found in _members(archive, PACKED_ITEMS):
            if isinstance(found, Item):
                found = Item((*item.parts[:-1], *found.parts), found.load)  # noqa: PLW2901 - moved to where the zip lies
            yield f"{item.name}/{name}", found


def _in_folder(root):
    count = 0
    for here, folders, names in os.walk(root):
        folders.sort()
        for name in list(folders):
            if Path(here, name).is_symlink():
                folders.remove(name)
                names.append(name)
        for name in sorted(names):
            path = Path(here, name)
            parts = path.relative_to(root).parts
            if _is_noise(parts):
                continue
            count += 1
            if count > MAX_ITEMS:
                raise UsageError(f"{root} holds more than {MAX_ITEMS} files.")
            shown = "/".join(parts)
            if path.is_symlink() or not path.is_file():
                yield shown, Refused("it is a link or no regular file.")
            else:
                yield shown, Item(parts, _loader(path.open, "rb"))


def _members(archive, most):
    infos = archive.infolist()
    if len(infos) > most:
        raise Refused(
            f"it holds {len(infos):,} files; up to {most:,} are taken."
        )
    seen = set()
    for info in infos:
        name = info.filename
        parts = tuple(part for part in name.replace("\\", "/").split("/"))
        if info.is_dir() or _is_noise(parts):
            continue
        shown = ascii(name)[1:-1][:200] if not name.isprintable() else name
        reason = _reason(info, parts) or (
            "the archive has another file of that name."
            if name in seen
            else ""
        )
        seen.add(name)
        if reason:
            yield shown, Refused(reason)
        else:
            yield shown, Item(parts, _loader(archive.open, info))


def _reason(info, parts):
    """Return why a member is not taken, or ""."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if any(part in {"", ".", ".."} or ":" in part for part in parts):
        return "its name leads out of the archive."
    if any(not part.isprintable() for part in parts):
        return "its name has characters that cannot be shown."
    if kind and kind != stat.S_IFREG:
        return "it is a link or no regular file."
    if info.flag_bits & 1:
        return "it is encrypted. Ask for it without a password."
    return ""


def _loader(open_it, *arguments):
    """Return a function that reads a file and never more than allowed."""

    def load():
        try:
            with contextlib.closing(open_it(*arguments)) as file:
                content = file.read(MAX_BYTES + 1)
        except _DAMAGED:
            raise Refused(
                "it is damaged and cannot be read. Ask for it again."
            ) from None
        if len(content) > MAX_BYTES:
            raise Refused(
                f"it is larger than {MAX_BYTES // 1_000_000} MB. Ask for it "
                "without outputs."
            )
        return content

    return load


def _is_noise(parts):
    """Return whether a file is an operating system's, nobody's work."""
    return (
        "__MACOSX" in parts
        or ".ipynb_checkpoints" in parts
        or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
        or parts[-1].startswith("._")
    )
