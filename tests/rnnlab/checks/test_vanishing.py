"""The checks of chapter 1: gradients near and far."""

import pytest
import torch
from trying import changed, flat, hidden, right, visible

from reference import vanishing
from rnnlab import checks

every_formula = pytest.mark.parametrize(
    "name",
    ["step_jacobian", "gradient_by_lag", "linear_gradient", "vanishing_bound"],
)


@every_formula
@pytest.mark.parametrize("graph", [True, False])
def test_values_alone_are_judged_where_a_formula_is_asked_for(name, graph):
    """With a graph or without one, the numbers are the numbers."""

    def change(tensor):
        tensor = tensor.detach()
        return tensor.requires_grad_() if graph else tensor

    assert visible(name, changed(name, change)).passed
    assert hidden(name, changed(name, change)).passed


def test_a_far_gradient_must_be_right_though_it_is_tiny():
    """An entry of 1e-9 that is off by one part in a thousand is wrong."""
    check = checks.gradient_by_lag
    cases = [c for c in check.challenge("far") if c.sizes["seq_len"] == 60]
    (case,) = cases
    smallest = check.expected(case)["gradient_norms"].min()
    assert smallest < 1e-9

    def rounded(*arguments):
        norms = vanishing.gradient_by_lag(*arguments)
        return torch.where(norms == norms.min(), norms * 1.001, norms)

    assert check.judge_hidden(
        check.reports(vanishing.gradient_by_lag, cases), cases
    ).passed
    assert not check.judge_hidden(check.reports(rounded, cases), cases).passed


def test_hidden_check_catches_what_only_long_lags_show():
    """A function that stops multiplying after 20 steps does not pass."""

    def lazy(grad_hidden_state, weight_hh, lag):
        return vanishing.linear_gradient(
            grad_hidden_state, weight_hh, min(lag, 20)
        )

    assert visible("linear_gradient", lazy).passed
    outcome = hidden("linear_gradient", lazy)
    assert "fails when lag is large" in flat(outcome)


@every_formula
def test_asking_autograd_back_on_is_allowed(name):
    """Whoever switches it on again and is right, is right."""

    def stubborn(*arguments):
        with torch.enable_grad():
            return right(name)(*arguments)

    assert visible(name, stubborn).passed
