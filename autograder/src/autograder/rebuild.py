"""Rebuild: the instructor's notebook with the learner's solutions in it.

Of a submission only the sources of its solution cells count, and those of
the learner's own cells that define names the solutions use. Tags, points,
tests, order, outputs and kernel come from the instructor.
"""

import ast
import copy
import re
from typing import NamedTuple

import nbformat
from nbgrader.utils import is_solution

# Never across lines: a million blank ones would take for ever.
_MARKER = re.compile(
    r"^[ \t]*(?:#|<!--)[ \t]*solution:[ \t]*([\w.-]+)", re.MULTILINE
)
_DEFINING = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)


class Rebuilt(NamedTuple):
    """A notebook fit to run, and what had to be mended to get it.

    Attributes:
        notebook: The instructor's, with the learner's solutions.
        notes: Sentences for the learner.
    """

    notebook: object
    notes: tuple


def rebuild(master, submitted):
    """Put the solutions of a submission into the instructor's notebook.

    Args:
        master: The instructor's notebook, stubs in place of solutions.
        submitted: Cells as ``submission.read`` gives them.

    Returns:
        Rebuilt: ``master`` itself is left alone.
    """
    notebook = copy.deepcopy(master)
    solutions = [cell for cell in notebook.cells if is_solution(cell)]
    taken, notes = set(), []
    for cell in solutions:
        found = _candidates(cell, submitted)
        taken.update(found)
        name = _task(cell)
        if not found:
            notes.append(
                f"The cell for {name} is not in your notebook; it counts as "
                "not attempted."
            )
            continue
        changed = [
            i for i in found if not _same(submitted[i].source, cell.source)
        ]
        if len({submitted[i].source for i in changed}) > 1:
            notes.append(
                f"Your notebook has {len(changed)} cells for {name}; the "
                "last one counts."
            )
        cell.source = submitted[(changed or found)[-1]].source
    own = _own_cells(master, submitted, taken)
    helpers = _needed(own, [cell.source for cell in solutions])
    if helpers:
        first = next(i for i, c in enumerate(notebook.cells) if is_solution(c))
        notebook.cells[first:first] = [
            nbformat.v4.new_code_cell(source, id=f"helper-{number}")
            for number, source in enumerate(helpers)
        ]
    return Rebuilt(notebook, tuple(notes))


def _task(cell):
    return cell.metadata.nbgrader["grade_id"].removesuffix("-solution")


def _same(left, right):
    return left.split() == right.split()


def _candidates(cell, submitted):
    """Return the indices of the cells that answer a solution cell.

    By id; where none carries it, by marker line; where there is none either,
    by the names that the instructor's cell defines.
    """
    grade_id = cell.metadata.nbgrader["grade_id"]
    kind = [i for i, c in enumerate(submitted) if c.kind == cell.cell_type]
    marker = _MARKER.search(cell.source)
    defines = _defined(cell.source) if cell.cell_type == "code" else set()
    ways = [
        lambda c: c.grade_id == grade_id,
        lambda c: marker and marker[1] in _MARKER.findall(c.source),
        lambda c: not c.grade_id and defines & _defined(c.source),
    ]
    for matches in ways:
        found = [i for i in kind if matches(submitted[i])]
        if found:
            return found
    return []


def _own_cells(master, submitted, taken):
    """Return the sources of code cells that the learner added."""
    given = {" ".join(cell.source.split()) for cell in master.cells}
    known = {
        cell.metadata.nbgrader["grade_id"]
        for cell in master.cells
        if "nbgrader" in cell.metadata
    }
    return [
        cell.source
        for i, cell in enumerate(submitted)
        if i not in taken
        and cell.kind == "code"
        and cell.grade_id not in known
        and " ".join(cell.source.split()) not in given
    ]


def _needed(own, solutions):
    """Return those of the learner's cells that the solutions build on.

    A cell is kept when all it does is define names, and a name it defines is
    used by a solution or by another cell that is kept.
    """
    defining = {}
    for index, source in enumerate(own):
        if _defines_only(source):
            for name in _defined(source):
                defining.setdefault(name, []).append(index)
    kept, waiting = set(), list(set().union(*map(_used, solutions)))
    while waiting:
        # Taken out, a name leads to its cells once, however long the chain.
        for index in defining.pop(waiting.pop(), ()):
            if index not in kept:
                kept.add(index)
                waiting.extend(_used(own[index]))
    return [own[i] for i in sorted(kept)]


def _parse(source):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _defines_only(source):
    body = _parse(source).body
    return bool(body) and all(isinstance(node, _DEFINING) for node in body)


def _defined(source):
    names = set()
    for node in _parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                names.add((alias.asname or alias.name).split(".")[0])
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = getattr(node, "targets", None) or [node.target]
            for target in targets:
                names.update(
                    n.id for n in ast.walk(target) if isinstance(n, ast.Name)
                )
    return names


def _used(source):
    return {
        node.id
        for node in ast.walk(_parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
