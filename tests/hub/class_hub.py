"""A class hub for a test: started, and dead when the test ends."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def running(place):
    """Start autograder/hub/run and end everything it started.

    Args:
        place: Folder that holds all that the hub keeps.

    Yields:
        str: the hub's address.
    """
    port = free_ports()
    environment = os.environ | {
        "CLASS_HUB": str(place),
        "CLASS_HUB_PORT": str(port),
    }
    log = place / "log"
    with log.open("wb") as file:
        hub = subprocess.Popen(
            [ROOT / "autograder/hub/run"],
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, hub, log)
        yield address
    finally:
        stop(hub, place)


def free_ports():
    """Return the first of three free ports in a row."""
    for port in range(18000 + os.getpid() % 1000 * 3, 30000, 3):
        with contextlib.ExitStack() as sockets, contextlib.suppress(OSError):
            for number in range(port, port + 3):
                one = sockets.enter_context(socket.socket())
                one.bind(("127.0.0.1", number))
            return port
    raise RuntimeError("There are no three free ports in a row.")


def wait_for(address, hub, log):
    """Return when the hub answers."""
    health = f"{address}/hub/health"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and hub.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(health, timeout=5)  # noqa: S310 - ours
            return
        time.sleep(0.3)
    raise RuntimeError(f"The hub did not start:\n{log.read_text()[-3000:]}")


def stop(hub, place):
    """End the hub as Ctrl-C does, and whatever does not heed it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(hub.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        hub.wait(40)
    for pid in processes(place):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    hub.wait(10)


def processes(place):
    """Return the processes that a hub started, by their environment."""
    mark = f"CLASS_HUB={place}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes() + b"\0":
                found.append(int(folder.name))
    return found
