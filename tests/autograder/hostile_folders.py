"""Cases: what lies where the notebook should be, and beside it."""

import os

import nbformat
from hostile import CANNOT_CHECK, NOT_YET, WRONG, hostile, write


def _instead(name, make):
    """Register something that is not a file where the notebook should be."""

    def case(_):
        return make

    case.__name__ = f"instead_{name}"
    hostile(CANNOT_CHECK, CANNOT_CHECK, outcome="rejected")(case)


_instead("a_folder", lambda path: path.mkdir())
_instead("a_fifo", os.mkfifo)
_instead("a_link_to_a_secret", lambda p: p.symlink_to("../../../../secret"))
_instead("a_link_to_a_device", lambda p: p.symlink_to("/dev/zero"))
_instead("a_link_to_itself", lambda path: path.symlink_to(path.name))
_instead("nothing", lambda _: None)
_instead(
    "a_link_to_the_solution",
    lambda p: p.symlink_to("../../../source/04-lstm/lstm.ipynb"),
)


@hostile(NOT_YET)
def rest_of_the_folder(notebook):
    """Surround the notebook with modules that would be imported."""
    write(notebook, WRONG)
    content = dict.fromkeys(("torch.py", "rnnlab.py", "sitecustomize.py"))

    def make(path):
        nbformat.write(notebook, path)
        for name in content:
            code = "raise SystemExit('imported by accident')"
            path.with_name(name).write_text(code)
        path.with_name("loop").symlink_to("..")

    return make
