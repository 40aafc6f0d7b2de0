"""Cases: another's name, another time, and the shell's own error messages."""

import os

import nbformat
from hostile import NOT_YET, PASSED, WRONG, find, hostile, write


@hostile(NOT_YET)
def patched_showtraceback(notebook):
    """Let the shell show no error, the one cheat that nbgrader tests."""
    write(
        notebook,
        "shell = get_ipython()",
        "type(shell).showtraceback = lambda *_, **__: print('PASSED')",
        "type(shell)._showtraceback = lambda *_, **__: None",
        WRONG,
    )


@hostile(NOT_YET)
def cells_marked_to_raise(notebook):
    """Tag every cell so that a runner skips it or forgives its errors."""
    write(notebook, WRONG)
    for cell in notebook.cells:
        cell.metadata["tags"] = ["raises-exception", "skip-execution"]
        cell.metadata["nbgrader"] = {
            **cell.metadata.get("nbgrader", {}),
            "points": 1000,
        }


@hostile(NOT_YET)
def somebody_elses_name(notebook):
    """Claim in every place to be the neighbour."""
    write(notebook, WRONG)
    name = {"student": "neighbour", "student_id": "neighbour"}
    notebook.metadata.update(name, nbgrader=name, authors=[name])
    for cell in notebook.cells:
        cell.metadata.update(name)
    find(notebook).source += "\nstudent = student_id = 'neighbour'"


def _time(name, make):
    """Register a right solution beside a time that is none."""

    def case(notebook):
        def hand_in(path):
            nbformat.write(notebook, path)
            make(path.with_name("timestamp.txt"))

        return hand_in

    case.__name__ = f"time_{name}"
    hostile(PASSED)(case)


_time("of_no_kind", lambda p: p.write_text("before you asked"))
_time("of_a_year_too_large", lambda p: p.write_text("99999999-01-01 UTC"))
_time("of_bytes", lambda p: p.write_bytes(b"\xff\x00\x80"))
_time("of_a_zone_that_is_a_file", lambda p: p.write_text("1 2 ../secret"))
_time("that_is_huge", lambda p: p.write_text("1" * 10_000_000))
_time("that_is_a_link", lambda p: p.symlink_to("../../../../secret"))
_time("that_is_a_fifo", os.mkfifo)
