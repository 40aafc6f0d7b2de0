"""One docutils node for an HTML element that docutils has no name for."""

from docutils import nodes


class html_element(nodes.General, nodes.TextElement):  # noqa: N801  docutils' way
    """An HTML element with a tag, attributes and children.

    Builders other than HTML write the children alone.
    """


def element(tag, *children, **attributes):
    """Return an ``html_element``.

    Args:
        tag: Name of the element, "details" for instance.
        *children: Nodes inside it; a string becomes a text node.
        **attributes: HTML attributes; ``class_`` is ``class``, other
            underscores become hyphens.
    """
    names = {
        name.rstrip("_").replace("_", "-"): value
        for name, value in attributes.items()
    }
    inside = [
        nodes.Text(child) if isinstance(child, str) else child
        for child in children
    ]
    identifiers = [names.pop("id")] if "id" in names else []
    return html_element("", "", *inside, tag=tag, html=names, ids=identifiers)


def _open(translator, node):
    translator.body.append(
        translator.starttag(node, node["tag"], "", **node["html"])
    )


def _close(translator, node):
    translator.body.append(f"</{node['tag']}>")


def _ignore(translator, node):
    pass


def setup(app):
    """Register the node, once."""
    if "html_element" not in app.registry.translation_handlers.get("html", {}):
        app.add_node(
            html_element,
            html=(_open, _close),
            latex=(_ignore, _ignore),
            text=(_ignore, _ignore),
        )
