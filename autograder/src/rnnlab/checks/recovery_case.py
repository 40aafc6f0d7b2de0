"""Cases of chapter 3: a training run that goes wrong by script.

Every gradient is known in closed form, so the right parameters at every step
follow from the script and no training loop is needed to find them.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from rnnlab.checks.case import Case

#: What can be wrong with a step, in the words of a message.
NAN_LOSS = "NaN loss"
INF_LOSS = "Inf loss"
NAN_GRADIENT = "NaN gradient"
INF_GRADIENT = "Inf gradient"
GIANT = "giant gradient"

ROWS, COLUMNS = 2, 3
SIZE = ROWS * COLUMNS + COLUMNS
_CURVATURE = 0.1
_SGD = {"lr": 0.1, "momentum": 0.9}
_ADAM = {"lr": 0.05, "betas": (0.9, 0.999), "eps": 1e-8}


class Batch(NamedTuple):
    """What loss_fn is given at one step: its slope, and what is wrong."""

    slope: torch.Tensor
    event: str


class Affine(nn.Module):
    """Two parameters, so that clipping each alone shows."""

    def __init__(self, vector):
        super().__init__()
        weight = vector[: ROWS * COLUMNS].view(ROWS, COLUMNS)
        self.weight = nn.Parameter(weight.clone())
        self.bias = nn.Parameter(vector[ROWS * COLUMNS :].clone())


@dataclass(frozen=True)
class RecoveryCase(Case):
    """A script of batches, some of them bad.

    Attributes:
        steps: Number of batches.
        events: (step, what is wrong with it) pairs.
        adam: Whether Adam optimizes, and not SGD with momentum.
        threshold: max_norm.
        generator_given: Whether ``batches`` is handed in as a generator.
    """

    steps: int = 7
    events: tuple = ()
    adam: bool = False
    threshold: float = 1.0
    generator_given: bool = False

    def start(self):
        """Return the first parameters and the slope of every batch."""
        numbers = self.generator()
        vector = self.draw(numbers, SIZE)
        slopes = self.draw(numbers, self.steps, SIZE)
        # Some gradients lie below the threshold, most above.
        slopes[::3] *= 0.3
        events = dict(self.events)
        for step in range(self.steps):
            if events.get(step) == GIANT:
                slopes[step] *= torch.finfo(self.dtype).max ** 0.4
        return vector, slopes

    def batches(self):
        """Return the batches, slope and event of each."""
        events = dict(self.events)
        return [
            Batch(slope, events.get(step, ""))
            for step, slope in enumerate(self.start()[1])
        ]

    def model(self):
        """Return the model at its first parameters."""
        return Affine(self.start()[0])

    def optimizer(self, model):
        """Return a fresh optimizer of the model."""
        if self.adam:
            return torch.optim.Adam(model.parameters(), **_ADAM)
        return torch.optim.SGD(model.parameters(), **_SGD)

    def bad_steps(self):
        """Return the steps at which loss or gradient are not finite.

        A giant gradient is finite itself. The step after it is bad, unless
        something bad came before and it was clipped.
        """
        bad = []
        for step, event in sorted(self.events):
            if event != GIANT:
                bad.append(step)
            elif not bad:
                bad.append(step + 1)
        return [step for step in bad if step < self.steps]

    def trajectory(self):
        """Return the parameters before each step and after the last.

        Shapes:
            returns: (steps + 1, SIZE)
        """
        vector, slopes = (tensor.cpu().double() for tensor in self.start())
        update = _adam if self.adam else _momentum
        bad = self.bad_steps()
        states = [(vector.numpy(), np.zeros(SIZE), np.zeros(SIZE), 0)]
        for step, slope in enumerate(slopes.numpy()):
            if step in bad:
                earlier = [s for s in range(step) if s not in bad]
                states.append(states[max(earlier, default=0)])
                continue
            gradient = slope + 4 * _CURVATURE * states[-1][0] ** 3
            if bad and step > bad[0]:
                longest = max(np.linalg.norm(gradient), self.threshold)
                gradient = gradient * (self.threshold / longest)
            states.append(update(gradient, *states[-1]))
        return np.stack([state[0] for state in states])

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        name = "Adam" if self.adam else "SGD with momentum"
        parts = [f"{self.steps} steps of {name}"]
        for event in dict.fromkeys(event for _, event in self.events):
            steps = [str(step) for step, what in self.events if what == event]
            parts.append(f"{event} at {' and '.join(steps)}")
        return ", ".join([*parts, f"seed {self.seed}"])


def vector_of(model):
    """Return all parameters of a model as one vector."""
    return torch.cat([p.reshape(-1) for p in model.parameters()])


def loss_of(vector, batch):
    """Return a loss with a known gradient, spoiled as the batch says."""
    loss = (batch.slope * vector).sum() + _CURVATURE * (vector**4).sum()
    zero = (vector - vector.detach()).sum()
    spoiled = {
        NAN_LOSS: lambda: loss + torch.nan,
        INF_LOSS: lambda: loss + torch.inf,
        NAN_GRADIENT: lambda: loss + (0 * zero).sqrt(),
        INF_GRADIENT: lambda: loss + zero.sqrt(),
    }
    return spoiled.get(batch.event, lambda: loss)()


def _momentum(gradient, vector, velocity, unused, count):
    velocity = _SGD["momentum"] * velocity + gradient
    return vector - _SGD["lr"] * velocity, velocity, unused, count


def _adam(gradient, vector, mean, square, count):
    (first, second), count = _ADAM["betas"], count + 1
    mean = first * mean + (1 - first) * gradient
    square = second * square + (1 - second) * gradient**2
    scale = np.sqrt(square / (1 - second**count)) + _ADAM["eps"]
    step = _ADAM["lr"] * mean / (1 - first**count) / scale
    return vector - step, mean, square, count
