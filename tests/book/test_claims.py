"""Every statement of the covered sections has its place in the book."""

import re
from collections import Counter
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[2] / "book"
FENCE = re.compile(
    r"^`{3,}\{(claim(?:-check)?)\} ([A-Z]\d+)\s*$", re.MULTILINE
)

#: A chapter's file to the statements of its section, and to those that need
#: a claim check: where the lecture is imprecise or wrong.
SECTIONS = {
    "01-vanishing-gradients": ([f"V{i}" for i in range(1, 6)], {"V4", "V5"}),
    "02-long-distance": (
        [f"W{i}" for i in range(1, 8)],
        {"W3", "W5", "W6"},
    ),
    "03-exploding-gradients": ([f"E{i}" for i in range(1, 8)], {"E7"}),
    "04-lstm": ([f"L{i}" for i in range(1, 10)], {"L7"}),
    "05-gru": (["G1", "G2", "G3"], {"G2", "G3"}),
    "06-lstm-or-gru": (
        [f"C{i}" for i in range(1, 6)],
        {"C1", "C2", "C5"},
    ),
    "07-skip-connections": (
        [f"A{i}" for i in range(1, 7)],
        {"A2", "A3", "A6"},
    ),
    "08-bidirectional": (["B1", "B2", "B3", "B4"], {"B4"}),
    "09-stacked": ([f"M{i}" for i in range(1, 6)], {"M3"}),
    "10-translation": ([f"T{i}" for i in range(1, 6)], {"T1", "T2"}),
    "11-beyond": (["T6", "T7"], {"T6", "T7"}),
}


def boxes(page):
    """Return how often each (kind, id) stands in a page's source."""
    text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    return Counter(FENCE.findall(text))


@pytest.mark.parametrize("page", SECTIONS)
def test_chapter_states_each_statement_once(page):
    """A chapter has one claim box for every id of its section."""
    ids, checked = SECTIONS[page]
    found = boxes(page)
    claims = {id_: n for (kind, id_), n in found.items() if kind == "claim"}
    assert claims == dict.fromkeys(ids, 1)
    checks = {id_ for kind, id_ in found if kind == "claim-check"}
    assert checks >= checked
    assert checks <= set(ids)


def test_table_names_every_chapter():
    """A new chapter needs a row in SECTIONS."""
    chapters = {path.stem for path in BOOK.glob("[0-9][0-9]-*.md")}
    assert chapters == set(SECTIONS)
