"""A page runs again when what it imports has changed, and only then."""

import ast
import re
from pathlib import Path

import course_fresh
import pytest

ROOT = Path(__file__).resolve().parents[2]

PAGE = """---
kernelspec:
  name: python3
---
```{code-cell} ipython3
---
tags: [hide-input]
---
from kit import one
```

```{code-cell} ipython3
:tags: [remove-input]
%config x = 1
import torch
```
"""


@pytest.fixture
def kit(tmp_path):
    """Lay out a package: one imports two relatively, three stands alone."""
    folder = tmp_path / "kit"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "one.py").write_text("from .two import VALUE\n")
    (folder / "two.py").write_text("VALUE = 2\n")
    (folder / "three.py").write_text("VALUE = 3\n")
    return folder


def test_page_reaches_what_its_cells_import(kit):
    """A page's files are those its imports run, however far down."""
    names = course_fresh.imported("from kit import one")
    found = course_fresh.reached(names, {"kit": kit})
    assert [path.name for path in found] == ["__init__.py", "one.py", "two.py"]


@pytest.mark.parametrize(
    ("changed", "again"),
    [("one.py", True), ("two.py", True), ("three.py", False)],
)
def test_key_changes_with_a_module_that_is_reached(kit, changed, again):
    """A page runs again for modules that it imports, and for no others."""
    before = course_fresh.page_key(PAGE, {"kit": kit})
    assert course_fresh.page_key(PAGE, {"kit": kit}) == before
    (kit / changed).write_text("VALUE = 4\nfrom .two import VALUE as other\n")
    after = course_fresh.page_key(PAGE, {"kit": kit})
    assert (after != before) == again


def test_key_changes_with_data_beside_a_module(kit):
    """JSON next to a module counts: modules read it when imported."""
    before = course_fresh.page_key(PAGE, {"kit": kit})
    (kit / "numbers.json").write_text("[1]")
    assert course_fresh.page_key(PAGE, {"kit": kit}) != before


def test_key_changes_with_a_recorded_result(kit, tmp_path):
    """A page that reads book/results runs again when a result changes."""
    results = tmp_path / "results"
    results.mkdir()
    keys = set()
    for value in ("1", "2"):
        (results / "run.json").write_text(value)
        page = PAGE.replace("import torch", 'open("results/run.json")')
        keys.add(course_fresh.page_key(page, {"kit": kit}, results))
    assert len(keys) == 2


def test_key_goes_where_jupyter_cache_hashes():
    """The key stands in the kernelspec, and only once."""
    text = course_fresh.with_key(PAGE)
    assert text.count("course_key: ") == 1
    assert re.search(r"kernelspec:\n  course_key: \w{16}\n", text)


def test_cells_are_found_in_every_chapter():
    """The reader of cells sees as many as a chapter has fences."""
    chapters = sorted((ROOT / "book").glob("[0-9][0-9]-*.md"))
    for chapter in chapters:
        text = chapter.read_text(encoding="utf-8")
        codes = list(course_fresh.cells(text))
        assert len(codes) == len(
            re.findall(r"^`{3,}\{code-cell\}", text, re.MULTILINE)
        )
        for code in codes:
            ast.parse(code)
