"""Figures and equations carry the number of their chapter: Fig. 4.1, (4.1).

Sphinx can number chapters from one; ours carry the numbers of the lecture's
sections, which their file names start with, and not all of them exist.
"""

import functools
import re

from sphinx.environment.collectors.toctree import TocTreeCollector

_CHAPTER = re.compile(r"(\d+)-")


def chapter_number(docname):
    """Return a page's number as Sphinx counts, ``(4,)`` for 04-lstm.

    Args:
        docname: Name of the page, without suffix.

    Returns:
        tuple: empty for a page without a number.
    """
    found = _CHAPTER.match(docname.rpartition("/")[2])
    return (int(found[1]),) if found and "/" not in docname else ()


def with_chapters(assign):
    """Wrap the step that numbers figures, so that it sees our chapters.

    Sphinx has no setting for it and no event between its two numbering
    steps; headings keep the numbers (none) that they had.
    """

    @functools.wraps(assign)
    def assign_figure_numbers(self, env):
        sections = env.toc_secnumbers
        env.toc_secnumbers = {
            docname: {"": number}
            for docname in env.found_docs
            if (number := chapter_number(docname))
        }
        try:
            return assign(self, env)
        finally:
            env.toc_secnumbers = sections

    return assign_figure_numbers


def setup(_app):
    """Wrap Sphinx's step, once in a process."""
    step = TocTreeCollector.assign_figure_numbers
    if not hasattr(step, "__wrapped__"):
        TocTreeCollector.assign_figure_numbers = with_chapters(step)
