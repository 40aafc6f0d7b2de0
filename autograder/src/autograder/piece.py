"""Piece: a submitted cell, and what its source says without being run."""

import ast
import functools
import re
import symtable
from typing import NamedTuple

# Never across lines: a million blank ones would take for ever.
_MARKER = re.compile(
    r"^[ \t]*(?:#|<!--)[ \t]*solution:[ \t]*([\w.-]+)", re.MULTILINE
)
#: What IPython reads as its own and Python does not. The rest of a cell with
#: another magic over all of it, ``%%bash`` say, is no Python.
_MAGIC = re.compile(
    r"^([ \t]*)(?:%%(?:time|capture)\b|%(?!%)|!).*$", re.MULTILINE
)
#: Longer sources run like all others, but nothing is read from them: a tree
#: takes a thousand times the memory.
_MOST = 200_000
_IMPORTS = (ast.Import, ast.ImportFrom)
_BLOCKS = (ast.FunctionDef, ast.ClassDef)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign)


class _Facts(NamedTuple):
    defines: frozenset = frozenset()
    makes: frozenset = frozenset()
    only_defines: bool = False
    whole: bool = False


class Piece:
    """A cell's source, and what can be read from it.

    Args:
        kind: "code" or "markdown".
        source: Its text.
        grade_id: The id nbgrader gave it, or "".
    """

    def __init__(self, kind, source, grade_id=""):
        self.kind = kind
        self.source = source
        self.grade_id = grade_id

    @functools.cached_property
    def markers(self):
        """Return the tasks that its marker lines name."""
        return set(_MARKER.findall(self.source))

    @property
    def task(self):
        """Return the name of the task that its id speaks of."""
        return self.grade_id.removesuffix("-solution")

    @functools.cached_property
    def words(self):
        """Return the text, any white space as good as another."""
        return " ".join(self.source.split())

    @property
    def defines(self):
        """Return the names that it binds at the top, imports included."""
        return self._facts.defines

    @property
    def makes(self):
        """Return its functions and classes; where it has none, variables."""
        return self._facts.makes

    @property
    def only_defines(self):
        """Return whether all it does is bind names."""
        return self._facts.only_defines

    @property
    def whole(self):
        """Return whether it is Python, with no half of a function in it."""
        return self._facts.whole

    @functools.cached_property
    def uses(self):
        """Return the names that it takes from what ran before."""
        try:
            table = symtable.symtable(self._python, "cell", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return set()
        names, waiting = set(), [table]
        while waiting:
            table = waiting.pop()
            waiting += table.get_children()
            top = table.get_type() == "module"
            names |= {
                symbol.get_name()
                for symbol in table.get_symbols()
                if symbol.is_referenced() and (top or symbol.is_global())
            }
        return names

    @functools.cached_property
    def _python(self):
        """Return the source with the lines of magics taken out."""
        if self.kind != "code" or len(self.source) > _MOST:
            return ""
        if _parse(self.source) is None:
            return _MAGIC.sub(r"\1pass", self.source)
        return self.source

    @functools.cached_property
    def _facts(self):
        """Return what its syntax tree tells; it is too large to keep."""
        tree = _parse(self._python)
        if tree is None:
            return _Facts()
        blocks = {n.name for n in tree.body if isinstance(n, _BLOCKS)}
        others = [n for n in tree.body if isinstance(n, _ASSIGNMENTS)]
        kinds = _IMPORTS + _BLOCKS + _ASSIGNMENTS
        return _Facts(
            frozenset().union(*map(_bound, tree.body)),
            frozenset(blocks or set().union(*map(_bound, others))),
            bool(tree.body) and all(isinstance(n, kinds) for n in tree.body),
            not any(isinstance(n, ast.Return) for n in tree.body),
        )


def _parse(source):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(node):
    """Return the names that a statement binds where it stands."""
    if isinstance(node, _BLOCKS):
        return {node.name}
    if isinstance(node, _IMPORTS):
        return {
            (alias.asname or alias.name).split(".")[0] for alias in node.names
        }
    if isinstance(node, _ASSIGNMENTS):
        targets = getattr(node, "targets", None) or [node.target]
        return {
            name.id
            for target in targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
    return set()
