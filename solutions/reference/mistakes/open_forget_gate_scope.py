"""Mistakes in open_forget_gate: which layers, which objects, which errors."""

import copy

import torch
from torch import nn

from reference.catalogue import mistake
from reference.lstm import open_forget_gate
from reference.mistakes.open_forget_gate import biases_of, forget_rows


@mistake(
    "open_forget_gate",
    "You opened the first layer's forget gate alone; there is one in every "
    "layer.",
)
@torch.no_grad()
def first_layer_alone(lstm, bias):
    """Set the first layer, both directions."""
    for bias_ih, bias_hh in biases_of(lstm)[: 1 + lstm.bidirectional]:
        bias_ih[forget_rows(lstm)] = bias - bias_hh[forget_rows(lstm)]


@mistake(
    "open_forget_gate",
    "You opened the forget gates of the forward direction alone; the backward "
    "one has its own.",
)
@torch.no_grad()
def forward_direction_alone(lstm, bias):
    """Set every layer, forwards."""
    for bias_ih, bias_hh in biases_of(lstm)[:: 1 + lstm.bidirectional]:
        bias_ih[forget_rows(lstm)] = bias - bias_hh[forget_rows(lstm)]


@mistake(
    "open_forget_gate",
    "You opened the first layer's forward direction alone; there are forget "
    "gates in every layer and direction.",
)
@torch.no_grad()
def first_layer_forward_alone(lstm, bias):
    """Set the biases whose names end in l0."""
    bias_ih, bias_hh = biases_of(lstm)[0]
    bias_ih[forget_rows(lstm)] = bias - bias_hh[forget_rows(lstm)]


@mistake(
    "open_forget_gate",
    "Nothing in the LSTM has changed: what you wrote went into a copy, or "
    "nowhere.",
)
def written_into_a_copy(lstm, bias):
    """Change a copy."""
    open_forget_gate(copy.deepcopy(lstm), bias)


@mistake(
    "open_forget_gate",
    "You put a new nn.Parameter in the place of both biases.",
)
def parameters_replaced(lstm, bias):
    """Put new parameters in place of the old ones."""
    open_forget_gate(lstm, bias)
    for name, parameter in tuple(lstm.named_parameters()):
        if name.startswith("bias"):
            setattr(lstm, name, nn.Parameter(parameter.detach().clone()))


@mistake(
    "open_forget_gate",
    "You switched requires_grad off for the biases and left it off; use "
    "torch.no_grad() instead.",
)
def gradient_switched_off(lstm, bias):
    """Freeze the biases to write into them."""
    open_forget_gate(lstm, bias)
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            parameter.requires_grad_(requires_grad=False)


@mistake(
    "open_forget_gate",
    "You write into a parameter while autograd is watching; do it inside "
    "torch.no_grad().",
)
def written_under_autograd(lstm, bias):
    """Write without torch.no_grad()."""
    for bias_ih, _ in biases_of(lstm):
        bias_ih[forget_rows(lstm)] = bias


@mistake(
    "open_forget_gate",
    "With bias=False there are no biases to find; ask lstm.bias first and "
    "raise a ValueError.",
)
def missing_biases_not_noticed(lstm, bias):
    """Reach for a bias that is not there."""
    if not lstm.bias:
        _ = lstm.bias_ih_l0
    open_forget_gate(lstm, bias)


@mistake(
    "open_forget_gate",
    "With bias=False your loop finds nothing to do and says nothing; ask "
    "lstm.bias first.",
)
def missing_biases_passed_over(lstm, bias):
    """Do nothing where there is no bias."""
    if lstm.bias:
        open_forget_gate(lstm, bias)
