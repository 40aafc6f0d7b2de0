"""The checks of a GRU in two forms: what judges, and one that hides."""

import pytest
import torch
from trying import visible

from reference.gru import gru_step, lecture_gru_step
from rnnlab import checks
from rnnlab.checks import cell, gru


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 3, 4), (4, 2, 6)])
def test_rewired_cells_are_the_lectures_form(seed, sizes):
    """What judges, torch's cell run twice, is what the equations say."""
    check = checks.lecture_gru_step
    case = type(check.public[0])("any", cell.step_sizes(*sizes), seed)
    arguments = list(check.arguments(case).values())
    torch.testing.assert_close(
        gru.rewired_step(*arguments),
        lecture_gru_step(*arguments),
        rtol=1e-12,
        atol=1e-14,
    )


def test_a_bias_never_used_is_known_by_its_numbers():
    """Whether it is left out or multiplied by 0 makes no difference."""

    def without(x, state, weight_ih, weight_hh, bias_ih, bias_hh):
        del bias_hh
        nothing = torch.zeros_like(bias_ih)
        return gru_step(x, state, weight_ih, weight_hh, bias_ih, nothing)

    assert visible("gru_step", without).mistake == "bias-hh-dropped"
