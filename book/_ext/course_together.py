"""A formula and the punctuation after it stay on one line.

Browsers may break a line between a typeset formula and the full stop that
follows it, which then begins a line alone.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

_FOLLOWS = re.compile(r"[.,;:!?)\]]+")


class KeepTogether(SphinxPostTransform):
    """Wrap each formula with the punctuation that follows it."""

    default_priority = 900

    def run(self, **_options):
        """Move the punctuation in."""
        for formula in list(self.document.findall(nodes.math)):
            after = formula.next_node(siblings=True, descend=False)
            if not isinstance(after, nodes.Text):
                continue
            follows = _FOLLOWS.match(after)
            if follows is None:
                continue
            parent, place = formula.parent, formula.parent.index(formula)
            rest = after[follows.end() :]
            parent[place + 1 : place + 2] = [nodes.Text(rest)] if rest else []
            together = nodes.inline("", "", classes=["together"])
            parent[place] = together
            together += [formula, nodes.Text(follows[0])]


def setup(app):
    """Register the transform."""
    app.add_post_transform(KeepTogether)
