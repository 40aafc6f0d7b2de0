"""Mistakes in open_forget_gate: which rows get which number."""

import torch

from reference.catalogue import mistake
from reference.lstm import open_forget_gate
from rnnlab.layout import gate_slices

_LACKING = ValueError("This LSTM has no biases. Build it with bias=True.")


def biases_of(lstm):
    """Return pairs of biases, one for each layer and direction."""
    if not lstm.bias:
        raise _LACKING
    return [
        (bias, getattr(lstm, name.replace("bias_ih", "bias_hh")))
        for name, bias in lstm.named_parameters()
        if name.startswith("bias_ih")
    ]


def forget_rows(lstm):
    """Return where the forget gate's rows lie."""
    return gate_slices(lstm.hidden_size)["forget"]


@torch.no_grad()
def _set_block(lstm, bias, gate):
    """Set the effective bias of some other block."""
    rows = gate_slices(lstm.hidden_size)[gate]
    for bias_ih, bias_hh in biases_of(lstm):
        bias_ih[rows] = bias - bias_hh[rows]


@mistake(
    "open_forget_gate",
    "You wrote bias into both biases; torch adds them, so the gate gets twice "
    "what was asked for.",
)
@torch.no_grad()
def doubled_by_both_biases(lstm, bias):
    """Set both forget blocks to the bias."""
    for bias_ih, bias_hh in biases_of(lstm):
        bias_ih[forget_rows(lstm)] = bias
        bias_hh[forget_rows(lstm)] = bias


@mistake(
    "open_forget_gate",
    "You wrote bias into bias_ih; torch adds bias_hh, whose forget block is "
    "still what it was.",
)
@torch.no_grad()
def second_bias_remains(lstm, bias):
    """Set the first forget block alone."""
    for bias_ih, _ in biases_of(lstm):
        bias_ih[forget_rows(lstm)] = bias


@mistake(
    "open_forget_gate",
    "You wrote bias into bias_hh; torch adds bias_ih, whose forget block is "
    "still what it was.",
)
@torch.no_grad()
def first_bias_remains(lstm, bias):
    """Set the second forget block alone."""
    for _, bias_hh in biases_of(lstm):
        bias_hh[forget_rows(lstm)] = bias


@mistake(
    "open_forget_gate",
    "You added bias to what was there; the effective bias must be set to it.",
)
@torch.no_grad()
def added_instead_of_set(lstm, bias):
    """Add to one forget block."""
    for bias_ih, _ in biases_of(lstm):
        bias_ih[forget_rows(lstm)] += bias


@mistake(
    "open_forget_gate",
    "You added bias to both biases; their sum must be set to it.",
)
@torch.no_grad()
def added_to_both_biases(lstm, bias):
    """Add to both forget blocks."""
    for bias_ih, bias_hh in biases_of(lstm):
        bias_ih[forget_rows(lstm)] += bias
        bias_hh[forget_rows(lstm)] += bias


@mistake(
    "open_forget_gate",
    "You set the first block, which is the input gate's; the forget gate's is "
    "the second.",
)
def input_gate_opened(lstm, bias):
    """Set the first block."""
    _set_block(lstm, bias, "input")


@mistake(
    "open_forget_gate",
    "You set the third block, which is the candidate's; the forget gate's is "
    "the second.",
)
def candidate_block_set(lstm, bias):
    """Set the third block, which is the forget gate's in Haiku."""
    _set_block(lstm, bias, "cell")


@mistake(
    "open_forget_gate",
    "You set the last block, which is the output gate's; the forget gate's is "
    "the second.",
)
def output_gate_opened(lstm, bias):
    """Set the last block."""
    _set_block(lstm, bias, "output")


@mistake(
    "open_forget_gate",
    "You set every row of the biases; the forget gate has the second block "
    "alone.",
)
@torch.no_grad()
def all_blocks_set(lstm, bias):
    """Set the effective bias of all gates and of the candidate."""
    for bias_ih, bias_hh in biases_of(lstm):
        bias_ih[:] = bias - bias_hh


@mistake(
    "open_forget_gate",
    "You set every fourth row of the biases; a gate's rows lie side by side.",
)
@torch.no_grad()
def every_fourth_row_set(lstm, bias):
    """Take the blocks for interleaved."""
    for bias_ih, bias_hh in biases_of(lstm):
        bias_ih[1::4] = bias - bias_hh[1::4]


@mistake(
    "open_forget_gate",
    "The forget bias is right, but the other blocks of the biases were set to "
    "0; they must stay as they were.",
)
@torch.no_grad()
def other_biases_cleared(lstm, bias):
    """Clear the biases before setting them."""
    for bias_ih, bias_hh in biases_of(lstm):
        bias_ih.zero_()
        bias_hh.zero_()
        bias_ih[forget_rows(lstm)] = bias


@mistake(
    "open_forget_gate",
    "The forget bias is right, but the other blocks of bias_hh were set to 0; "
    "they must stay as they were.",
)
@torch.no_grad()
def second_bias_cleared(lstm, bias):
    """Clear the whole second bias."""
    for bias_ih, bias_hh in biases_of(lstm):
        bias_hh.zero_()
        bias_ih[forget_rows(lstm)] = bias


@mistake(
    "open_forget_gate",
    "You set the forget gate's bias to sigmoid(bias); bias is the number "
    "before the sigmoid.",
)
def gate_value_set(lstm, bias):
    """Set the value of the gate as its bias."""
    open_forget_gate(lstm, torch.sigmoid(torch.tensor(bias)).item())


@mistake(
    "open_forget_gate",
    "Every parameter's forget rows were set, the weights' too; only biases "
    "may change.",
)
@torch.no_grad()
def weights_set_too(lstm, bias):
    """Forget to pick the biases out of the parameters."""
    open_forget_gate(lstm, bias)
    for name, parameter in lstm.named_parameters():
        if name.startswith("weight"):
            parameter[forget_rows(lstm)] = bias
