"""The warm process: imports once, forks for every run.

Call it with the number of its control socket and the options as JSON. It
never reads a submission: it hands the descriptors of a job to the fork and
knows nothing that one run could tell about another.
"""

import contextlib
import fcntl
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
from pathlib import Path

from . import life, system

_WATCH_SECONDS = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Warm:
    """The warm process.

    Args:
        control: Socket to the grader.
        options: Limits of a run, and whether there are walls.
    """

    def __init__(self, control, options):
        self.control = control
        self.options = options
        self.shell = _import_everything()
        self.own = {"1", str(os.getpid())}
        self.base = _resident("self")

    def serve(self):
        """Run one job after the other until the grader hangs up."""
        self.tell(
            ready=True, threads=len(list(Path("/proc/self/task").iterdir()))
        )
        while True:
            message, files, _, _ = socket.recv_fds(self.control, 4096, 2)
            if not message:
                return
            if len(files) == 2:
                self.run(json.loads(message), *files)

    def tell(self, **message):
        """Send a message to the grader."""
        self.control.send(json.dumps(message).encode())

    def run(self, job, source, out):
        """Fork for a job, watch over it, tell how it ended."""
        options = {**self.options, **job}
        with _folder(options) as place:
            process = self.fork(options, source, out, place)
            os.close(source)
            os.close(out)
            out_of_memory = self.watch(process)
            _kill(process, options["walls"])
            _, status, used = os.wait4(process, 0)
        self.tell(
            ended=os.waitstatus_to_exitcode(status),
            out_of_memory=out_of_memory,
            cpu_seconds=used.ru_utime + used.ru_stime,
        )

    def fork(self, options, source, out, place):
        """Return the id of a new process that lives the job."""
        walls = options["walls"]
        if walls:
            here = os.open("/proc/self/ns/pid", os.O_RDONLY)
            system.call("unshare", system.CLONE_NEWPID)
        process = os.fork()
        if not process:
            life.live(self.shell, options, out, source, place)
        if walls:
            system.call("setns", here, system.CLONE_NEWPID)
            os.close(here)
        return process

    def watch(self, process):
        """Wait for the end of a run; return whether it ate the memory."""
        handle = os.pidfd_open(process)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        try:
            while True:
                ready = dict(poll.poll(1000 * _WATCH_SECONDS))
                if handle in ready:
                    return False
                if self.control.fileno() in ready and not self.obey(process):
                    return False
                if self.options["walls"] and self.too_large():
                    return True
        finally:
            os.close(handle)

    def obey(self, process):
        """Do what the grader says about a run; return False to end it."""
        message = self.control.recv(4096)
        if message != b"interrupt":
            return False
        os.kill(process, signal.SIGINT)
        return True

    def too_large(self):
        """Return whether all processes of the run hold too much memory."""
        found = processes() - self.own
        most = self.options["memory"] + self.base
        if sum(map(_resident, found)) <= most:
            return False
        return sum(map(_proportional, found)) > most


def _folder(options):
    """Return a folder for a run, which the walls make themselves."""
    if options["walls"]:
        return contextlib.nullcontext("/")
    return tempfile.TemporaryDirectory(
        prefix="run-", ignore_cleanup_errors=True
    )


def processes():
    """Return the ids of all processes that can be seen."""
    names = os.listdir("/proc")  # noqa: PTH208 - twenty times a second
    return {name for name in names if name.isdecimal()}


def _resident(process):
    """Return the bytes of memory that a process sees, shared or not."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(process):
    """Return the bytes of a process, shared ones divided by the sharers."""
    with contextlib.suppress(OSError):
        path = f"/proc/{process}/smaps_rollup"
        with open(path, "rb") as file:  # noqa: PTH123
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    return 0


def _kill(process, walls):
    """End a run; with walls, all that it started ends with it."""
    if not walls:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
    os.kill(process, signal.SIGKILL)


def _import_everything():
    """Import what courses use; return the shell. Starts no thread."""
    from . import shell  # noqa: PLC0415 - after the environment is set

    kernel = shell.Shell.make()
    import matplotlib.pyplot as plt  # noqa: F401, PLC0415
    import numpy.random  # noqa: F401, PLC0415
    import torch  # noqa: PLC0415

    import rnnlab.checks  # noqa: F401, PLC0415

    torch.set_num_threads(1)
    _rehearse(torch)
    shell.rehearse(kernel)
    gc.collect()
    gc.freeze()
    return kernel


def _rehearse(torch):
    """Take a training step, for what torch only imports at the first one.

    Without a CUDA device, which no warm process sees, a backward pass starts
    no thread.
    """
    model = torch.nn.LSTM(2, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 1, 2))[0].sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def no_loopback():
    """Take down the one network device that a new namespace has."""
    address = struct.pack("16sH14x", b"lo", socket.AF_INET)
    down = struct.pack("16sH14x", b"lo", 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8916, address)  # SIOCSIFADDR, 0.0.0.0
        fcntl.ioctl(any_socket, 0x8914, down)  # SIOCSIFFLAGS


def main():
    """Serve until the grader hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    options = json.loads(sys.argv[2])
    if options["walls"]:
        no_loopback()
    warm = Warm(control, options)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm.serve()


if __name__ == "__main__":
    main()
