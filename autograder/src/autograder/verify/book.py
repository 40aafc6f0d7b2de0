"""What the book owes: one home for each equation and each claim."""

import re
import tomllib
from collections import Counter

_LABEL = re.compile(
    r"^:label:\s*(eq-[\w-]+)\s*$|^\$\$\s*\((eq-[\w-]+)\)", re.MULTILINE
)
_MENTION = re.compile(r"\beq-[a-z]+(?:-[a-z]+)*\b")
_BOX = re.compile(
    r"^(?:`{3,}|:{3,})\{(claim|claim-check)\}\s+([A-Z]\d+)", re.MULTILINE
)


def labels(repository):
    """Yield equations of the book without code, and the other way round."""
    pages = sorted((repository / "book").glob("*.md"))
    homes = Counter(
        left or right
        for page in pages
        for left, right in _LABEL.findall(page.read_text("utf-8"))
    )
    code = {}
    for folder in ("solutions/reference", "autograder/src/rnnlab"):
        for file in sorted((repository / folder).rglob("*.py")):
            for label in _MENTION.findall(file.read_text("utf-8")):
                code.setdefault(label, file.relative_to(repository))
    for label, count in homes.items():
        if count > 1:
            yield f"{label} labels {count} equations; keep one."
        if label not in code:
            yield (
                f"{label} is in the book and in no code. Write it beside the "
                "statement that computes it, or drop the label."
            )
    for label, file in code.items():
        if label not in homes:
            yield f"{file} names {label}, which no page of the book labels."


def claims(repository):
    """Yield claims without a box on their page, and boxes without a claim."""
    listed = tomllib.loads(
        (repository / "book" / "claims.toml").read_text("utf-8")
    )
    for kind, chapters in (
        ("claim", listed["chapters"]),
        ("claim-check", listed["claim-checks"]),
    ):
        for chapter, ids in chapters.items():
            text = (repository / "book" / f"{chapter}.md").read_text("utf-8")
            found = Counter(
                claim for box, claim in _BOX.findall(text) if box == kind
            )
            for claim in ids:
                if found[claim] != 1:
                    yield (
                        f"book/{chapter}.md has {found[claim]} {{{kind}}} "
                        f"boxes for {claim}; it needs one."
                    )
            for claim in found.keys() - set(ids):
                yield (
                    f"book/{chapter}.md has a {{{kind}}} box for {claim}, "
                    "which book/claims.toml does not list."
                )
