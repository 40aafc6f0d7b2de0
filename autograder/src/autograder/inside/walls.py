"""The inner wall: what a run goes through before its first cell.

The process that calls :func:`enter` is the first of a new process namespace
and still has the rights of the warm process. When it returns, it sees a
folder of its own, no process but its own, and has no right left.
"""

import os
import resource
from pathlib import Path

from . import seccomp, system

#: Where a run has its files: one small file system in memory, its own.
PLACE = "/private"
WORK = f"{PLACE}/work"
# The run's own, mounted there.
USUAL_TEMPORARY = "/tmp"  # noqa: S108
SHARED = "/dev/shm"  # noqa: S108

_QUIET = system.MS_NOSUID | system.MS_NODEV


def enter(options):
    """Put the inner wall up around this process.

    Args:
        options: The run's limits, and ``uid``, its user id, or None to keep
            the present one.

    Raises:
        OSError: a part of the wall cannot be had.
    """
    system.call("unshare", system.CLONE_NEWNS | system.CLONE_NEWIPC)
    _private_files(options)
    flags = _QUIET | system.MS_NOEXEC
    system.mount("proc", "/proc", "proc", flags)
    limit(options)
    _give_up_rights(options["uid"])


def limit(options):
    """Set the resource limits, which hold for each process.

    Args:
        options: The run's limits.
    """
    seconds = max(1, int(options["cpu_seconds"]))
    bounds = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_DATA: options["memory"] + _held(),
        resource.RLIMIT_NPROC: options["processes"],
        resource.RLIMIT_NOFILE: options["open_files"],
        resource.RLIMIT_FSIZE: options["disk"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 1 << 16,
    }
    for kind, bound in bounds.items():
        _, most = resource.getrlimit(kind)
        if most != resource.RLIM_INFINITY:
            bound = min(bound, most)  # noqa: PLW2901 - lower is all it may
        resource.setrlimit(kind, (bound, bound))


def _held():
    """Return the bytes of data that the process has from the start."""
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123
        for line in file:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0


def _private_files(options):
    """Mount the run's own file system and put it where files are written."""
    system.mount(None, "/", None, system.MS_REC | system.MS_PRIVATE)
    size = f"size={options['disk']},nr_inodes=20000,mode=755"
    system.mount("tmpfs", PLACE, "tmpfs", _QUIET, size)
    places = {"work": None, "tmp": USUAL_TEMPORARY, "shm": SHARED}
    for name, target in places.items():
        folder = Path(PLACE, name)
        folder.mkdir(0o700)
        if options["uid"] is not None:
            os.chown(folder, options["uid"], options["uid"])
        # Python itself may lie there; then the run writes to its folder only.
        if (
            target
            and Path(target).is_dir()
            and not any(Path(target).iterdir())
        ):
            system.mount(str(folder), target, None, system.MS_BIND)


def _give_up_rights(uid):
    """Become nobody in particular, for good."""
    system.call("prctl", system.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if uid is not None:
        os.setgroups([])
    system.drop_capabilities_of_execs()
    if uid is not None:
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    system.drop_capabilities()
    # A change of user hides a process from itself; undo that.
    system.call("prctl", system.PR_SET_DUMPABLE, 1, 0, 0, 0)
    seccomp.install()
