"""The figures on vanishing gradients draw the numbers they were given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnnlab.plots import vanishing

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


def test_way_back_writes_every_norm_below_its_state():
    """The first step's norm stands leftmost; small ones as powers."""
    ax = vanishing.way_back([0.0012, 0.05, 0.4])
    found = {t.get_text(): t.get_position() for t in ax.texts}
    spots = [found[text] for text in ("1.2e-03", "0.050", "0.400")]
    assert [x for x, _ in spots] == [1, 2, 3]
    assert len({y for _, y in spots}) == 1
    assert "$J_{3}$" in found
    assert r"$\partial h_{2}/\partial h_{1}$" in found


def test_way_back_makes_arrows_as_wide_as_norms():
    """Half the norm, half the width; the loss's arrow is the widest."""
    ax = vanishing.way_back([0.1, 0.2, 0.4])
    widths = {}
    for text in ax.texts:
        arrow = getattr(text, "arrow_patch", None)
        style = arrow and arrow.get_arrowstyle()
        if style is not None and hasattr(style, "tail_width"):
            widths[text.xy[0]] = style.tail_width
    first, second, last = (widths[x] for x in sorted(widths))
    assert second == pytest.approx(2 * first)
    assert last == pytest.approx(2 * second)


def test_modes_draws_each_mode_and_the_sum():
    """Two modes and a sum a panel, on a logarithmic axis."""
    norms, sizes = np.array([1, 2, 1.0]), np.array([[3, 2, 1], [2, 1, 0.5]])
    axes = vanishing.modes({"a": (norms, sizes), "b": (norms, sizes)})
    assert [ax.get_title() for ax in axes] == ["a", "b"]
    drawn = lines(axes[1])
    np.testing.assert_array_equal(drawn["mode 2"].get_ydata(), sizes[1])
    total = drawn["their sum, the gradient"].get_ydata()
    np.testing.assert_array_equal(total, norms)
    assert axes[0].get_yscale() == "log"


def test_slopes_by_radius_draws_every_seed_near_its_radius():
    """Points keep their slope; the curve is the logarithm."""
    slopes = {
        "one": {0.5: [-0.7, -0.6], 2.0: [0.7, 0.71]},
        "two": {0.5: [-0.65, -0.66], 2.0: [0.69, 0.68]},
    }
    drawn = lines(vanishing.slopes_by_radius(slopes))
    curve = drawn["log of the radius"].get_xydata()
    np.testing.assert_allclose(curve[:, 1], np.log(curve[:, 0]))
    for kind, rows in slopes.items():
        points = drawn[kind].get_xydata()
        np.testing.assert_allclose(points[:, 0], [0.5, 0.5, 2, 2], atol=0.0051)
        assert points[:, 1].tolist() == [*rows[0.5], *rows[2.0]]


def test_bounds_draws_medians_and_says_what_is_thin():
    """The bound has the colour and dashes of what it bounds."""
    norms = np.array([[1, 0.5], [1, 0.4], [1, 0.1]]).repeat(6, axis=1)
    axes = vanishing.bounds(
        {"tanh": {"x": (norms, 2 * norms)}, "sigmoid": {"y": (norms, norms)}}
    )
    measured, bound, *_ = axes[0].get_lines()
    np.testing.assert_array_equal(
        bound.get_ydata(), 2 * np.asarray(measured.get_ydata())
    )
    colours = bound.get_color(), measured.get_color()
    assert mpl.colors.same_color(*colours)
    assert bound.get_linewidth() < measured.get_linewidth()
    named = [t.get_text() for t in axes[0].get_legend().get_texts()]
    assert named == ["x", "thin: the bound on each"]
