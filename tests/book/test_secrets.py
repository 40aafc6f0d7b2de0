"""The book carries no solution but on the pages that are made for it."""

import html
import io
import re
import tokenize
from pathlib import Path

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
WINDOW = 3


def statements(code):
    """Return the lines of Python code, without comments and layout."""
    lines = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in {tokenize.COMMENT, tokenize.STRING}:
            continue
        line = " ".join(token.line.split())
        if token.string.strip() and (not lines or lines[-1] != line):
            lines.append(line)
    return [
        line
        for line in lines
        if not line.startswith(("import ", "from ", "#", '"""', "@"))
    ]


def secrets():
    """Yield runs of three lines of the reference implementations."""
    for path in sorted((ROOT / "solutions/reference").glob("**/*.py")):
        if path.name == "__init__.py":  # names, which learners are given
            continue
        lines = statements(path.read_text(encoding="utf-8"))
        for start in range(len(lines) - WINDOW + 1):
            run = lines[start : start + WINDOW]
            if sum(map(len, run)) > 60:
                yield path.name, run


def shown(page):
    """Return what a page of HTML shows, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def squeezed(text):
    """Return text without quotes, escapes and space."""
    return re.sub(r"\s|\\n|\\|\"|'", "", text)


def test_highlighted_secret_would_be_found():
    """The search sees code through the spans of the highlighter."""
    for _, run in secrets():
        code = "\n".join(run)
        page = highlight(code, PythonLexer(), HtmlFormatter())
        assert squeezed(code) in squeezed(shown(page))


def test_no_page_carries_reference_code(built_book):
    """No three successive lines of a reference stand on another page."""
    runs = list(secrets())
    assert runs, "there are references to look for"
    suffixes = {".html", ".txt", ".md", ".ipynb", ".json"}
    found = []
    for page in built_book.rglob("*"):
        if page.suffix not in suffixes or "mathjax" in page.parts:
            continue
        if page.parent == built_book / "solutions":
            continue
        source = page.read_text(encoding="utf-8")
        text = squeezed(source) + squeezed(shown(source))
        found += [
            (page.name, name, run)
            for name, run in runs
            if squeezed("\n".join(run)) in text
        ]
    assert found == []
