"""Directive ``exercise-button``: from a chapter to its exercise notebook.

Colab cannot open a chapter's source, so both the button and the icon in the
page's header lead to the exercise, which is a notebook.
"""

from course_house import course_address
from course_left_out import is_left_out
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

COLAB = "https://colab.research.google.com/github"


def notebook_path(name):
    """Return an exercise's path in the repository, ``04-lstm/lstm`` given."""
    return f"exercises/{name}.ipynb"


def colab_url(name, address):
    """Return the address that opens an exercise in Colab.

    Args:
        name: The exercise, ``04-lstm/lstm`` for instance.
        address: ``course_address()``.
    """
    owner_and_repository = address["repository"].split("github.com/")[-1]
    return (
        f"{COLAB}/{owner_and_repository}/blob/{address['branch']}/"
        f"{notebook_path(name)}"
    )


def github_url(name, address):
    """Return the address that shows an exercise on GitHub."""
    return (
        f"{address['repository']}/blob/{address['branch']}/"
        f"{notebook_path(name)}"
    )


class ExerciseButton(SphinxDirective):
    """Links to an exercise: in Colab, as a file, on GitHub."""

    required_arguments = 1

    def run(self):
        """Return the row of links."""
        name = self.arguments[0].strip()
        if is_left_out(name):
            return [nodes.paragraph("", "Your class leaves out this one.")]
        address = course_address()
        self.env.metadata[self.env.docname].setdefault("exercise", name)
        links = [
            self._link("Open in Colab", colab_url(name, address), "primary"),
            self._download(name),
            self._link("View on GitHub", github_url(name, address)),
            *self._worked(name),
        ]
        row = nodes.paragraph(classes=["exercise-buttons"])
        for link in links:
            row += link
            row += nodes.Text(" ")
        return [row]

    def _link(self, text, url, kind="secondary"):
        classes = ["exercise-button", kind]
        return nodes.reference("", text, refuri=url, classes=classes)

    def _worked(self, name):
        """Yield a link to the worked exercise, if the book has it."""
        page = f"solutions/{name.partition('/')[0]}"
        if page in self.env.found_docs:
            yield addnodes.pending_xref(
                "",
                nodes.inline("", "Solutions"),
                refdoc=self.env.docname,
                refdomain="std",
                reftype="doc",
                reftarget=f"/{page}",
                refexplicit=True,
                refwarn=True,
            )

    def _download(self, name):
        """Link to a copy of the notebook that the book itself carries."""
        up = "../" * (self.env.docname.count("/") + 1)
        link = addnodes.download_reference(
            "",
            "",
            nodes.Text("Download the notebook"),
            refdoc=self.env.docname,
            reftarget=up + notebook_path(name),
            reftype="download",
            classes=["exercise-button", "secondary"],
        )
        self.set_source_info(link)
        return link


def add_header_button(app, pagename, _template, context, _doctree):
    """Put a Colab icon into the header of a page that has an exercise."""
    name = app.env.metadata.get(pagename, {}).get("exercise")
    if not name or "header_buttons" not in context:
        return
    context["header_buttons"].insert(
        0,
        {
            "type": "link",
            "tooltip": "Open the exercise in Colab",
            "icon": "fas fa-rocket",
            "url": colab_url(name, course_address()),
            "label": "open-exercise",
        },
    )


def setup(app):
    """Register the directive and the header's icon."""
    app.add_directive("exercise-button", ExerciseButton)
    app.connect("html-page-context", add_header_button, priority=502)
