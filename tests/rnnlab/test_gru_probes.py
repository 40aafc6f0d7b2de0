"""Instruments for a GRU agree with its layer and with its equations."""

import json
import re

import pytest
import torch
from torch import nn

from rnnlab import train
from rnnlab.gru import gru_trace, interpolate
from rnnlab.plots.dial import update_slider


@pytest.fixture
def traced():
    """Return a GRU, what it read and its trace, in double precision."""
    gru = train.seeded(nn.GRU, 3, 5, seed=0).double()
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(7, 2, 3, generator=generator, dtype=torch.float64)
    return gru, inputs, gru_trace(gru, inputs)


def test_trace_mixes_to_the_layers_own_states(traced):
    """Gate and candidate give each state from the one before."""
    gru, inputs, trace = traced
    before = torch.zeros(2, 5, dtype=torch.float64)
    states = []
    for z, n in zip(trace.update_gate, trace.hidden_candidate, strict=True):
        before = (1 - z) * n + z * before
        states.append(before)
    with torch.no_grad():
        expected = gru(inputs)[0]
    torch.testing.assert_close(torch.stack(states), expected)
    assert torch.equal(trace.hidden_states, expected)


def test_trace_knows_the_reset_gate_from_the_update_gate(traced):
    """A large bias in one block of the layer moves that gate alone."""
    gru, inputs, before = traced
    with torch.no_grad():
        gru.bias_ih_l0[:5] += 30
    after = gru_trace(gru, inputs)
    assert (after.reset_gate > 0.999).all()
    torch.testing.assert_close(after.update_gate[0], before.update_gate[0])
    assert (before.reset_gate < 0.999).all()


def test_trace_leaves_the_layer_alone(traced):
    """No gradient is attached and no parameter moves."""
    gru, inputs, trace = traced
    fresh = train.seeded(nn.GRU, 3, 5, seed=0).double()
    assert not any(t.requires_grad for t in trace)
    for ours, theirs in zip(gru.parameters(), fresh.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    assert inputs.grad is None


def test_interpolation_is_a_moving_average():
    """An impulse fades by the gate at each step; a constant is reached."""
    gate = torch.tensor([0.0, 0.5, 0.9], dtype=torch.float64)
    impulse = torch.zeros(20, dtype=torch.float64)
    impulse[0] = 1
    steps = torch.arange(20, dtype=torch.float64)[:, None]
    expected = (1 - gate) * gate**steps
    torch.testing.assert_close(interpolate(gate, impulse), expected)
    ones = interpolate(gate, torch.ones(400, dtype=torch.float64), start=-1.0)
    torch.testing.assert_close(ones[-1], torch.ones_like(gate))
    assert torch.equal(
        interpolate(torch.ones(2), torch.ones(9), start=0.25),
        torch.full((9, 2), 0.25),
    )


def slider_page(name="a"):
    """Return a slider of two positions."""
    return update_slider(
        [0.0, 2.5],
        ["slow", "slower"],
        [[0.5, -0.5, 1.0], [0.0, 0.1, 0.2]],
        [1.0, -1.0, 0.0],
        alt="what it shows",
        name=name,
        shown=(1, 3),
        start=1,
    )


def test_update_slider_carries_its_numbers():
    """One frame a bias, one point a step, and the start is drawn."""
    page = slider_page()
    frames = json.loads(re.search(r"frames = (\[.*\]);", page)[1])
    assert [frame["value"] for frame in frames] == ["0", "2.5"]
    assert [frame["note"] for frame in frames] == ["slow", "slower"]
    key, points = frames[1]["attributes"]["line"]
    assert key == "points"
    assert f'points="{points}"' in page
    heights = [
        float(point.split(",")[1])
        for point in frames[0]["attributes"]["line"][1].split()
    ]
    assert heights[2] < heights[0] < heights[1], "up is up"
    assert page.count("<circle") == 3
    assert frames[0]["texts"] == {"at1": "0.50", "at3": "1.00"}
    assert '<td id="a-at3">0.20</td>' in page
    assert 'id="a-line"' in page
    assert 'aria-label="what it shows"' in page


def test_update_slider_refuses_what_does_not_fit():
    """A bias without its sentence is a mistake of the page."""
    with pytest.raises(ValueError, match="zip"):
        update_slider(
            [0.0], [], [[0, 1]], [0, 1], alt="x", name="a", shown=(1,)
        )


def test_update_slider_loads_nothing():
    """No address and no source in the element."""
    assert not re.search(r"https?:|//|src=|@import", slider_page())
