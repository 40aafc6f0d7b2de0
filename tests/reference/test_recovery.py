"""Training with recovery agrees with a loop over numbers."""

import copy
import math

import pytest
import torch
from torch import nn

from reference.clipping import train_with_recovery

BY_SEED = pytest.mark.parametrize("seed", range(3))


class Point(nn.Module):
    """A model that is one vector."""

    def __init__(self, numbers):
        super().__init__()
        self.place = nn.Parameter(torch.tensor(numbers, dtype=torch.float64))


def pulled(model, batch):
    """Return half the squared distance to a target; it may be spoiled."""
    target, spoil = batch
    distance = model.place - torch.tensor(target, dtype=torch.float64)
    return (distance * distance).sum() / 2 + spoil


def spec_recovery(place, batches, max_norm, rate=0.1, momentum=0.9):
    """Write the loop over numbers: one list of good states, none copied."""
    state = (tuple(place), (0.0,) * len(place))
    good, went_back = [state], []
    for step, (target, spoil) in enumerate(batches):
        here, velocity = state
        gradient = [a - b for a, b in zip(here, target, strict=True)]
        finite = math.isfinite(spoil) and all(map(math.isfinite, gradient))
        if not finite:
            state = good[-1]
            went_back.append(step)
            continue
        good.append(state)
        if went_back and math.hypot(*gradient) > max_norm:
            factor = max_norm / math.hypot(*gradient)
            gradient = [factor * number for number in gradient]
        velocity = [
            momentum * v + g for v, g in zip(velocity, gradient, strict=True)
        ]
        here = [a - rate * v for a, v in zip(here, velocity, strict=True)]
        state = (tuple(here), tuple(velocity))
    return state[0], went_back


@BY_SEED
@pytest.mark.parametrize("size", [1, 2, 5])
def test_recovery_agrees_with_a_loop_over_numbers(seed, size):
    """Steps and final place agree, bad losses and bad gradients alike."""
    numbers = torch.Generator().manual_seed(seed)
    start, *targets = torch.randn(
        13, size, generator=numbers, dtype=torch.float64
    ).tolist()
    spoils = [0.0] * 12
    spoils[0], spoils[4], spoils[5] = math.nan, math.inf, math.nan
    targets[8][0] = math.inf
    batches = list(zip(targets, spoils, strict=True))
    model = Point(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    went_back = train_with_recovery(
        model, optimizer, iter(batches), pulled, max_norm=0.8
    )
    place, expected = spec_recovery(start, batches, max_norm=0.8)
    assert went_back == expected == [0, 4, 5, 8]
    assert model.place.tolist() == pytest.approx(place, 1e-12)


@BY_SEED
@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam])
def test_recovery_of_a_healthy_run_is_plain_training(seed, make):
    """Where nothing is bad it is an ordinary loop without clipping."""
    numbers = torch.Generator().manual_seed(seed)
    start, *targets = torch.randn(9, 3, generator=numbers).tolist()
    model = Point(start)
    plain = copy.deepcopy(model)
    batches = [(target, 0.0) for target in targets]
    optimizer = make(model.parameters(), lr=0.1)
    assert train_with_recovery(model, optimizer, batches, pulled, 1e-3) == []
    optimizer = make(plain.parameters(), lr=0.1)
    for batch in batches:
        optimizer.zero_grad()
        pulled(plain, batch).backward()
        optimizer.step()
    assert torch.equal(model.place, plain.place)


@BY_SEED
def test_recovery_restores_the_optimizer(seed):
    """Going back at the second step leaves no trace of the first one."""
    numbers = torch.Generator().manual_seed(seed)
    start, *targets = torch.randn(4, 3, generator=numbers).tolist()
    batches = list(zip(targets, [0.0, math.nan, 0.0], strict=True))
    runs = []
    for first in (batches, batches[1:]):
        model = Point(start)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        train_with_recovery(model, optimizer, first, pulled, 1.0)
        runs.append(model.place.detach())
    torch.testing.assert_close(*runs, rtol=0, atol=0)
