"""Rubric: how a written answer is graded, from the instructor's notebook.

In the solution of a written question, a paragraph that begins with
``**Rubric`` begins the rubric; it ends with the solution. A learner gets to
see it once a person has graded the answer. What stands above it, the model
answer, is never read.
"""

import re

import nbformat
from nbgrader.utils import is_grade, is_solution

_BEGINS = re.compile(r"\*\*Rubric\b(.*)")
_ENDS = re.compile(r"\bEND SOLUTION\b")
_ITEM = re.compile(r"(?:\d+[.)]|[-*]) +(.*)")


def rubrics(course, assignment):
    """Return the rubrics of an assignment's written questions.

    Args:
        course: The course.
        assignment: Name of the assignment.

    Returns:
        dict[tuple, list]: what ``read`` returns, by notebook and grade_id.
    """
    found = {
        (name, cell.metadata.nbgrader["grade_id"]): read(cell.source)
        for name, path in course.notebooks(assignment).items()
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
        and is_grade(cell)
        and is_solution(cell)
    }
    return {key: lines for key, lines in found.items() if lines}


def read(source):
    """Return the lines of a rubric: what it says first, then its points.

    Args:
        source: The solution of a written question, in Markdown.

    Returns:
        list[str]: without markup; empty where there is no rubric.
    """
    lines, inside = [], False
    for line in map(str.strip, source.splitlines()):
        begins = _BEGINS.match(line)
        if begins:
            inside = True
            lines = [begins[1]]
        elif inside and _ENDS.search(line):
            break
        elif inside and line:
            item = _ITEM.match(line)
            if item or len(lines) == 1:
                lines.append(item[1] if item else line)
            else:
                lines[-1] += f" {line}"
    return [
        line.replace("**", "").replace("`", "").strip(" ,:") for line in lines
    ]
