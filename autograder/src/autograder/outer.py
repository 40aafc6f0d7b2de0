"""The outer wall: the command line that starts bubblewrap.

A new root folder with nothing in it but Python, its packages, system
libraries and the kit, all read-only; no network; no process but its own; as
few rights as the warm process needs to put up the inner wall for each run.
"""

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path

#: What the walls show of the kit, and where.
KIT = Path("/kit")
SHOWN = {
    "inside": Path(__file__).parent / "inside",
    # Found, not imported: that would take torch along.
    "rnnlab": Path(importlib.util.find_spec("rnnlab").origin).parent,
}
_RIGHTS = (
    "SYS_ADMIN",  # namespaces and mounts of a run
    "NET_ADMIN",  # to take the loopback device down
    "SETUID",
    "SETGID",
    "SETPCAP",
    "CHOWN",
    "KILL",
    "SYS_PTRACE",  # to see how much memory a run shares
    "DAC_OVERRIDE",  # to remove what a run left
)
#: Where the warm process writes; a run has a folder of its own there.
_SCRATCH = "/private/tmp"
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_FILES = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/sys/devices/system/cpu",  # torch looks up its kernels by it
)


def walled(module, *words):
    """Return the command that runs a module of the kit behind the wall.

    Args:
        module: Its name.
        *words: Its arguments.
    """
    command = [
        *("bwrap", "--unshare-net", "--unshare-pid", "--unshare-ipc"),
        *("--unshare-uts", "--unshare-cgroup-try", "--die-with-parent"),
        *("--new-session", "--hostname", "sandbox"),
    ]
    if os.geteuid():
        command += ["--unshare-user", "--uid", "0", "--gid", "0"]
    command += ["--cap-drop", "ALL"]
    for right in _RIGHTS:
        command += ["--cap-add", f"CAP_{right}"]
    command += ["--clearenv"]
    for name, value in environment(str(KIT), _SCRATCH).items():
        command += ["--setenv", name, value]
    command += [*_root(), "--chdir", "/", "--"]
    return [*command, sys.executable, "-m", module, *words]


def environment(kit, place):
    """Return the variables that a warm process gets.

    Args:
        kit: Folder to import the kit from.
        place: Folder to write to.
    """
    path = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin"]
    variables = {
        "PATH": ":".join([*path, "/bin"]),
        "LANG": "C.UTF-8",
        "HOME": place,
        "TMPDIR": place,
        "USER": "learner",
        "LOGNAME": "learner",
        "IPYTHONDIR": f"{place}/.ipython",
        "MPLCONFIGDIR": f"{place}/.matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": kit,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CUDA_VISIBLE_DEVICES": "",  # it could not be forked
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    if sys.prefix != sys.base_prefix:
        variables["VIRTUAL_ENV"] = sys.prefix
    return variables


def _root():
    """Return the options that make up the root folder of the sandbox."""
    words = ["--tmpfs", "/private", "--dir", _SCRATCH]
    words += ["--dev", "/dev", "--proc", "/proc"]
    words += ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    folders = _python()
    for path in (*_FILES, *folders):
        for parent in list(Path(path).parents)[-2::-1]:
            words += ["--dir", str(parent)]  # or only root may pass
        words += ["--ro-bind-try", path, path]
    if not any(folder.startswith("/tmp/") for folder in folders):  # noqa: S108
        words += ["--dir", "/tmp"]  # noqa: S108 - every run mounts its own
    words += ["--dir", str(KIT)]
    for name, folder in SHOWN.items():
        words += ["--ro-bind", str(folder), str(KIT / name)]
    return [*words, "--remount-ro", "/", "--remount-ro", "/dev"]


def _python():
    """Return the folders of Python and its packages, outermost only."""
    paths = sysconfig.get_paths()
    folders = {sys.prefix, sys.base_prefix, sys.base_exec_prefix}
    folders |= {paths["purelib"], paths["platlib"]}
    folders |= {p for p in sys.path if p.endswith("site-packages")}
    folders |= {os.path.realpath(folder) for folder in folders}
    kept = []
    for folder in sorted(str(Path(f)) for f in folders if Path(f).is_dir()):
        if not any(Path(folder).is_relative_to(k) for k in ["/usr", *kept]):
            kept.append(folder)
    return kept
