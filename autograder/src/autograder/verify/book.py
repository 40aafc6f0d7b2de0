"""What the book owes: one home for each equation and each claim."""

import re
import tomllib
from collections import Counter

_LABEL = re.compile(
    r"^:label:\s*(eq-[\w-]+)\s*$|^\$\$\s*\((eq-[\w-]+)\)", re.MULTILINE
)
_MENTION = re.compile(r"\beq-[a-z]+(?:-[a-z]+)*\b")
#: Where a label is at home: a figure's name, an equation's or a target.
_HOME = r"^\s+name: {0}$|^:label: {0}$|^\({0}\)=$"
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
    listed = _listed(repository)
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


def evidence(repository):
    """Yield claims that nothing on their page shows, or no exercise names."""
    listed = _listed(repository)
    for chapter, ids in listed["chapters"].items():
        text = (repository / "book" / f"{chapter}.md").read_text("utf-8")
        for claim in ids:
            if not listed["evidence"].get(claim):
                yield (
                    f"book/claims.toml has no evidence for {claim}. Name the "
                    "figure, equation or section that shows it."
                )
            for label in listed["evidence"].get(claim, []):
                if not re.search(
                    _HOME.format(re.escape(label)), text, re.MULTILINE
                ):
                    yield (
                        f"{claim} is shown by {label}, says book/claims.toml; "
                        f"book/{chapter}.md has nothing of that name."
                    )
    asked = "".join(
        path.read_text("utf-8")
        for path in sorted((repository / "solutions").glob("[0-9]*/*.md"))
    )
    for claim, tasks in listed["exercises"].items():
        for task in tasks:
            if not re.search(
                rf"^(# grade|<!-- solution): {task}\b", asked, re.MULTILINE
            ):
                yield (
                    f"{claim} is done in {task}, says book/claims.toml; no "
                    "exercise asks for it."
                )


def _listed(repository):
    text = (repository / "book" / "claims.toml").read_text("utf-8")
    return tomllib.loads(text)
