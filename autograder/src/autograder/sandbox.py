"""Sandbox: what untrusted cells may use, and the walls around them.

Two walls. The outer one, bubblewrap, stands around a warm process that has
imported the course's libraries; the inner one (``inside/walls.py``) around
the fork of it that runs one submission. ``Worker`` in ``worker.py`` runs.

Covered, each line by a test of the same name in ``test_sandbox.py``:
- network: there is none, neither loopback nor a socket to the hypervisor;
- files: a private, empty, size-limited folder to write to; Python, its
  packages, rnnlab and system libraries to read; nothing else of the disk;
- environment: none of the grader's variables;
- processes: it sees its own only, cannot trace or signal any other, and all
  that it started dies with it, whatever it did;
- privileges: no capability, no way to gain one, no new namespace, no
  system call that neither Python nor torch needs;
- memory of each process and of all together, processes, open files, disk,
  processor seconds, wall seconds of a cell and of the notebook;
- output: bounded bytes of each cell and of the notebook;
- neighbours: the warm process holds nothing of a submission, and nothing of
  a run is there in the next.

Not covered:
- a fault of the kernel that the remaining system calls reach;
- what the processor's caches tell about other processes;
- the share of the processor: a run may keep ``processes`` of them busy;
- memory that the kernel itself uses for sockets and pipes of a run;
- names of devices and folders that ``/proc/self/mountinfo`` shows;
- a course that lies below the folder of the Python installation;
- a run's own records: it may forge them, so they are judged as claims.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder import outer
from autograder.errors import UsageError

FINISHED = "finished"
TIMED_OUT = "timed out"
OUT_OF_MEMORY = "out of memory"
DIED = "kernel died"

#: What to do where a protection is missing.
ADVICE = (
    "Install bubblewrap (`apt-get install bubblewrap`) on a Linux that lets "
    "you make namespaces; book/about/decisions/0002-two-walls.md says why. If "
    "you trust everyone who handed in, add --trust-submissions."
)


class Limits(NamedTuple):
    """What a submission may use.

    Units:
        cell_seconds, notebook_seconds: seconds of wall time.
        cpu_seconds: seconds of processor time of a process.
        memory: bytes, of a process and of all of a submission's together,
            beyond what the imported libraries take.
        disk: bytes of files, which are held in memory.
        cell_output, notebook_output: bytes of outputs as JSON.
    """

    cell_seconds: float = 60.0
    notebook_seconds: float = 300.0
    cpu_seconds: int = 300
    memory: int = 2 << 30
    processes: int = 64
    open_files: int = 256
    disk: int = 256 << 20
    cell_output: int = 4_000_000
    notebook_output: int = 32_000_000


class Cell(NamedTuple):
    """One thing to run.

    Attributes:
        key: Tells the cell from the others.
        source: Its code.
    """

    key: str
    source: str


@dataclass(frozen=True)
class Transcript:
    """What came out; nothing in it is to be believed.

    Attributes:
        state: FINISHED, TIMED_OUT, OUT_OF_MEMORY or DIED.
        outputs: List of nbformat outputs by cell key; cells that did not
            end have none.
        seconds: Wall time.
    """

    state: str
    outputs: dict = field(default_factory=dict)
    seconds: float = 0.0


class Protection(NamedTuple):
    """One protection of this machine.

    Attributes:
        name: What it protects.
        given: Whether it was seen to hold.
        detail: What was seen.
    """

    name: str
    given: bool
    detail: str


def walls(*, trust=False):
    """Return whether there are walls to run behind.

    Args:
        trust: Whether to do without where there are none.

    Returns:
        bool: True wherever every protection is given.

    Raises:
        UsageError: there are none and nobody trusts the submissions.
    """
    missing = [p for p in protections() if not p.given]
    if missing and not trust:
        found = "; ".join(f"{p.name}: {p.detail}" for p in missing)
        raise UsageError(
            "Here nothing would keep submissions from your files and your "
            f"network ({found}). {ADVICE}"
        )
    return not missing


def protections():
    """Probe which protections this machine gives.

    Returns:
        list[Protection]: all of them are needed to run what is not trusted.
    """
    if not sys.platform.startswith("linux"):
        return [Protection("walls", False, f"not on {sys.platform}")]
    if not shutil.which("bwrap"):
        detail = "bwrap is missing; install the package bubblewrap"
        return [Protection("walls", False, detail)]
    options = {**Limits()._asdict(), "walls": True, "uid": user_id()}
    command = outer.walled("inside.probe", json.dumps(options))
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            command, capture_output=True, timeout=60, check=False, text=True
        )
        seen = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return [Protection("walls", False, "no answer within a minute")]
    except ValueError:
        detail = (done.stderr.strip() or "no answer").splitlines()[-1][:200]
        return [Protection("walls", False, detail)]
    return [Protection(*row) for row in seen]


def user_id():
    """Return a user id that nobody has, or None where it cannot be had."""
    if os.geteuid():
        return None
    return 0x70000000 + int.from_bytes(os.urandom(3), "big")
