"""Directive ``solutions``: the worked exercises of a chapter, folded.

It reads the instructor's notebook, so what is shown is what is graded. The
pages with this directive are left out by ``make book SOLUTIONS=0``.
"""

import json
import re

import jupytext
from course_house import ROOT
from course_html import element
from course_html import setup as setup_html
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

MISTAKES = ROOT / "autograder/src/rnnlab/checks/fingerprints.json"

_HEADING = re.compile(r"^#+ (?P<text>.+?)(?: \(.*\))?$", re.MULTILINE)
_REGION = re.compile(
    r"^.*BEGIN SOLUTION.*\n(?P<inside>.*?)^.*END SOLUTION.*$",
    re.MULTILINE | re.DOTALL,
)
_MARKS = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
_MARKER = re.compile(r"^# solution: (\w+)\n", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(\{\{\w+\}\}[^)]*\)")


def solutions(source):
    """Return the solutions of an instructor's notebook.

    Args:
        source: Path of the MyST source.

    Returns:
        list[tuple]: for each graded piece the task's heading, its name, "" for
            a written answer, and its code or text.
    """
    heading, found = "", []
    for cell in jupytext.read(source).cells:
        if cell.cell_type == "markdown":
            headings = _HEADING.findall(cell.source)
            heading = headings[-1] if headings else heading
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        text = cell.source
        if cell.cell_type == "markdown":
            (inside,) = _REGION.findall(text + "\n")
            found.append((heading, "", _LINK.sub(r"\1", inside)))
        else:
            (name,) = _MARKER.findall(text)
            code = _MARKER.sub("", text)
            code = _MARKS.sub("", code)
            found.append((heading, name, code.strip()))
    return found


def sentences(name):
    """Return what the check of a task can say about a mistake."""
    known = json.loads(MISTAKES.read_text("utf-8")).get(name, {})
    return [row["sentence"] for row in known.get("mistakes", [])]


class Solutions(SphinxDirective):
    """Every graded piece of an exercise, each behind a line to open."""

    required_arguments = 1

    def run(self):
        """Return a section of folded solutions for each task."""
        name = self.arguments[0].strip()
        source = ROOT / "solutions" / f"{name}.md"
        if not source.is_file():
            raise self.error(f"solutions: there is no solutions/{name}.md.")
        self.env.note_dependency(str(source))
        self.env.note_dependency(str(MISTAKES))
        made, before = [], ""
        for heading, task, text in solutions(source):
            if heading != before:
                made.append(self._section(heading))
            made[-1] += self._piece(task, text)
            before = heading
        return made

    def _section(self, heading):
        inline, _ = self.parse_inline(heading)
        section = nodes.section("", nodes.title(heading, "", *inline))
        section["names"].append(nodes.fully_normalize_name(heading))
        self.state.document.note_implicit_target(section, section)
        return section

    def _piece(self, task, text):
        if not task:
            answer = nodes.container()
            lines = StringList(text.splitlines(), source=self.env.docname)
            self.state.nested_parse(lines, self.content_offset, answer)
            return [_folded("The model answer and its rubric", answer)]
        code = nodes.literal_block(text, text, language="python")
        made = [_folded(f"The solution: {task}", code)]
        known = sentences(task)
        if known:
            items = [
                nodes.list_item("", nodes.paragraph("", sentence))
                for sentence in known
            ]
            listed = nodes.bullet_list("", *items)
            made.append(_folded(f"What its check can say: {task}", listed))
        return made


def _folded(summary, content):
    """Return content behind a line that opens it."""
    return element(
        "details", element("summary", summary), content, class_="solution"
    )


def setup(app):
    """Register the directive."""
    setup_html(app)
    app.add_directive("solutions", Solutions)
