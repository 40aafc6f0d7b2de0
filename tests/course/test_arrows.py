"""Imports point one way: autograder to rnnlab to torch, reference to torch."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "autograder" / "src"
KIT = {"torch", "numpy", "matplotlib", "mpl_toolkits", "tqdm", "rnnlab"}
#: What a room may import beside the standard library.
ALLOWED = {
    # Kernels have IPython and its inline figures; nothing else uses them.
    SOURCE / "rnnlab": KIT
    | {"IPython", "matplotlib_inline"}
    # The extra "translation", imported where it is used.
    | {"num2words", "sacrebleu"},
    ROOT / "solutions" / "reference": {"torch", "rnnlab", "reference"},
    SOURCE / "autograder": KIT
    | {
        "autograder",
        "dask",  # an extra, for --scheduler alone
        "distributed",
        "IPython",
        "jinja2",
        "jupytext",
        "matplotlib_inline",
        "nbconvert",
        "nbformat",
        "nbgrader",
        "pygments",
        "sqlalchemy",
        "traitlets",
    },
    # The sandbox shows this folder and the kit, nothing else of ours.
    SOURCE / "autograder" / "inside": KIT | {"IPython", "traitlets"},
}


def imports(file):
    """Yield the top-level names that a module imports."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("room", ALLOWED, ids=lambda room: room.name)
def test_a_room_imports_only_what_it_may(room):
    """Nothing in a room points against the arrows."""
    files = sorted(room.rglob("*.py"))
    assert files
    for file in files:
        foreign = set(imports(file)) - set(sys.stdlib_module_names)
        assert foreign <= ALLOWED[room], file


def test_the_installed_package_is_the_one_in_this_tree():
    """An import finds autograder/src, not a folder of that name."""
    import autograder  # noqa: PLC0415 - the import is the test
    import rnnlab  # noqa: PLC0415

    for package in (autograder, rnnlab):
        assert Path(package.__file__).parents[1] == SOURCE
