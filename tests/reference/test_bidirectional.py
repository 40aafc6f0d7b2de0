"""Chapter 8's references agree with scalar loops and with torch's layers."""

import itertools

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reference.bidirectional import (
    bidirectional_rnn,
    encode_sentence,
    final_states,
    influence,
    looks_ahead,
)

#: Steps, lengths, input size, units.
SHAPES = [
    (1, (1,), 1, 1),
    (4, (4, 2, 3), 2, 3),
    (5, (1, 5), 3, 2),
    (6, (2, 4, 1), 1, 2),
]
SEEDS = [0, 1, 2]
LAYERS = {"RNN": 1, "LSTM": 4, "GRU": 3}

shapes_and_seeds = pytest.mark.parametrize(
    ("shape", "seed"), list(itertools.product(SHAPES, SEEDS))
)


def draw(generator, *shape):
    """Draw float64 numbers away from zero."""
    size = 0.1 + torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.rand(shape, generator=generator) < 0.5
    return torch.where(sign, -size, size).requires_grad_()


def draw_all(seed, shape, blocks=1):
    """Draw inputs and the parameters of both directions."""
    seq_len, lengths, width, units = shape
    generator = torch.Generator().manual_seed(seed)
    rows = blocks * units
    sizes = [(rows, width), (rows, units), (rows,), (rows,)] * 2
    inputs = draw(generator, seq_len, len(lengths), width)
    return inputs, [draw(generator, *size) for size in sizes]


def require_same(ours, theirs, leaves):
    """Assert that values and gradients agree to float64 rounding."""
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)
    generator = torch.Generator().manual_seed(99)
    weights = torch.rand(ours.shape, generator=generator, dtype=ours.dtype)
    slopes = [
        torch.autograd.grad((values * weights).sum(), leaves)
        for values in (ours, theirs)
    ]
    for one, other in zip(*slopes, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


def unroll_with(kind, width, units, parameters):
    """Return a function that runs one direction of torch's layer."""
    layer = getattr(nn, kind)(width, units, device="meta")
    names = [name for name, _ in layer.named_parameters()]
    named = dict(zip(names, parameters, strict=True))
    return lambda inputs: torch.func.functional_call(layer, named, (inputs,))[
        0
    ]


def ours_with(kind, shape, inputs, parameters):
    """Run the reference."""
    _, lengths, width, units = shape
    unrolls = (
        unroll_with(kind, width, units, parameters[begin : begin + 4])
        for begin in (0, 4)
    )
    return bidirectional_rnn(inputs, torch.tensor(lengths), *unrolls)


def torchs_with(kind, shape, inputs, parameters):
    """Run torch's layer on packed sequences; return states and h_n."""
    seq_len, lengths, width, units = shape
    layer = getattr(nn, kind)(width, units, bidirectional=True, device="meta")
    names = [name for name, _ in layer.named_parameters()]
    packed = pack_padded_sequence(
        inputs, torch.tensor(lengths), enforce_sorted=False
    )
    named = dict(zip(names, parameters, strict=True))
    output, final = torch.func.functional_call(layer, named, (packed,))
    states = pad_packed_sequence(output, total_length=seq_len)[0]
    return states, final[0] if kind == "LSTM" else final


def spec_step(x, hidden, parameters):
    """Advance a vanilla RNN of one sequence with loops, number by number."""
    weight_ih, weight_hh, bias_ih, bias_hh = parameters
    new = []
    for j in range(len(bias_ih)):
        total = bias_ih[j] + bias_hh[j]
        for k in range(len(x)):
            total = total + weight_ih[j, k] * x[k]
        for k in range(len(hidden)):
            total = total + weight_hh[j, k] * hidden[k]
        new.append(
            (total.exp() - (-total).exp()) / (total.exp() + (-total).exp())
        )
    return new


def spec_bidirectional(shape, inputs, parameters):
    """Run both directions of each sequence, one after the other."""
    seq_len, lengths, _, units = shape
    nothing = 0 * inputs.sum()
    columns = []
    for n, length in enumerate(lengths):
        forward, backward = (
            {-1: [nothing] * units},
            {length: [nothing] * units},
        )
        for t in range(length):
            forward[t] = spec_step(
                inputs[t, n], forward[t - 1], parameters[:4]
            )
        for t in range(length - 1, -1, -1):
            backward[t] = spec_step(
                inputs[t, n], backward[t + 1], parameters[4:]
            )
        rows = [
            torch.stack([*forward[t], *backward[t]])
            if t < length
            else nothing.expand(2 * units)
            for t in range(seq_len)
        ]
        columns.append(torch.stack(rows))
    return torch.stack(columns, dim=1)


@shapes_and_seeds
def test_states_agree_with_scalar_loops(shape, seed):
    """Values and gradients are those of the equations."""
    inputs, parameters = draw_all(seed, shape)
    require_same(
        ours_with("RNN", shape, inputs, parameters),
        spec_bidirectional(shape, inputs, parameters),
        [inputs, *parameters],
    )


@shapes_and_seeds
@pytest.mark.parametrize("kind", LAYERS)
def test_states_and_ends_agree_with_torch_on_packed_sequences(
    kind, shape, seed
):
    """Values and gradients of output and h_n, for all three layers."""
    inputs, parameters = draw_all(seed, shape, LAYERS[kind])
    leaves = [inputs, *parameters]
    ours = ours_with(kind, shape, inputs, parameters)
    theirs, h_n = torchs_with(kind, shape, inputs, parameters)
    require_same(ours, theirs, leaves)
    ends = final_states(
        ours_with(kind, shape, inputs, parameters), torch.tensor(shape[1])
    )
    _, h_n = torchs_with(kind, shape, inputs, parameters)
    require_same(ends, torch.cat([h_n[0], h_n[1]], dim=1), leaves)


def test_numbers_in_the_padding_do_not_matter():
    """Neither states nor gradients of the steps that count feel them."""
    shape = (5, (2, 5), 3, 2)
    inputs, parameters = draw_all(0, shape)
    other = inputs.detach().clone()
    other[2:, 0] = 50.0
    one, two = (
        ours_with("RNN", shape, given, parameters) for given in (inputs, other)
    )
    assert torch.equal(one, two)
    (slope,) = torch.autograd.grad(one.sum(), inputs)
    assert (slope[2:, 0] == 0).all()
    assert (slope[:2, 0] != 0).all()


@shapes_and_seeds
@pytest.mark.parametrize("padding", [0.0, 7.0, torch.nan, torch.inf])
def test_encodings_agree_with_scalar_loops(shape, seed, padding):
    """Maximum and mean, whatever stands at the padding."""
    seq_len, lengths, _, units = shape
    generator = torch.Generator().manual_seed(seed)
    states = draw(generator, seq_len, len(lengths), units)
    steps = torch.arange(seq_len)[:, None]
    outside = (steps >= torch.tensor(lengths))[:, :, None]
    filled = states.detach().masked_fill(outside, padding).requires_grad_()
    largest, mean = [], []
    for n, length in enumerate(lengths):
        for j in range(units):
            numbers = [filled[t, n, j] for t in range(length)]
            most, total = numbers[0], 0.0
            for number in numbers:
                most = max(most, number)
                total = total + number
            largest.append(most)
            mean.append(total / length)
    shape = len(lengths), units
    for ours, theirs in zip(
        encode_sentence(filled, torch.tensor(lengths)),
        (torch.stack(largest), torch.stack(mean)),
        strict=True,
    ):
        require_same(ours, theirs.reshape(shape), [filled])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", LAYERS)
def test_layers_of_torch_are_judged_by_their_direction(kind, seed):
    """One direction never looks ahead, two always do but at the end."""
    shape = (6, (6, 6), 3, 4)
    inputs, parameters = draw_all(seed, shape, LAYERS[kind])
    inputs = inputs.detach()
    causal = unroll_with(kind, 3, 4, parameters[:4])
    everything = torch.ones(6, 6, dtype=torch.bool)
    with torch.no_grad():
        assert not looks_ahead(causal, inputs).any()
        assert torch.equal(influence(causal, inputs), everything.tril())

        def both(inputs):
            return ours_with(kind, shape, inputs, parameters)

        assert looks_ahead(both, inputs).tolist() == [True] * 5 + [False]
        assert torch.equal(influence(both, inputs), everything)


def test_one_look_at_one_step_is_found():
    """A single dependence of size 1e-9 is one True."""
    inputs = torch.ones(5, 2, 3, dtype=torch.float64)

    def model(inputs):
        outputs = inputs.clone()
        outputs[2, 1, 0] += 1e-9 * inputs[4, 1, 2]
        return outputs

    assert looks_ahead(model, inputs).tolist() == [0, 0, 1, 0, 0]
    found = torch.eye(5, dtype=torch.bool)
    found[2, 4] = True
    assert torch.equal(influence(model, inputs), found)
    assert torch.equal(inputs, torch.ones_like(inputs))
