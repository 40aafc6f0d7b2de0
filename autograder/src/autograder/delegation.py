"""Delegation: is the task done by the very thing that was to be written?

A static look at the learner's cells in the trusted process, nothing runs.
From the learner's object it follows the names that it uses, through what the
learner's cells define, and through what those cells do besides defining. It
finds ``torch.nn.LSTMCell`` under another name, by ``getattr`` with a plain
text, and the kit's own oracle.

It cannot find what only a run would tell (a name that is put together, code
that is decoded first). So it is reported to who reads the grade and to the
learner, and takes no points: a score must not rest on a guess, and stock
nbgrader gives the same one.
"""

import ast

from nbgrader.utils import is_solution

from rnnlab.checks import CHECKS

MISTAKE = "delegates"
#: What tells that the kit is asked for the answer.
_KIT = "rnnlab.checks"
_ORACLE = {"CHECKS", "oracle", "right", "judge_answer"}


def find(notebook, check):
    """Return the names by which a task is left to something else.

    Args:
        notebook: The rebuilt notebook.
        check: The task's check.

    Returns:
        list[str]: sorted; empty where nothing is forbidden or found.
    """
    if not check.forbidden:
        return []
    cells = [_parse(cell.source) for cell in _learners(notebook)]
    waiting = [
        node
        for body in cells
        if any(check.name in _defined(node) for node in body)
        for node in body
        if check.name in _defined(node) or not _defined(node)
    ]
    defined = {}
    for body in cells:
        for node in body:
            for name in _defined(node) - CHECKS.keys():
                defined.setdefault(name, []).append(node)
    found, seen = set(), set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        mentioned = _mentioned(node)
        found |= mentioned & set(check.forbidden)
        found |= _oracles(node)
        for name in mentioned & defined.keys():
            waiting.extend(defined[name])
    return sorted(found)


def note(check, names):
    """Return the sentence about it."""
    return (
        f"{check.name} calls {', '.join(names)}, which does what you were to "
        "write. This is noted for who reads your work; it takes no points."
    )


def _learners(notebook):
    """Return the cells whose source is the learner's."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and (is_solution(cell) or cell.id.startswith("helper-"))
    ]


def _parse(source):
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _defined(node):
    """Return the names that a statement at the top of a cell defines."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Import() | ast.ImportFrom():
            return {
                (alias.asname or alias.name).split(".")[0]
                for alias in node.names
            }
        case ast.Assign() | ast.AnnAssign():
            targets = getattr(node, "targets", None) or [node.target]
            names = {t.id for t in targets if isinstance(t, ast.Name)}
            for target in targets:
                if isinstance(target, (ast.Tuple, ast.List)):
                    names |= {
                        t.id for t in target.elts if isinstance(t, ast.Name)
                    }
            return names
    return set()


def _mentioned(node):
    """Return the names, attributes and plain texts in some code."""
    found = set()
    for each in ast.walk(node):
        match each:
            case ast.Name(name, ast.Load()):
                found.add(name)
            case ast.Attribute(left, name):
                found.add(name)
                match left:
                    case ast.Name(module) | ast.Attribute(_, module):
                        found.add(f"{module}.{name}")
            case ast.Constant(str(name)) if name.isidentifier():
                found.add(name)
            case ast.alias(name):
                found.add(name.rpartition(".")[2])
            case ast.ImportFrom(str(module), names):
                left = module.rpartition(".")[2]
                found |= {f"{left}.{alias.name}" for alias in names}
    return found


def _oracles(node):
    """Return what of the kit's judges some code reaches for."""
    found = set()
    for each in ast.walk(node):
        match each:
            case ast.Attribute(_, name) if name in _ORACLE:
                found.add(f"{_KIT} ({name})")
            case ast.ImportFrom(module=str(module)) if module.startswith(_KIT):
                found.add(_KIT)
            case ast.Import(names) if any(
                alias.name.startswith(_KIT) for alias in names
            ):
                found.add(_KIT)
    return found
