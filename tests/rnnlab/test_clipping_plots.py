"""The figures of the clipping chapter draw the numbers they were given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnnlab import cliff
from rnnlab.plots import cliff as cliff_plots
from rnnlab.plots import clipping as clipping_plots
from rnnlab.plots import optimizers as optimizer_plots

mpl.use("Agg")


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    """No plot calls show; figures are closed after each test."""

    def refuse(*_, **__):
        pytest.fail("a plot called show")

    monkeypatch.setattr(plt, "show", refuse)
    yield
    plt.close("all")


def lines(ax):
    """Return the drawn lines that have points, by label."""
    return {
        line.get_label(): line
        for line in ax.get_lines()
        if len(line.get_xdata())
    }


def test_norms_by_lag_draws_the_median_over_seeds():
    """One line a network, logarithmic."""
    runs = np.array([[1, 0.5, 0.1], [1, 0.6, 0.2], [1, 0.9, 0.9]])
    ax = clipping_plots.norms_by_lag({"tanh": runs})
    np.testing.assert_allclose(lines(ax)["tanh"].get_ydata(), [1, 0.6, 0.2])
    assert ax.get_yscale() == "log"


def test_step_lengths_draws_points_and_the_line_of_the_learning_rate():
    """The line is the learning rate times the norm."""
    norms, lengths = np.array([0.1, 10.0]), np.array([0.01, 1.0])
    ax = clipping_plots.step_lengths({"SGD": (norms, lengths)}, 0.1, 1)
    drawn = lines(ax)
    np.testing.assert_array_equal(drawn["SGD"].get_ydata(), lengths)
    rule = drawn["learning rate \N{MULTIPLICATION SIGN} norm"]
    np.testing.assert_allclose(rule.get_ydata(), 0.1 * rule.get_xdata())


def test_a_run_that_breaks_ends_in_a_cross_at_its_last_finite_value():
    """Inf and NaN are not drawn, and what follows them neither."""
    losses = [1.0, 4.0, np.inf, 2.0]
    axes = clipping_plots.runs_with_recovery({"a": [(10, losses, losses)]})
    line, cross = axes[0].get_lines()
    np.testing.assert_array_equal(line.get_xdata(), [10, 11])
    assert cross.get_xydata().tolist() == [[11, 4]]


def test_a_run_that_holds_has_no_cross():
    """One line a panel, all of it."""
    axes = clipping_plots.runs_with_recovery({"a": [(0, [1, 2], [3, 4])]})
    (line,) = axes[1].get_lines()
    np.testing.assert_array_equal(line.get_ydata(), [3, 4])


def test_two_clippers_draws_circle_and_square_of_the_threshold():
    """The outlines have the threshold as radius and as half side."""
    vectors = np.array([[3.0, 1.0]])
    ax = clipping_plots.two_clippers(vectors, vectors / 2, vectors / 3, 1.5)
    circle, square, *arrows = ax.get_lines()
    np.testing.assert_allclose(np.hypot(*circle.get_xydata().T), 1.5)
    assert np.unique(abs(square.get_xydata())).tolist() == [1.5]
    assert [arrow.get_xydata()[1].tolist() for arrow in arrows] == [
        [3.0, 1.0],
        [1.5, 0.5],
        [1.0, pytest.approx(1 / 3)],
    ]


def test_symptoms_stops_at_overflow_and_names_a_weight_out_of_sight():
    """The loss ends in a cross; the weight that left is written there."""
    start = np.array([1.05], np.float32)
    path = cliff.descend(cliff.linear_rnn_loss, start, 4.5e-4, 20)
    axes = cliff_plots.symptoms({"overflows": path}, 20)
    assert [text.get_text() for text in axes[0].texts] == [" to -4.1"]
    cross = axes[1].get_lines()[-1]
    assert cross.get_xydata().tolist() == [[0, pytest.approx(path.losses[0])]]


def test_slopes_leaves_out_what_a_logarithm_cannot_show():
    """A derivative of 0 is a gap."""
    ax = cliff_plots.slopes(np.arange(9), {"T": np.arange(9.0)})
    drawn = lines(ax)["T"].get_ydata()
    assert np.isnan(drawn[0])
    np.testing.assert_array_equal(drawn[1:], np.arange(1.0, 9))


def test_the_map_shows_the_losses_and_both_paths_also_enlarged():
    """The inset has its own window and the same paths."""
    weights, biases = np.linspace(4, 5, 5), np.linspace(-3, -2, 4)
    losses = np.arange(20.0).reshape(4, 5)
    paths = {"a": np.array([[4.2, -2.5], [4.4, -2.2]])}
    ax = cliff_plots.loss_map(weights, biases, losses, paths, (4, 5, -3, -2))
    np.testing.assert_array_equal(ax.collections[0].get_array(), losses)
    (inset,) = ax.child_axes
    assert inset.get_xlim() == (4, 5)
    for panel in (ax, inset):
        drawn = panel.get_lines()[0].get_xydata()
        np.testing.assert_array_equal(drawn, paths["a"])


def test_the_surface_carries_the_paths_at_their_losses():
    """A path lies just above the surface."""
    sheet = cliff.grid_along_cliff(np.linspace(4, 5, 4), (-3.5, -1.0), 7)
    steps = np.array([[4.2, -2.5], [4.4, -2.2]])
    ax = cliff_plots.loss_surface(
        sheet, cliff.sigmoid_rnn_loss(sheet)[0], {"a": (steps, [0.1, 0.2])}
    )
    x, y, z = ax.get_lines()[0].get_data_3d()
    np.testing.assert_array_equal(np.stack([x, y], axis=1), steps)
    np.testing.assert_allclose(z, [0.11, 0.21])


def test_final_losses_draws_a_cross_for_each_run_that_broke():
    """Finite losses at their value, the others right of all of them."""
    results = {"none": {"SGD": [0.5, np.inf, np.nan], "Adam": [2.0]}}
    ax = optimizer_plots.final_losses(results, baseline=1)
    crosses = [x for x in ax.get_lines() if x.get_marker() == "X"]
    spots = np.concatenate([cross.get_xdata() for cross in crosses])
    assert len(spots) == 2
    assert spots.min() > 2
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["SGD", "Adam"]


def test_spike_responses_counts_from_the_spike():
    """Step 0 is the spike; the line is the median over seeds."""
    runs = np.arange(48.0).reshape(3, 16)
    ax = optimizer_plots.spike_responses({"Adam": runs}, 4)
    drawn = lines(ax)["Adam"].get_xydata()
    np.testing.assert_array_equal(drawn[:, 0], np.arange(16) - 4)
    np.testing.assert_array_equal(drawn[:, 1], runs[1])


def test_thresholds_counts_every_norm_and_crosses_what_is_lost():
    """The histogram holds all steps; a huge or NaN loss is a cross."""
    norms = np.geomspace(0.1, 10, 50)
    sweep = {1: [0.2, 0.3], 100: [np.nan, 1e9, 0.9]}
    top, bottom = optimizer_plots.thresholds(norms, sweep, baseline=1)
    assert sum(bar.get_height() for bar in top.patches) == 50
    crosses = [x for x in bottom.get_lines() if x.get_marker() == "X"]
    assert sum(len(cross.get_xdata()) for cross in crosses) == 2
