"""Probe: put the inner wall up and try to get through it.

Prints JSON: a list of what is protected, whether it was seen to hold, and
what was seen. Nothing is imported that takes long.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path

from . import system, walls, warm


def main():
    """Print what holds."""
    options = json.loads(sys.argv[1])
    reader, writer = os.pipe()
    warm.no_loopback()
    system.call("unshare", system.CLONE_NEWPID)
    process = os.fork()
    if not process:
        os.write(writer, json.dumps(_seen(options)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        print(file.read().decode())
    os.waitpid(process, 0)


def _seen(options):
    """Enter the walls and say what holds in there."""
    try:
        walls.enter(options)
    except OSError as error:
        return [("walls", False, str(error))]
    status = dict(
        line.split(":\t", 1)
        for line in Path("/proc/self/status").read_text("ascii").splitlines()
        if ":\t" in line
    )
    rights = {status[name].strip("0") for name in ("CapEff", "CapBnd")}
    others = warm.processes()
    return [
        ("network", _no_network(), "no device is up"),
        ("files", _no_files(), "nothing but /private can be written"),
        ("processes", others == {"1"}, f"{len(others)} visible"),
        (
            "privileges",
            rights == {""} and status["NoNewPrivs"] == "1",
            f"user {os.getuid()}, capabilities {status['CapEff']}",
        ),
        ("system calls", status["Seccomp"] == "2", "filtered"),
        ("forks", _forks_end(options["processes"]), "limited"),
    ]


def _no_network():
    for address in ("127.0.0.1", "192.0.2.1"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((address, 9))
            except OSError:
                continue
            return False
    return True


def _no_files():
    for folder in ("/", "/dev", "/usr", "/kit", "/kit/rnnlab"):
        try:
            Path(folder, ".probe").touch()
        except OSError:
            continue
        return False
    return True


def _forks_end(bound):
    """Return whether no more than a number of processes can be had."""
    started = []
    try:
        for _ in range(bound + 1):
            process = os.fork()
            if not process:
                signal.pause()
            started.append(process)
    except OSError:
        return True
    finally:
        for process in started:
            os.kill(process, 9)
            os.waitpid(process, 0)
    return False


if __name__ == "__main__":
    main()
