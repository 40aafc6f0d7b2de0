"""The built book, served from this machine, and a browser to read it."""

import fcntl
import functools
import importlib.metadata
import os
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))


def build(book, *options):
    """Build a book as `make book` does; return the finished process."""
    command = Path(sys.executable).with_name("jupyter-book")
    strict = ("-W", "-n", "--keep-going")
    return subprocess.run(
        [command, "build", str(book), *strict, *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        env=os.environ | {"NO_COLOR": "1"},
    )


@pytest.fixture(scope="session")
def strict_build():
    """Return the function that builds a book as `make book` does."""
    return build


@pytest.fixture(scope="session")
def built_book():
    """Return the folder of the book's pages, built if it is not fresh.

    Where tests run in several processes, one builds and the others wait. A
    second build would write style sheets anew under the first one's browser.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    lock = ROOT / "book" / "_build" / ".lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if file.read() != run:
            result = build(ROOT / "book")
            assert result.returncode == 0, (
                result.stdout[-3000:] + result.stderr
            )
            file.truncate(0)
            file.write(run)
    return ROOT / "book" / "_build" / "html"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """Say nothing; the tests speak."""


@pytest.fixture(scope="session")
def site(built_book):
    """Return the address of the built book, served from this machine."""
    handler = functools.partial(_Quiet, directory=str(built_book))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def axe_script():
    """Return axe-core, as axe-playwright-python carries it."""
    files = importlib.metadata.files("axe-playwright-python")
    (script,) = [file for file in files if file.name == "axe.min.js"]
    return Path(script.locate()).read_text(encoding="utf-8")
