"""Pages made from the others: the lecture's statements, and the figures.

``statements`` lists every claim box of the book in the order of the lecture,
with what shows it, its exercise and its claim check; ``figure-list`` lists
every figure with its caption. Both copy what stands on the pages, so they
cannot say anything else.
"""

import tomllib

from course_house import ROOT
from course_numbers import chapter_number
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

CLAIMS = ROOT / "book" / "claims.toml"


class listing(nodes.General, nodes.Element):  # noqa: N801  docutils' way
    """Where a list will stand once all pages have been read."""


class Listing(SphinxDirective):
    """Leave a place for a list; ``make`` says of what."""

    def run(self):
        """Return the place, which depends on the list of claims."""
        self.env.note_dependency(str(CLAIMS))
        _listings(self.env).add(self.env.docname)
        return [listing(of=self.name)]


def collect(app, doctree):
    """Keep the boxes and figures of a page that was read."""
    boxes, figures = [], []
    for box in doctree.findall(nodes.admonition):
        kinds = {"claim", "claim-check"} & set(box["classes"])
        if kinds:
            kind, claim = kinds.pop(), box[0][-1].astext()
            boxes.append((kind, claim, _copies(box[1:])))
    for figure in doctree.findall(nodes.figure):
        captions = [n for n in figure.children if isinstance(n, nodes.caption)]
        if figure["ids"] and captions:
            figures.append((figure["ids"][0], _copies(captions[0].children)))
    found = _found(app.env)
    found[app.env.docname] = {"boxes": boxes, "figures": figures}


def forget(_app, env, docname):
    """Forget a page that is gone or read again."""
    _found(env).pop(docname, None)
    _listings(env).discard(docname)


def merge(_app, env, docnames, other):
    """Take over what another process read."""
    for docname in docnames:
        if docname in _found(other):
            _found(env)[docname] = _found(other)[docname]
        if docname in _listings(other):
            _listings(env).add(docname)


def outdated(_app, env):
    """Return the pages with lists: any other page may have changed them.

    The boxes that they copy have formulas, so they need MathJax.
    """
    for docname in _listings(env):
        env.get_domain("math").data["has_equations"][docname] = True
    return sorted(_listings(env))


class FillListings(SphinxPostTransform):
    """Put the lists in, before references are resolved."""

    default_priority = 5

    def run(self, **_options):
        """Replace each place by its list."""
        makers = {"statements": self._statements, "figure-list": self._figures}
        for place in list(self.document.findall(listing)):
            place.replace_self(makers[place["of"]]())

    def _chapters(self):
        """Yield the chapters that were read, in their order."""
        for docname in sorted(_found(self.env)):
            if chapter_number(docname):
                yield docname, _found(self.env)[docname]

    def _section(self, docname, *children):
        link = self._link("doc", f"/{docname}", explicit=False)
        title = nodes.title("", "", link)
        return nodes.section("", title, *children, ids=[f"of-{docname}"])

    def _statements(self):
        listed = tomllib.loads(CLAIMS.read_text("utf-8"))
        made = []
        for docname, found in self._chapters():
            boxes = {
                (kind, claim): text for kind, claim, text in found["boxes"]
            }
            claims = nodes.definition_list(classes=["statements"])
            for claim in listed["chapters"].get(docname, []):
                if ("claim", claim) in boxes:
                    claims += self._statement(claim, boxes, listed)
            made.append(self._section(docname, claims))
        return made

    def _statement(self, claim, boxes, listed):
        term = nodes.term("", "", self._link("ref", f"claim-{claim}", claim))
        body = nodes.definition()
        body += self._mine(boxes["claim", claim])
        line = nodes.paragraph()
        for words, labels in (
            ("Shown by ", listed.get("evidence", {}).get(claim, [])),
            ("You do it in ", listed.get("exercises", {}).get(claim, [])),
        ):
            for number, label in enumerate(labels):
                line += nodes.Text(", " if number else words)
                line += self._place(label)
            line += nodes.Text(". " if labels else "")
        if ("claim-check", claim) in boxes:
            line += nodes.Text("Where this is imprecise or wrong: see the ")
            line += self._link("ref", f"claim-check-{claim}", "claim check")
            line += nodes.Text(".")
        body += line
        return nodes.definition_list_item("", term, body)

    def _place(self, label):
        """Return a link to a figure, an equation or a section."""
        if label.startswith("fig-"):
            return self._link("numref", label, label, explicit=False)
        if label.startswith("eq-"):
            return self._equation(label)
        if label.startswith("written-"):
            return nodes.Text("the written question of its exercise")
        if label.isidentifier():
            return nodes.literal("", label)
        return self._link("ref", label, label, explicit=False)

    def _equation(self, label):
        return addnodes.pending_xref(
            "",
            nodes.literal("", label),
            refdoc=self.env.docname,
            refdomain="math",
            reftype="eq",
            reftarget=label,
            refwarn=True,
        )

    def _figures(self):
        made = []
        for docname, found in self._chapters():
            if not found["figures"]:
                continue
            entries = nodes.bullet_list()
            for label, caption in found["figures"]:
                line = nodes.paragraph()
                line += self._link("numref", label, label, explicit=False)
                line += nodes.Text(": ")
                line += self._mine(caption)
                entries += nodes.list_item("", line)
            made.append(self._section(docname, entries))
        return made

    def _link(self, kind, target, text="", *, explicit=True):
        return addnodes.pending_xref(
            "",
            nodes.inline("", text or target),
            refdoc=self.env.docname,
            refdomain="std",
            reftype=kind,
            reftarget=target if kind in {"doc", "numref"} else target.lower(),
            refexplicit=explicit,
            refwarn=True,
        )

    def _mine(self, copied):
        """Return copies whose references start from this page."""
        again = _copies(copied)
        for node in again:
            for reference in node.findall(addnodes.pending_xref):
                reference["refdoc"] = self.env.docname
        return again


def _copies(children):
    """Return deep copies without ids, which stay where they were."""
    copied = [child.deepcopy() for child in children]
    for child in copied:
        for node in child.findall(nodes.Element):
            node["ids"], node["names"] = [], []
    return copied


def _found(env):
    if not hasattr(env, "course_found"):
        env.course_found = {}
    return env.course_found


def _listings(env):
    if not hasattr(env, "course_listings"):
        env.course_listings = set()
    return env.course_listings


def setup(app):
    """Register the directives, what they collect and what fills them."""
    app.add_node(listing)
    app.add_directive("statements", Listing)
    app.add_directive("figure-list", Listing)
    app.add_post_transform(FillListings)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", outdated)
