"""One layer of a stack is torch's; counts are what one finds by counting."""

import itertools

import pytest
import torch
from torch import nn

from rnnlab import train
from rnnlab.stacks import (
    RNNParameters,
    parameter_count,
    path_count,
    rnn_cell,
    rnn_layer,
    split_parameters,
)


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (5, 2, 3, 4)])
def test_layer_and_cell_are_torchs(sizes):
    """A layer is torch.nn.RNN, and its steps are those of the cell."""
    seq_len, batch, width, units = sizes
    generator = torch.Generator().manual_seed(0)
    rnn = train.seeded(nn.RNN, width, units, seed=0).double()
    inputs = torch.randn(seq_len, batch, width, generator=generator).double()
    start = torch.randn(batch, units, generator=generator).double()
    (parameters,) = split_parameters(rnn)
    states, last = rnn_layer(inputs, start, parameters)
    expected, final = rnn(inputs, start[None])
    torch.testing.assert_close(states, expected)
    torch.testing.assert_close(last, final[0])
    state = start
    for x, after in zip(inputs, expected, strict=True):
        state = rnn_cell(x, state, parameters)
        torch.testing.assert_close(state, after)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_split_parameters_are_the_modules_own(bidirectional):
    """All of them, each once, in the order of the module."""
    rnn = nn.RNN(3, 4, 3, bidirectional=bidirectional, device="meta")
    layers = split_parameters(rnn)
    if bidirectional:
        layers = [direction for pair in layers for direction in pair]
    assert all(isinstance(layer, RNNParameters) for layer in layers)
    flat = [parameter for layer in layers for parameter in layer]
    assert len(flat) == len(list(rnn.parameters()))
    pairs = zip(flat, rnn.parameters(), strict=True)
    assert all(one is other for one, other in pairs)


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("num_layers", [1, 2, 5])
@pytest.mark.parametrize(
    ("layer_class", "blocks"), [(nn.RNN, 1), (nn.GRU, 3), (nn.LSTM, 4)]
)
def test_parameter_count_is_torchs(
    layer_class, blocks, num_layers, directions
):
    """The formula counts what the module has."""
    module = layer_class(
        5, 7, num_layers, bidirectional=directions == 2, device="meta"
    )
    found = parameter_count(
        5, 7, num_layers=num_layers, blocks=blocks, directions=directions
    )
    assert found == sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("lag", range(4))
@pytest.mark.parametrize("layers", range(4))
def test_path_count_is_the_number_of_orders(lag, layers):
    """Counted by writing all orders down."""
    steps = "t" * lag + "l" * layers
    assert path_count(lag, layers) == len(set(itertools.permutations(steps)))
