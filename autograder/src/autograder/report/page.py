"""Page: how a class did, for its instructor, in one file without script."""

import base64
import hashlib
from importlib import resources

import jinja2

from autograder import similarity
from autograder.report import charts

#: Named mistakes that are listed.
MOST = 20


def render(pictures, title):
    """Return the page.

    Args:
        pictures: Pictures of the assignments.
        title: Name of the course.

    Returns:
        str: HTML; everything escaped, and a policy against any script.
    """
    here = resources.files(__package__)
    style = (here.parent / "feedback.css").read_text("utf-8")
    style += (here / "report.css").read_text("utf-8")
    digest = hashlib.sha256(style.encode()).digest()
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    markup = (here / "report.html.jinja").read_text("utf-8")
    return environment.from_string(markup).render(
        title=title,
        sections=[_section(picture) for picture in pictures],
        similarity=similarity,
        most=MOST,
        style=style,
        policy=base64.b64encode(digest).decode(),
    )


def _section(picture):
    """Return what the template needs of an assignment."""
    found = charts.bins(picture.scores, picture.max_score)
    rows = [
        (task.label, task.passed, task.some, task.nothing, task.waiting)
        for task in picture.tasks
    ]
    titles = {(t.notebook, t.grade_id): t.label for t in picture.tasks}
    return {
        "picture": picture,
        "bins": found,
        "scores": charts.scores(found) if picture.scores else None,
        "shares": charts.shares(rows) if picture.tasks else None,
        "rejected": [
            work
            for _, work in sorted(picture.works.items())
            if work.outcome != "graded"
        ],
        "open": sum(bool(w.waiting) for w in picture.works.values()),
        "waiting": [task for task in picture.tasks if task.waiting],
        "compared": [
            (titles.get((a.notebook, a.grade_id), a.grade_id), a.comparison)
            for a in picture.compared
            if a.comparison.compared or a.comparison.short
        ],
    }
