"""A PostgreSQL server of a test's own, on a socket in a folder of its own."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg2
import pytest

#: It refuses to run as root.
_NOBODY = 65534


@contextlib.contextmanager
def server():
    """Start a server; yield a function that makes a database on it.

    Skips with a line where PostgreSQL is not installed.
    """
    programs = _programs()
    if programs is None:
        say = pytest.fail if os.environ.get("REQUIRE_SYSTEM") else pytest.skip
        say("PostgreSQL is missing: apt-get install postgresql")
    # Not pytest's own folder: only its owner may pass that.
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if not os.geteuid():
        os.chown(place, _NOBODY, _NOBODY)
        options |= {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    control = [programs / "pg_ctl", "-D", place / "data", "-w"]
    start = f"-k {place} -c listen_addresses= -c fsync=off"
    try:
        made = ["-U", "grader", "-A", "trust", "--locale=C", "-E", "UTF8"]
        for command in (
            [programs / "initdb", "-D", place / "data", "-N", *made],
            [*control, "-o", start, "-l", place / "log", "start"],
        ):
            subprocess.run(command, check=True, cwd=place, **options)
        yield lambda name: _database(place, name)
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, cwd=place, **options)
        shutil.rmtree(place, ignore_errors=True)


def _programs():
    """Return the folder of the server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def _database(place, name):
    """Make a database and return its address."""
    opened = psycopg2.connect(host=place, user="grader", dbname="postgres")
    with contextlib.closing(opened) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"create database {name}")
    return f"postgresql+psycopg2://grader@/{name}?host={place}"
