"""The slider carries the numbers it was given and loads nothing."""

import json
import re
from html.parser import HTMLParser

import pytest

from rnnlab.plots.slider import forget_slider

BIASES, GATES = [0.0, 2.5], [0.5, 0.924142]
LEFT, STEPS = [[0.25, 0.0], [0.854, 1e-9]], [2, 10_000]


def frames(page):
    """Return the data that the script picks from."""
    return json.loads(re.search(r"frames = (\[.*\]);", page)[1])


def test_every_position_has_its_gate_and_what_is_left():
    """One entry a bias; fractions in per cent; little is not 0."""
    first, second = frames(forget_slider(BIASES, GATES, LEFT, STEPS))
    assert first["value"] == "0"
    assert second["value"] == "2.5"
    assert "0.924142" in second["note"]
    assert first["texts"] == {"left0": "25.00\xa0%", "left1": "0\xa0%"}
    assert second["attributes"]["bar0"] == ["width", "85.40%"]
    assert second["texts"]["left1"] == "below\xa00.01\xa0%"


def test_ids_are_unique_and_the_label_belongs_to_the_input():
    """A screen reader finds the label, a script finds each cell."""
    ids, labels = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, _, attrs):
            attrs = dict(attrs)
            ids.extend(filter(None, [attrs.get("id")]))
            labels.extend(filter(None, [attrs.get("for")]))

    page = forget_slider(BIASES, GATES, LEFT, STEPS, name="a")
    Reader().feed(page)
    assert len(ids) == len(set(ids))
    assert labels == ["a-input"]
    assert {"a-input", "a-left0", "a-left1", "a-bar1"} <= set(ids)
    assert "10,000 steps" in page


def test_nothing_is_loaded_from_anywhere():
    """No address and no source in the element."""
    page = forget_slider(BIASES, GATES, LEFT, STEPS)
    assert not re.search(r"https?:|//|src=|@import", page)


def test_numbers_of_different_lengths_are_refused():
    """A bias without its gate is a mistake of the page."""
    with pytest.raises(ValueError, match="zip"):
        forget_slider(BIASES, GATES[:1], LEFT, STEPS)
