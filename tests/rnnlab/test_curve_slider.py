"""The moving curves carry their numbers, as lines and as a table."""

import json
import re
from html.parser import HTMLParser

import pytest

from rnnlab.plots.curve_slider import curve_slider

POSITIONS = [0.5, 1.5]
CURVES = {
    "a < b": [[1, 1e-2, 1e-4], [1, 1e2, 1e4]],
    "second": [[1, 1e-30, 1e-60], [1, 1, 1]],
}
SETTINGS = {
    "label": "Radius:",
    "axis": "lag",
    "alt": "Two curves that follow the slider.",
    "decades": (-10, 10),
    "lags": (1, 2),
    "notes": ["It falls.", "It rises."],
}


def page(**changes):
    """Return the slider of the cases above."""
    settings = SETTINGS | changes
    return curve_slider(POSITIONS, CURVES, settings=settings, name="r")


def frames(text):
    """Return the data that the script picks from."""
    return json.loads(re.search(r"frames = (\[.*\]);", text)[1])


def corners(frame, line):
    """Return the corners of a curve as numbers."""
    key, points = frame["attributes"][line]
    assert key == "points"
    return [tuple(map(float, p.split(","))) for p in points.split()]


def test_lines_are_linear_in_the_logarithm():
    """Equal factors are equal heights; growth goes up."""
    falls, rises = (corners(f, "line0") for f in frames(page()))
    (x0, y0), (x1, y1), (x2, y2) = falls
    assert x1 - x0 == pytest.approx(x2 - x1)
    assert y2 - y1 == pytest.approx(y1 - y0, abs=0.2)
    assert y1 > y0
    assert rises[1][1] - rises[0][1] == pytest.approx(y0 - y1, abs=0.2)


def test_what_is_below_the_window_is_drawn_outside_it():
    """Too small a number neither fails nor shows at the edge."""
    first, _ = frames(page())
    *_, (_, lowest) = corners(first, "line1")
    (_, bottom) = max(corners(first, "line0"), key=lambda c: c[1])
    assert lowest > bottom
    window = re.search(r'<rect x="\d+" y="(\d+)" [^>]*height="(\d+)"', page())
    assert lowest > int(window[1]) + int(window[2])


def test_the_table_has_the_same_numbers_and_the_notes_are_said():
    """Every curve and lag has a cell with its number."""
    first, second = frames(page())
    assert first["value"] == "0.50"
    assert [first["note"], second["note"]] == SETTINGS["notes"]
    assert first["texts"]["cell0-1"] == "0.01"
    assert second["texts"]["cell0-2"] == "1\xa0\N{MULTIPLICATION SIGN}\xa010⁴"
    assert second["texts"]["cell1-2"] == "1"


def test_every_part_that_the_script_fills_is_there_once():
    """Each id of the frames stands in the body, and only once."""
    ids = []

    class Reader(HTMLParser):
        def handle_starttag(self, _, attrs):
            ids.extend(v for k, v in attrs if k == "id")

    text = page()
    Reader().feed(text)
    assert len(ids) == len(set(ids))
    for frame in frames(text):
        parts = {*frame["texts"], *frame["attributes"]}
        assert {f"r-{part}" for part in parts} <= set(ids)


def test_labels_are_escaped_and_nothing_is_loaded():
    """A label is text; no address stands in the element."""
    text = page()
    assert "a &lt; b" in text
    assert not re.search(r"https?:|//|src=|@import", text)


def test_a_note_for_each_position():
    """A position without its sentence is a mistake of the page."""
    with pytest.raises(ValueError, match="zip"):
        page(notes=["only one"])


def test_the_table_says_what_its_columns_are():
    """Lags, or what the page names instead."""
    assert "gradient at lag</th>" in page()
    named = page(heading="blocks < back")
    assert "blocks &lt; back</th>" in named
    assert "lag</th>" not in named
