"""Figures become part of the page, so that they follow light and dark mode.

An SVG behind an ``img`` cannot know the page's theme. Inlined, its letters
and axes (drawn in ``rnnlab.plots.INK``) take the colour of the page's text;
all other colours stay as the text names them. A figure without alt text is
a warning, which the strict build turns into an error.
"""

import hashlib
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

#: The same as ``rnnlab.plots.INK``; a test compares.
INK = "#757575"

#: On a screen of 96 pixels an inch, enlarged a little: a figure of the
#: default width then fills the text's column, with letters as large as its.
PIXELS_PER_POINT = 1.2 * 96 / 72

_NOISE = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>"
    r"|<style[^>]*>.*?</style>",
    re.DOTALL,
)
_ROOT = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_VIEW = re.compile(r'viewBox="([^"]+)"')
_NAMES = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')


def inline_svg(text, alt):
    """Return an SVG file as an element of a page.

    Names inside the figure get a prefix of their own, since two figures on
    one page share them otherwise.

    Args:
        text: The file, as matplotlib writes it.
        alt: What the figure shows, for those who cannot see it.

    Raises:
        ValueError: the file has no ``svg`` element with a ``viewBox``.
    """
    prefix = "f" + hashlib.sha256(text.encode()).hexdigest()[:8]
    body = _NOISE.sub("", text)
    root = _ROOT.search(body)
    view = root and _VIEW.search(root[0])
    if not view:
        raise ValueError("no svg element with a viewBox")
    width = float(view[1].split()[2]) * PIXELS_PER_POINT
    inside = body[root.end() :].strip()
    inside = _NAMES.sub(rf"\g<1>{prefix}-\g<2>", inside)
    inside = re.sub(INK, "currentColor", inside, flags=re.IGNORECASE)
    return (
        f'<svg class="figure" role="img" aria-label="{escape(alt)}" '
        f'viewBox="{view[1]}" style="width:{width:.0f}px" '
        'xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink">{inside}'
    )


class InlineFigures(SphinxPostTransform):
    """Replace each computed SVG image by the figure itself."""

    default_priority = 700
    formats = ("html",)

    def run(self, **_options):
        """Go through the page's images; ask each for its alt text."""
        for image in list(self.document.findall(nodes.image)):
            alt = " ".join(image.get("alt", "").split())
            if not alt or "/" in alt.partition(" ")[0]:
                LOGGER.warning(
                    "a figure has no alt text; say under mystnb: image: alt: "
                    "what a reader who cannot see it must know",
                    location=image,
                )
            path = self._computed_svg(image)
            if path is None:
                continue
            svg = inline_svg(path.read_text(encoding="utf-8"), alt)
            image.replace_self(nodes.raw("", svg, format="html"))

    def _computed_svg(self, image):
        uri = image["uri"]
        if not uri.endswith(".svg") or "jupyter_execute" not in uri:
            return None
        path = Path(self.app.srcdir) / uri
        return path if path.is_file() else None


def setup(app):
    """Register the transform."""
    app.add_post_transform(InlineFigures)
