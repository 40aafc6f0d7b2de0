"""A page runs again when the course's own code that it imports has changed.

Sphinx re-reads a page when its text changes, and jupyter-cache knows a page
by its code cells; neither looks into the modules that the cells import. So
each page gets a key, the hash of the modules of ``rnnlab`` and ``reference``
that its cells reach, of the recorded results and of the libraries' versions.
The key goes into the kernelspec that jupyter-cache hashes, and a page whose
key differs from the last build's is read again. Pages that do not reach the
changed module keep their outputs.
"""

import ast
import hashlib
import importlib.metadata
import re
from functools import cache
from pathlib import Path

from course_house import ROOT

#: Where the course's own packages lie; others count by their version.
PACKAGES = {
    "rnnlab": ROOT / "autograder" / "src" / "rnnlab",
    "reference": ROOT / "solutions" / "reference",
}
LIBRARIES = ("torch", "numpy", "matplotlib")

_CELL = re.compile(
    r"^(?P<fence>`{3,}|~{3,})\{code-cell\}.*?$(?P<body>.*?)^(?P=fence)\s*$",
    re.MULTILINE | re.DOTALL,
)
_KERNELSPEC = re.compile(r"^kernelspec:[ \t]*$", re.MULTILINE)


def cells(text):
    """Return the code of a MyST notebook's cells, without their options."""
    for cell in _CELL.finditer(text):
        body = cell["body"].lstrip("\n")
        if body.startswith("---\n"):
            body = body.partition("\n---\n")[2]
        lines = body.splitlines()
        yield "\n".join(
            line for line in lines if not line.startswith((":", "%", "!"))
        )


def imported(code, package=""):
    """Return the dotted names that Python code imports.

    Args:
        code: Python source. What does not parse imports nothing here; the
            kernel will say what is wrong with it.
        package: The package that relative imports start from.

    Returns:
        set[str]: "rnnlab", "rnnlab.plots", ...; a name imported from a
        module is there as if it were a module, too.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                parts = parts[: len(parts) - node.level + 1]
                base = ".".join([*parts, base]).rstrip(".")
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def module_files(name, packages=PACKAGES):
    """Return the files that importing a dotted name runs.

    Importing ``rnnlab.checks.lstm`` runs each package on the way there, so
    the answer holds their ``__init__.py`` as well.
    """
    top, *rest = name.split(".")
    if top not in packages:
        return []
    found, folder = [packages[top] / "__init__.py"], packages[top]
    for part in rest:
        if (folder / f"{part}.py").is_file():
            found.append(folder / f"{part}.py")
            break
        folder = folder / part
        found.append(folder / "__init__.py")
    return [path for path in found if path.is_file()]


def _package_of(path, packages):
    for top, folder in packages.items():
        if path.is_relative_to(folder):
            return ".".join((top, *path.relative_to(folder).parent.parts))
    return ""


def reached(names, packages=PACKAGES):
    """Return every file of the course that importing the names runs.

    Args:
        names: Dotted names.
        packages: Top-level name to folder.

    Returns:
        list[Path]: sorted, without doubles.
    """
    seen, waiting = set(), list(names)
    while waiting:
        for path in module_files(waiting.pop(), packages):
            if path not in seen:
                seen.add(path)
                code = path.read_text(encoding="utf-8")
                waiting += imported(code, _package_of(path, packages))
    return sorted(seen)


@cache
def _versions():
    return "".join(
        f"{name}=={importlib.metadata.version(name)}\n" for name in LIBRARIES
    )


def page_key(text, packages=PACKAGES, results=ROOT / "book" / "results"):
    """Return the hash of what a page's outputs depend on beside its cells.

    Args:
        text: The page's source.
        packages: Top-level name to folder.
        results: Folder of recorded results; its data files all count.

    Returns:
        str: 16 hexadecimal digits.
    """
    names = set().union(*(imported(code) for code in cells(text)))
    files = reached(names, packages)
    if "results" in text:
        files += sorted(results.glob("**/*.json"))
    digest = hashlib.sha256(_versions().encode())
    for path in files:
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
        if path.suffix == ".py":
            for data in sorted(path.parent.glob("*.json")):
                digest.update(data.read_bytes())
    return digest.hexdigest()[:16]


def with_key(text):
    """Return a page's source with its key among the kernelspec's entries."""
    return _KERNELSPEC.sub(
        f"kernelspec:\n  course_key: {page_key(text)}", text, count=1
    )


def add_key(_app, _docname, source):
    """Handle ``source-read``: what jupyter-cache hashes includes the key."""
    if _KERNELSPEC.search(source[0]):
        source[0] = with_key(source[0])


def find_outdated(_app, env, _added, _changed, _removed):
    """Handle ``env-get-outdated``: name the pages whose key has changed."""
    outdated = []
    for docname in env.found_docs:
        before = env.metadata.get(docname, {}).get("kernelspec")
        text = Path(env.doc2path(docname)).read_text(encoding="utf-8")
        if before and page_key(text) not in str(before):
            outdated.append(docname)
    return outdated


def setup(app):
    """Connect both handlers."""
    app.connect("source-read", add_key)
    app.connect("env-get-outdated", find_outdated)
