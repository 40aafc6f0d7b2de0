"""The build is strict, and runs again what it must.

Each test builds a small book of its own with this book's configuration and
extension, so the extension takes the small book's folders for the course's.
"""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page

## A section

"""

FIGURE = """```{code-cell} ipython3
---
mystnb:
  image: {alt: A line that rises from zero to one along both axes.}
---
from matplotlib_inline.backend_inline import set_matplotlib_formats
import matplotlib.pyplot as plt

set_matplotlib_formats("svg")
plt.plot([0, 1]);
```
"""


@pytest.fixture
def small(tmp_path):
    """Return the folder of a small course, with a book of one page."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    book = tmp_path / "book"
    book.mkdir()
    for name in ("_config.yml", "references.bib"):
        shutil.copy(ROOT / "book" / name, book)
    for name in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / name, book / name)
    (book / "_toc.yml").write_text("format: jb-book\nroot: page\n")
    reference = tmp_path / "solutions" / "reference"
    reference.mkdir(parents=True)
    (reference / "__init__.py").write_text("")
    (reference / "used.py").write_text("VALUE = 'first value'\n")
    (reference / "unused.py").write_text("")
    return tmp_path


def write(course, body):
    """Write the page of a small course."""
    (course / "book" / "page.md").write_text(HEAD + body)


def test_figure_is_part_of_the_page(small, strict_build):
    """A computed figure is inlined, with its alt text as its name."""
    write(small, FIGURE)
    result = strict_build(small / "book")
    assert result.returncode == 0, result.stderr
    page = (small / "book/_build/html/page.html").read_text()
    assert '<svg class="figure" role="img" aria-label="A line that' in page
    assert "unpkg" not in page
    assert "cdn" not in page.lower()


#: A page's body to what the build must say about it.
FAULTS = {
    "no-alt": (FIGURE.replace("image:", "other:"), "no alt text"),
    "no-figure": ("{numref}`nowhere`\n", "nowhere"),
    "no-source": ("{cite:t}`nobody1900`\n", "nobody1900"),
    "no-page": ("[x](nowhere.md)\n", "nowhere"),
    "no-id": ("```{claim} seven\ntext\n```\n", "no id of a statement"),
    "empty": ("```{claim} E1\n```\n", "box is empty"),
    "quiz": ("```{quiz}\n- question: x\n```\n", "fewer than two answers"),
    "exercise": ("```{exercise-button} 99-no/no\n```\n", "99-no/no.ipynb"),
    "stderr": (
        "```{code-cell} ipython3\nimport warnings\nwarnings.warn('w')\n```\n",
        "stderr",
    ),
}


def test_each_fault_is_a_warning_that_fails_the_build(small, strict_build):
    """What is broken is named with its page, and the build fails."""
    write(small, "Sound.\n")
    toc = ["format: jb-book", "root: page", "chapters:"]
    for name, (body, _) in FAULTS.items():
        (small / f"book/{name}.md").write_text(HEAD + body)
        toc.append(f"  - file: {name}")
    (small / "book/_toc.yml").write_text("\n".join(toc))
    result = strict_build(small / "book")
    assert result.returncode != 0
    log = (result.stdout + result.stderr).splitlines()
    for name, (_, reason) in FAULTS.items():
        about = "\n".join(
            "\n".join(log[i : i + 12])
            for i, line in enumerate(log)
            if f"/{name}.md" in line and ("WARNING" in line or "ERROR" in line)
        )
        assert reason in about, name
    assert not any("/page.md" in line and "WARN" in line for line in log)


def test_failing_cell_ends_the_build(small, strict_build):
    """A cell that raises fails the build and shows its traceback."""
    write(small, "```{code-cell} ipython3\n1 / 0\n```\n")
    result = strict_build(small / "book")
    assert result.returncode != 0
    assert "ZeroDivisionError" in result.stdout + result.stderr


def test_page_runs_again_for_what_it_imports(small, strict_build):
    """A changed module runs its pages again; any other leaves the cache."""
    write(
        small,
        "```{code-cell} ipython3\n"
        "from reference.used import VALUE\n\nprint(VALUE)\n```\n",
    )
    reference = small / "solutions" / "reference"
    html = small / "book/_build/html/page.html"

    first = strict_build(small / "book")
    assert first.returncode == 0, first.stderr
    assert "Executing notebook" in first.stdout + first.stderr
    assert "first value" in html.read_text()

    (reference / "unused.py").write_text("CHANGED = True\n")
    second = strict_build(small / "book")
    assert "Executing notebook" not in second.stdout + second.stderr

    (reference / "used.py").write_text("VALUE = 'second value'\n")
    third = strict_build(small / "book")
    assert third.returncode == 0, third.stderr
    assert "Executing notebook" in third.stdout + third.stderr
    assert "second value" in html.read_text()


def test_chapter_that_is_left_out_says_so(small, strict_build):
    """Its page stays, with a note on top and no way to its exercise."""
    write(small, "Sound.\n\n```{exercise-button} page/page\n```\n")
    file = small / "pyproject.toml"
    text = file.read_text().replace("leave_out = []", 'leave_out = ["page"]')
    file.write_text(text)
    result = strict_build(small / "book")
    assert result.returncode == 0, result.stderr
    page = (small / "book/_build/html/page.html").read_text()
    assert "Your class leaves out this chapter" in page
    assert "Your class leaves out this one." in page
    assert "Open in Colab" not in page
