"""Chapters that a class leaves out: still there to read, and said to be so.

Other chapters point to them, so their pages stay. ``leave_out`` below
``[tool.course]`` in pyproject.toml names them.
"""

from course_house import course_address
from docutils import nodes

NOTE = (
    "Your class leaves out this chapter and its exercise. "
    "It is here because other chapters point to it."
)


def is_left_out(name):
    """Return whether a chapter, or an exercise by its path, is left out."""
    return name.partition("/")[0] in course_address().get("leave_out", [])


def add_note(app, doctree):
    """Put a note below the title of a chapter that is left out."""
    if not is_left_out(app.env.docname):
        return
    title = next(iter(doctree.findall(nodes.title)))
    index = title.parent.index(title) + 1
    title.parent.insert(index, nodes.note("", nodes.paragraph("", NOTE)))


def setup(app):
    """Connect the note."""
    app.connect("doctree-read", add_note)
