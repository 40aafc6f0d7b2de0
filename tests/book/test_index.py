"""Pages made from the others: statements, figures, worked exercises."""

import html
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "book").glob("[0-9][0-9]-*.md"))
LISTED = tomllib.loads((ROOT / "book/claims.toml").read_text("utf-8"))
FIRST_LINE = re.compile(r"^```+\{claim\} \w+\n(.*)$", re.MULTILINE)
STATEMENTS = [i for ids in LISTED["chapters"].values() for i in ids]


#: What typography makes of characters that are typed.
TYPED = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u2019": "'", "\u2026": "..."}
)


def plain(page):
    """Return a page's text without tags, its characters as they were typed."""
    text = html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8")))
    return text.translate(TYPED)


def test_every_statement_is_listed_with_what_shows_it(built_book):
    """Each id links to its box and is followed by its evidence."""
    page = (built_book / "statements.html").read_text("utf-8")
    terms = re.split(r"<dt[ >]", page)[1:]
    assert len(terms) == len(STATEMENTS)
    for claim, entry in zip(STATEMENTS, terms, strict=True):
        assert f"#claim-{claim}" in entry
        assert "Shown by" in entry, claim
        checked = any(claim in ids for ids in LISTED["claim-checks"].values())
        assert (f"#claim-check-{claim}" in entry) == checked
        for task in LISTED["exercises"].get(claim, []):
            said = "written question" if task.startswith("written") else task
            assert said in entry.replace("<wbr>", "")


def test_a_statement_s_words_are_those_of_its_box(built_book):
    """The list copies the boxes; the first words of each are in it."""
    listed = " ".join(plain(built_book / "statements.html").split())
    for chapter in CHAPTERS:
        text = chapter.read_text("utf-8")
        for words in re.findall(
            r"^```+\{claim\} \w+\n(.*)$", text, re.MULTILINE
        ):
            start = re.split(r"[$`{\[*]", words)[0].strip()
            assert start in listed, words


def test_every_figure_is_listed_with_its_number(built_book):
    """As many entries as figures, each with the number of its chapter."""
    page = plain(built_book / "figures.html")
    for chapter in CHAPTERS:
        number = int(chapter.stem[:2])
        names = re.findall(
            r"^\s+name: fig-", chapter.read_text("utf-8"), re.MULTILINE
        )
        found = re.findall(rf"Fig\. {number}\.(\d+): \w", page)
        assert sorted(map(int, found)) == list(range(1, len(names) + 1))


def test_every_task_has_its_worked_solution(built_book):
    """Each graded function stands folded on its chapter's page."""
    for source in sorted((ROOT / "solutions").glob("[0-9]*/*.md")):
        page = plain(built_book / f"solutions/{source.parent.name}.html")
        text = source.read_text("utf-8")
        tasks = re.findall(r"^# grade: (\w+)$", text, re.MULTILINE)
        assert tasks
        for task in tasks:
            assert f"The solution: {task}" in page
            assert f"def {task}(" in page
        assert "The model answer and its rubric" in page
        assert "SOLUTION" not in page


def test_an_instructor_can_leave_the_solutions_out(
    built_book, strict_build, tmp_path
):
    """The table of contents of SOLUTIONS=0 makes a book without them."""
    toc = "book/_toc-without-solutions.yml"
    subprocess.run(["make", toc], cwd=ROOT, check=True, capture_output=True)
    cache = ".jupyter_cache"
    shutil.copytree(built_book.parent / cache, tmp_path / "_build" / cache)
    result = strict_build(
        ROOT / "book", "--toc", ROOT / toc, "--path-output", tmp_path
    )
    assert result.returncode == 0, result.stderr[-2000:]
    made = tmp_path / "_build" / "html"
    assert (made / "statements.html").is_file()
    assert not (made / "solutions").exists()
    for page in made.glob("*.html"):
        assert "The solution:" not in page.read_text("utf-8")
