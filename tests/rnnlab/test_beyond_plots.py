"""What stands in the figures of chapter 11 is what they were given."""

import matplotlib.pyplot as plt
import pytest

from rnnlab.plots import beyond

SPANS = [[1, 1, 1, 1, 1], [1, 2, 2, 2, 2], [1, 2, 3, 4, 4], [1, 2, 3, 4, 5]]


@pytest.fixture
def ax():
    """Return fresh axes that are closed afterwards."""
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_scan_shows_each_number_where_it_belongs(ax):
    """A text at (step, round) for every pair."""
    assert beyond.draw_scan(SPANS, ax=ax) is ax
    shown = {t.get_position(): t.get_text() for t in ax.texts}
    assert shown == {
        (step, level): str(span)
        for level, row in enumerate(SPANS)
        for step, span in enumerate(row, 1)
    }


def test_slanted_lines_reach_back_by_what_the_pair_stood_for(ax):
    """One for each pair that grew, from the step just before its span."""
    beyond.draw_scan(SPANS, ax=ax)
    slanted = {
        tuple(map(int, (*line.get_xdata(), line.get_ydata()[0])))
        for line in ax.lines
        if line.get_xdata()[0] != line.get_xdata()[1]
    }
    assert slanted == {
        *((step - 1, step, 0) for step in (2, 3, 4, 5)),
        *((step - 2, step, 1) for step in (3, 4, 5)),
        (1, 5, 2),
    }


def test_finished_pairs_have_another_shape(ax):
    """Colour is not the only sign."""
    beyond.draw_scan(SPANS, ax=ax)
    for text in ax.texts:
        step, _ = text.get_position()
        box = type(text.get_bbox_patch().get_boxstyle()).__name__
        assert (box == "Circle") == (int(text.get_text()) == step)


def test_dots_and_medians_stand_in_their_rows(ax):
    """All runs, and a bar at the middle one."""
    series = {"one": [0.1, 0.4, 0.2], "two": [0.9, 0.8, 0.7]}
    assert beyond.runs_as_dots(series, ax=ax) is ax
    found = [(*map(list, line.get_data()),) for line in ax.lines]
    assert found == [
        ([0.1, 0.4, 0.2], [0, 0, 0]),
        ([0.2], [0]),
        ([0.9, 0.8, 0.7], [1, 1, 1]),
        ([0.8], [1]),
    ]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["one", "two"]
    low, high = ax.get_ylim()
    assert low > high, "the first row is on top"
