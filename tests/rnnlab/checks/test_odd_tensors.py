"""Odd tensors get their own sentence; what only looks odd passes.

Shared by the checks of functions that return tensors and nothing else. What
one of them says besides is in the module of its chapter.
"""

import pytest
import torch
from torch import nn
from trying import changed, each, hidden, refusal, strided, visible

STEPS = ("gru_step", "lecture_gru_step")
BLOCKS = ("residual_block", "dense_block", "highway_layer")
DIRECTIONS = ("bidirectional_rnn", "final_states")
SCANS = ("parallel_scan", "min_gru", "log_space_scan")
#: Formulas: values count, a graph does not.
FORMULAS = (
    "step_jacobian",
    "gradient_by_lag",
    "linear_gradient",
    "vanishing_bound",
    "recall_by_lag",
    "recency_baseline",
    "agreement_error_by_attractors",
    "log_growth",
    "gradient_by_layer_and_lag",
    "linear_recurrence_gradient",
)
#: What is said to anything but the one tensor that is right.
ONE = {
    **dict.fromkeys(("rnn_step", *SCANS, *FORMULAS), ", not a torch.Tensor"),
    **dict.fromkeys(STEPS, ". A GRU has no cell state"),
    **dict.fromkeys((*BLOCKS, *DIRECTIONS), ". Return one tensor"),
}
#: Those that return several tensors.
SEVERAL = (
    "rnn_unroll",
    "lstm_step",
    "lstm_unroll",
    "encode_sentence",
    "stacked_rnn",
    "stacked_rnn_with_skips",
    "stacked_bidirectional",
    "attention",
    "decoder_step",
)
ALL = (*ONE, *SEVERAL)
WHOLE = "recency_baseline"  # it returns whole numbers

every_check = pytest.mark.parametrize("name", ALL)


@every_check
@pytest.mark.parametrize(
    "change", [strided, torch.clone], ids=["strided", "copied"]
)
def test_right_numbers_pass_whatever_their_layout(name, change):
    """Strides and copies are nobody's mistake."""
    assert visible(name, changed(name, each(change))).passed
    assert hidden(name, changed(name, each(change))).passed


@every_check
def test_another_dtype_is_named(name):
    """The sentence says which dtype it is and which is right."""
    right = "int64" if name == WHOLE else "float64"
    said = refusal(name, changed(name, each(torch.Tensor.float)))
    assert f"is float32, expected {right}" in said


@every_check
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor.unsqueeze(0), "has shape (1, "),
        (lambda tensor: tensor[:0], "has shape (0,"),
        (lambda tensor: tensor.detach().numpy(), "is an ndarray, not a torch"),
        (lambda _: None, "is None"),
    ],
)
def test_wrong_kinds_of_tensors_are_told_apart(name, change, says):
    """The sentence says what is odd about them."""
    assert says in refusal(name, changed(name, each(change)))


@pytest.mark.parametrize("name", [name for name in ALL if name != WHOLE])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tensor: tensor * torch.inf, "where a finite number is right"),
        (lambda tensor: tensor * torch.nan, "where a finite number is right"),
        (nn.Parameter, "is a Parameter, not a torch.Tensor"),
    ],
)
def test_odd_floating_point_numbers_are_told_apart(name, change, says):
    """Infinite ones, NaN and those that are parameters."""
    assert says in refusal(name, changed(name, each(change)))


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize(
    ("change", "is_a"),
    [
        (torch.Tensor.tolist, "is a list"),
        (lambda tensor: (tensor, tensor), "is a tuple"),
    ],
    ids=["list", "tuple"],
)
def test_what_is_not_one_tensor_is_named(name, change, is_a):
    """The sentence says what to return instead."""
    assert is_a + ONE[name] in refusal(name, changed(name, change))


@pytest.mark.parametrize("name", SEVERAL)
def test_lists_instead_of_tensors_are_named(name):
    """A tuple of lists is no tuple of tensors."""
    said = refusal(name, changed(name, each(torch.Tensor.tolist)))
    assert "is a list, not a torch.Tensor" in said


@pytest.mark.parametrize(
    "name", [name for name in ALL if name not in FORMULAS]
)
@pytest.mark.parametrize(
    "change",
    [torch.Tensor.detach, lambda tensor: tensor.detach().requires_grad_()],
    ids=["detached", "a leaf"],
)
def test_a_cut_graph_is_named(name, change):
    """Values alone are not enough where gradients are asked for."""
    said = refusal(name, changed(name, each(change)))
    assert "No gradient reaches" in said
