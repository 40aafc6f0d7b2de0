"""Every page as a reader meets it: on a desk and a phone, light and dark."""

from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]

BOOK = Path(__file__).resolve().parents[2] / "book"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def pages():
    """Return the names of the book's pages, in the order of _toc.yml."""

    def walk(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in {"root", "file"}:
                    yield value
                else:
                    yield from walk(value)
        elif isinstance(node, list):
            for item in node:
                yield from walk(item)

    text = (BOOK / "_toc.yml").read_text(encoding="utf-8")
    return [*walk(yaml.safe_load(text)), "search", "genindex"]


class Reading:
    """A page that was opened, with all that went wrong on the way.

    Attributes:
        page: Playwright's page, loaded and typeset.
        errors: Errors of the console, of scripts and of requests.
        foreign: Addresses that the page asked another host for.
    """

    def __init__(self, page, site, name):
        self.page, self.errors, self.foreign = page, [], []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._request(request, site))
        page.on("response", self._response)
        page.goto(f"{site}/{name}.html", wait_until="load")
        page.wait_for_load_state("networkidle")
        page.evaluate("() => window.MathJax?.startup?.promise")

    def _console(self, message):
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _request(self, request, site):
        if not request.url.startswith((site, "data:", "blob:")):
            self.foreign.append(request.url)

    def _response(self, response):
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")


@pytest.fixture(params=[(1400, 900), (390, 844)], ids=["desk", "phone"])
def size(request):
    """Return the width and height of a window."""
    return dict(zip(("width", "height"), request.param, strict=True))


@pytest.fixture(params=["light", "dark"])
def mode(request):
    """Return the theme's mode."""
    return request.param


@pytest.fixture(params=pages())
def reading(request, browser, site, size, mode):
    """Return one page, opened in one window and one mode."""
    context = browser.new_context(viewport=size, color_scheme=mode)
    context.add_init_script(
        f"localStorage.setItem('mode', '{mode}');"
        f"localStorage.setItem('theme', '{mode}');"
    )
    yield Reading(context.new_page(), site, request.param)
    context.close()


def test_page_is_sound(reading, mode, axe_script):
    """A page loads alone, typesets, fits the window and can be read by all.

    One test looks at everything, since opening a page costs the most.
    """
    page = reading.page
    assert page.evaluate("document.documentElement.dataset.theme") == mode
    assert reading.foreign == []
    assert reading.errors == []
    assert page.evaluate(_OVERFLOW) == []
    assert page.evaluate(_NOT_TYPESET) == []
    assert page.evaluate(_NO_ALT) == []
    page.evaluate(axe_script)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags})",
        WCAG,
    )
    assert [_in_words(violation) for violation in found["violations"]] == []


def _in_words(violation):
    nodes = violation["nodes"]
    where = [(node["target"], node["failureSummary"]) for node in nodes[:3]]
    return f"{violation['id']}: {violation['help']} {where}"


#: What sticks out of the window, and is not in a box that scrolls.
_OVERFLOW = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= window.innerWidth) return [];
  return [...document.querySelectorAll("main *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
    .map((node) => node.outerHTML.slice(0, 80))
    .concat(`page is ${page.scrollWidth} wide`);
}"""

#: Formulas left as TeX, with an error in them, or mute to a screen reader.
_NOT_TYPESET = """() =>
  [...document.querySelectorAll(".math")]
    .filter(
      (node) =>
        !node.querySelector("mjx-container mjx-assistive-mml math") ||
        node.querySelector("mjx-merror, [data-mjx-error]")
    )
    .map((node) => node.textContent)
"""

#: Images and figures without alt text, or with a file's name for it.
_NO_ALT = """() => {
  const named = [...document.querySelectorAll("main img, main svg.figure")];
  return named
    .filter((node) => {
      const alt = node.getAttribute("alt") ?? node.getAttribute("aria-label");
      return !alt || alt.length < 20 || /\\.(svg|png)$|^\\S+$/.test(alt);
    })
    .map((node) => node.outerHTML.slice(0, 120));
}"""
