"""Boxes ``claim`` and ``claim-check``.

``claim`` states, in our words, what the lecture says; ``claim-check`` says
where that is imprecise or wrong and points to the evidence. Each carries the
id of the statement, which a test collects from the sources.
"""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

_ID = re.compile(r"[A-Z]\d+\Z")


class ClaimBox(SphinxDirective):
    """A titled box with the id of a statement of the lecture."""

    required_arguments = 1
    has_content = True
    kind = "claim"
    title = "The lecture says"

    def run(self):
        """Return the box, registered as a link target of its own name."""
        claim = self.arguments[0].strip()
        if not _ID.match(claim):
            raise self.error(
                f"{self.kind}: {claim!r} is no id of a statement; write a "
                "capital letter and a number, E1 for instance."
            )
        if not self.content:
            raise self.error(f"{self.kind} {claim}: the box is empty.")
        name = f"{self.kind}-{claim}"
        box = nodes.admonition(classes=["course-box", self.kind])
        box["ids"].append(name)
        label = nodes.inline("", claim, classes=["claim-id"])
        box += nodes.title("", "", nodes.Text(f"{self.title} "), label)
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        self._register(name, f"{self.title} ({claim})")
        return [box]

    def _register(self, name, title):
        domain = self.env.get_domain("std")
        known = domain.labels.get(name.lower())
        if known and known[0] != self.env.docname:
            raise self.error(f"{name} is already on page {known[0]}.")
        where = (self.env.docname, name)
        domain.anonlabels[name.lower()] = where
        domain.labels[name.lower()] = (*where, title)


class ClaimCheckBox(ClaimBox):
    """The box for a statement that is imprecise or wrong."""

    kind = "claim-check"
    title = "Claim check"


def setup(app):
    """Register both directives."""
    app.add_directive("claim", ClaimBox)
    app.add_directive("claim-check", ClaimCheckBox)
