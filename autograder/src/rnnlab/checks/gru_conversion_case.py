"""Cases of convert_gru_parameters: with and without a conversion."""

import dataclasses

import torch

from rnnlab.checks.cell import draw_parameters
from rnnlab.checks.gru import BLOCKS
from rnnlab.layout import GRU_GATES, gate_slices

WIDTH = 2
# What W_hn is like, and b_hn.
DIAGONAL, FULL = "diagonal", "full"
ABOVE, BELOW, CANCEL = "one above", "one below", "off-diagonal sum 0"
ZERO, ONE, BALANCED = "0", "not 0", "of sum 0"
#: Hidden refusals: each kind with what makes W_hn, or b_hn, so.
NARROW = {
    "one entry above the diagonal of W_hn is not 0": (4, ABOVE, ZERO),
    "one entry below the diagonal of W_hn is not 0": (4, BELOW, ZERO),
    "the entries off the diagonal of W_hn add up to 0": (4, CANCEL, ZERO),
    "no entry of W_hn is 0": (5, FULL, ZERO),
    "hidden_size is 1 and b_hn is not 0": (1, DIAGONAL, ONE),
    "one entry of b_hn is not 0": (4, DIAGONAL, ONE),
    "the entries of b_hn add up to 0": (4, DIAGONAL, BALANCED),
}


def sizes_of(hidden_size, across=DIAGONAL, bias=ZERO):
    """Return the size of a GRU, and what its W_hn and b_hn are like."""
    return {
        "hidden_size": hidden_size,
        "W_hn": across,
        "b_hn": bias,
    }


def is_convertible(case):
    """Return whether the task asks for a conversion."""
    return (case.sizes["W_hn"], case.sizes["b_hn"]) == (DIAGONAL, ZERO)


def parameters_of(case):
    """Draw parameters; the last block of the state's is as the case says."""
    sizes = {**case.sizes, "input_size": WIDTH}
    case = dataclasses.replace(case, sizes=sizes)
    parameters = draw_parameters(case, case.generator(), BLOCKS)
    units = case.sizes["hidden_size"]
    new = gate_slices(units, GRU_GATES)["new"]
    across = parameters["weight_hh"][new]
    keep = torch.eye(units, dtype=torch.bool)
    if case.sizes["W_hn"] == ABOVE:
        keep[0, -1] = True
    elif case.sizes["W_hn"] == BELOW:
        keep[-1, 0] = True
    elif case.sizes["W_hn"] == CANCEL:
        keep[0, 1] = keep[1, 0] = True
        across[1, 0] = -across[0, 1]
    elif case.sizes["W_hn"] == FULL:
        keep[:] = True
    across *= keep.to(across)
    bias = parameters["bias_hh"][new]
    if case.sizes["b_hn"] == ZERO:
        bias.zero_()
    elif case.sizes["b_hn"] == ONE:
        bias[:-1] = 0
    else:
        bias[0] = -bias[1:].sum()
    return parameters
