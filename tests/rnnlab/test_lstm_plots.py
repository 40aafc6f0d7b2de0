"""The figures of the LSTM chapter show the numbers that go in."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from rnnlab import plots
from rnnlab.plots import lstm as lstm_plots


def test_a_line_is_the_median_and_its_band_the_range():
    """Three seeds, two points: median, smallest and largest are drawn."""
    runs = np.array([[1.0, 5.0], [2.0, 9.0], [6.0, 7.0]])
    ax = plots.lines_with_spread([0, 1], {"a": runs}, ax=Figure().subplots())
    (line,) = ax.lines
    assert line.get_ydata().tolist() == [2.0, 7.0]
    (band,) = ax.collections
    corners = {tuple(v) for v in band.get_paths()[0].vertices.tolist()}
    assert {(0, 1), (0, 6), (1, 5), (1, 9)} <= corners
    assert ax.get_legend().get_texts()[0].get_text() == "a"


@pytest.mark.parametrize("panels", [1, 3])
def test_heat_maps_show_units_against_steps_from_0_to_1(panels):
    """The picture is the transposed activations on a fixed scale."""
    gates = {
        f"gate {k}": np.linspace(0.1, 0.9, 12).reshape(4, 3) + k / 100
        for k in range(panels)
    }
    axes = np.atleast_1d(Figure().subplots(panels, 1))
    axes = lstm_plots.gate_heat_maps(gates, list("abcd"), axes=axes)
    for ax, (title, values) in zip(axes, gates.items(), strict=True):
        (image,) = ax.images
        assert np.array_equal(image.get_array(), values.T)
        assert image.get_clim() == (0, 1)
        assert ax.get_title() == title
    labels = [t.get_text() for t in axes[-1].get_xticklabels()]
    assert labels == list("abcd")


def test_word_counts_draws_a_labelled_bar_for_each_known_count():
    """A year without a count has no bar and no label."""
    counts = {"RNN": {2016: 44, 2018: 9}, "Transformer": {2018: 63}}
    ax = lstm_plots.word_counts(counts, ax=Figure().subplots())
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == [44, 9, 63]
    assert {t.get_text() for t in ax.texts} == {"44", "9", "63"}
    ticks = [t.get_text() for t in ax.get_xticklabels()]
    assert ticks == ["2016", "2018"]
    filled, *_, hollow = ax.patches
    assert filled.get_facecolor()[3] > 0
    assert hollow.get_facecolor()[3] == 0
