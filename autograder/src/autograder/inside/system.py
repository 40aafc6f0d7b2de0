"""System calls that Python 3.11 has no function for."""

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18

PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4

_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """Call a function of the C library.

    Args:
        name: Its name.
        *arguments: Integers, bytes or None.

    Returns:
        int: what it returned.

    Raises:
        OSError: it returned -1.
    """
    words = [
        ctypes.c_ulong(word) if isinstance(word, int) else word
        for word in arguments
    ]
    result = getattr(_libc, name)(*words)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def flush():
    """Write out what C code printed and the C library still holds."""
    _libc.fflush(None)


def mount(source, target, kind=None, flags=0, options=None):
    """Mount a file system.

    Args:
        source: What to mount.
        target: Existing folder to mount it on.
        kind: Type of the file system.
        flags: Sum of ``MS_`` flags.
        options: Options of the file system.
    """
    texts = [
        text.encode() if text is not None else None
        for text in (source, target, kind, options)
    ]
    call("mount", *texts[:3], flags, texts[3])


def drop_capabilities_of_execs():
    """Make sure that no program started later gains a capability."""
    for capability in range(64):
        try:
            call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:  # the first number that this kernel does not know
            break
    call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


def drop_capabilities():
    """Give up every capability of this process."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _libc.capset(header, nothing) == -1:
        raise OSError(ctypes.get_errno(), "capset failed")
