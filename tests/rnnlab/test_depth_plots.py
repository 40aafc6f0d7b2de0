"""The figures on depth draw the numbers they were given."""

import math

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnnlab.plots import PALETTE
from rnnlab.plots import depth as drawings

mpl.use("Agg")


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    """No plot calls show; figures are closed after each test."""

    def refuse(*_, **__):
        pytest.fail("a plot called show")

    monkeypatch.setattr(plt, "show", refuse)
    yield
    plt.close("all")


def thick(ax):
    """Return the (start, end) of the thick wires on the Axes."""
    return sorted(
        (round(line.get_xdata()[0]), round(line.get_xdata()[-1]))
        for line in ax.get_lines()
        if line.get_color() == PALETTE["blue"]
    )


def test_wires_join_what_each_kind_joins():
    """None, the next, all beyond the next (it has its own wire), the next."""
    plain, residual, dense, highway = drawings.wires(count=3)
    assert thick(plain) == []
    assert thick(residual) == thick(highway) == [(0, 1), (1, 2), (2, 3)]
    assert thick(dense) == [(0, 2), (0, 3), (1, 3)]
    gates = [
        line.get_xdata()[0]
        for line in highway.get_lines()
        if line.get_marker() == "o"
    ]
    assert gates == [0.5, 1.5, 2.5]
    for ax in (plain, residual, dense):
        assert not [x for x in ax.get_lines() if x.get_marker() == "o"]


def test_gate_map_sorts_the_units_of_each_layer():
    """A column is a layer, its largest gate on top; colours begin at 0."""
    gates = np.array([[0.3, 0.1], [0.2, 0.9], [0.5, 0.4]])
    (image,) = drawings.gate_map(gates).get_images()
    expected = [[0.1, 0.2, 0.4], [0.3, 0.9, 0.5]]
    assert np.array_equal(image.get_array(), expected)
    assert image.get_clim() == (0, 0.9)
    assert image.get_extent() == [0.5, 3.5, 0, 2]


def test_fans_draw_each_walk_and_the_middle_half():
    """Natural logarithms become powers of ten; quantiles are strong."""
    walks = math.log(10) * np.arange(15.0).reshape(5, 3)
    (ax,) = drawings.fans({"walks": walks})
    lines = ax.get_lines()
    for line, expected in zip(lines[:5], walks / math.log(10), strict=True):
        assert np.allclose(line.get_ydata(), expected)
    middle, low, high = (line.get_ydata() for line in lines[5:])
    assert np.allclose(middle, [6, 7, 8])
    assert np.allclose(low, [3, 4, 5])
    assert np.allclose(high, [9, 10, 11])
    assert ax.get_title() == "walks"
