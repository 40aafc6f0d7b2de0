"""The slider over clipping thresholds shows the numbers it was given."""

import re

import numpy as np

from rnnlab import cliff
from rnnlab.plots.threshold_slider import threshold_slider

START = np.array([4.8, -1.7])
WINDOW = (3.4, 6.2, -2.9, 1.1)
THRESHOLDS = (0.1, 1.0, None)


def made(start=0):
    """Return the descents of three thresholds and their slider."""
    descents = [
        cliff.descend(cliff.sigmoid_rnn_loss, START, 0.5, 8, max_norm=norm)
        for norm in THRESHOLDS
    ]
    page = threshold_slider(
        ["0.1", "1", "none"],
        [(d.points, d.losses, d.step_lengths) for d in descents],
        np.array([[3.4, -1.5], [6.2, -2.5]]),
        WINDOW,
        alt="a path & a wall",
        name="here",
        start=start,
    )
    return descents, page


def test_the_corners_of_a_path_are_its_points():
    """Each corner, taken back to the window's axes, is a point."""
    for start in range(len(THRESHOLDS)):
        descents, page = made(start)
        corners = re.search(r'id="here-path" points="([^"]+)"', page)[1]
        found = np.array(
            [[float(n) for n in pair.split(",")] for pair in corners.split()]
        )
        w = 3.4 + (found[:, 0] - 80) / (506 - 80) * (6.2 - 3.4)
        b = -2.9 + (284 - found[:, 1]) / (284 - 10) * (1.1 + 2.9)
        points = descents[start].points
        assert np.abs(np.stack([w, b], 1) - points).max() < 1e-3


def test_the_table_has_the_numbers_of_the_first_position():
    """Without a script the page shows where the slider stands."""
    descents, page = made(start=1)
    lengths = descents[1].step_lengths
    assert f'id="here-longest">{lengths.max():.3f}<' in page
    assert f'id="here-last">{descents[1].losses[-1]:.4f}<' in page
    count = int((lengths > 0.1).sum())
    assert f'id="here-thrown">{count} of 8<' in page


def test_text_is_escaped_and_nothing_is_loaded():
    """The words are text, and no address stands on the page."""
    _, page = made()
    assert "a path &amp; a wall" in page
    assert "http" not in page
