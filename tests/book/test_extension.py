"""The parts of the book's Sphinx extension, one fact a test."""

import re
import tomllib
from pathlib import Path

import course_exercise
import course_figures
import course_house
import course_quiz
import course_together
import pytest
from docutils import nodes
from docutils.utils import new_document

from rnnlab import plots

ROOT = Path(__file__).resolve().parents[2]
LIGHT, DARK = "#ffffff", "#121212"

SVG = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "x" "y">
<svg xmlns:xlink="x" width="360pt" height="180pt" viewBox="0 0 360 180">
 <metadata><a>noise</a></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <!-- a comment -->
 <path id="p1" style="fill: #757575" clip-path="url(#c1)"/>
 <use xlink:href="#p1" style="fill: #1F77B8"/>
</svg>
"""


def luminance(colour):
    """Return the relative luminance of #rrggbb, as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast ratio of two colours, from 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_wcag_s():
    """Black on white has the largest ratio there is."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", [LIGHT, DARK])
@pytest.mark.parametrize("colour", [*plots.PALETTE.values(), plots.INK])
def test_figure_colours_stand_out_in_both_modes(colour, ground):
    """Lines have 3:1 on the page's ground, light or dark."""
    assert contrast(colour, ground) >= 3


def test_style_sheet_s_texts_stand_out():
    """Each colour of text has 4.5:1 on the page and on its box."""
    css = (ROOT / "book/_static/course.css").read_text(encoding="utf-8")
    for block, page in zip(
        re.findall(r"^html[^{]*\{([^}]*)\}", css, re.MULTILINE)[:2],
        (LIGHT, DARK),
        strict=True,
    ):
        colours = dict(re.findall(r"--course-([\w-]+): (#\w{6})", block))
        for name in ("claim", "check", "right", "wrong"):
            assert contrast(colours[name], page) >= 4.5, (name, page)
        for name in ("claim", "check"):
            ground = colours[f"{name}-ground"]
            assert contrast(colours[name], ground) >= 4.5, (name, page)
        assert contrast(colours["line"], page) >= 3


def test_ink_is_the_same_in_figures_and_pages():
    """The extension looks for the very colour that plots draw letters in."""
    assert course_figures.INK == plots.INK


def test_svg_takes_the_page_s_colour_and_keeps_others():
    """Ink becomes currentColor; a line's colour stays."""
    svg = course_figures.inline_svg(SVG, "A curve.")
    assert "currentColor" in svg
    assert plots.INK not in svg
    assert "#1F77B8" in svg


def test_svg_says_what_it_shows_and_carries_no_noise():
    """Alt text is escaped; styles that would reach the page are gone."""
    svg = course_figures.inline_svg(SVG, 'A <b> "curve".')
    assert 'role="img"' in svg
    assert "A &lt;b&gt; &quot;curve&quot;." in svg
    for noise in ("<style", "<!--", "DOCTYPE", "metadata"):
        assert noise not in svg


def test_two_figures_share_no_name():
    """Names get a prefix that depends on the figure, in all three forms."""
    ids = []
    for text in (SVG, SVG.replace("180pt", "181pt")):
        svg = course_figures.inline_svg(text, "A curve.")
        (name,) = re.findall(r'\bid="([^"]+)"', svg)
        assert f'href="#{name}"' in svg
        assert f"url(#{name[:10]}c1)" in svg
        ids.append(name)
    assert ids[0] != ids[1]


def test_file_that_is_no_svg_is_refused():
    """A broken figure is an error, not an empty place on the page."""
    with pytest.raises(ValueError, match="viewBox"):
        course_figures.inline_svg("<html></html>", "A curve.")


RIGHT = {"text": "yes", "correct": True, "feedback": "why"}
WRONG = {"text": "no", "correct": False, "feedback": "why not"}


def test_complete_quiz_has_no_problem():
    """One right and one wrong answer with feedback are enough."""
    quiz = [{"question": "?", "answers": [RIGHT, WRONG]}]
    assert course_quiz.problems(quiz) == []


@pytest.mark.parametrize(
    ("quiz", "fault"),
    [
        ({}, "YAML list"),
        ([], "YAML list"),
        ([{"answers": [RIGHT, WRONG]}], "no `question`"),
        ([{"question": "?", "answers": [RIGHT]}], "fewer than two"),
        ([{"question": "?"}], "fewer than two"),
        ([{"question": "?", "answers": [RIGHT, RIGHT]}], "has 2 answers"),
        ([{"question": "?", "answers": [WRONG, WRONG]}], "has 0 answers"),
        (
            [{"question": "?", "answers": [RIGHT, WRONG | {"feedback": ""}]}],
            "without `feedback`",
        ),
    ],
)
def test_incomplete_quiz_is_named(quiz, fault):
    """Each fault of a quiz has a sentence of its own."""
    assert fault in " ".join(course_quiz.problems(quiz))


def test_buttons_follow_pyproject():
    """Both links are built from [tool.course] alone."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert (
        course_house.course_address()
        == (tomllib.loads(text)["tool"]["course"])
    )
    address = {"repository": "https://github.com/a/b", "branch": "c"}
    colab = course_exercise.colab_url("04-lstm/lstm", address)
    assert colab == (
        "https://colab.research.google.com/github/a/b/blob/c/"
        "exercises/04-lstm/lstm.ipynb"
    )
    github = course_exercise.github_url("04-lstm/lstm", address)
    assert github == (
        "https://github.com/a/b/blob/c/exercises/04-lstm/lstm.ipynb"
    )


def test_mathjax_is_the_package_s_third_version():
    """The installed package carries MathJax 3, which Sphinx 7 speaks."""
    source = course_house.mathjax_source()
    for name in course_house.MATHJAX_FILES:
        assert (source / name).exists(), name
    text = (source / course_house.MATHJAX).read_text(encoding="utf-8")
    assert 'VERSION="3.' in text or 'version:"3.' in text


def together(*parts):
    """Return a paragraph of formulas and texts after the transform."""
    document = new_document("a page")
    children = [
        nodes.math("", part[1:-1]) if part[0] == "$" else nodes.Text(part)
        for part in parts
    ]
    document += nodes.paragraph("", "", *children)
    course_together.KeepTogether(document).run()
    return [
        (child.astext(), child.get("classes", []))
        if isinstance(child, nodes.Element)
        else child.astext()
        for child in document[0]
    ]


def test_punctuation_stays_with_the_formula_before_it():
    """The mark moves into the formula's span; the rest stays outside."""
    assert together("so ", "$x$", "), and ", "$y$", ".") == [
        "so ",
        ("x),", ["together"]),
        " and ",
        ("y.", ["together"]),
    ]
    assert together("$x$", " is", "$y$") == [("x", []), " is", ("y", [])]


def test_long_names_in_code_may_break():
    """After underscores, dots and slashes inside a name, nowhere else."""
    body = (
        '<a href="a_b.html">a_b</a><code><span class="pre">a_b.c/d_</span>'
        " x_y</code>"
    )
    context = {"body": body}
    course_house.mend_body(None, "page", "page.html", context, None)
    assert context["body"] == body.replace(
        "a_b.c/d_</span>", "a_<wbr>b.<wbr>c/<wbr>d_</span>"
    )
