"""A training loop that writes everything down and keeps checkpoints.

It does not repair anything: where the loss is not finite it stops and says
so. Going back to a checkpoint is left to its caller.
"""

import copy
import math
from typing import NamedTuple

import torch
from torch import nn


class Checkpoint(NamedTuple):
    """A copy of everything that a run needs to go on from a step.

    Attributes:
        step: Number of steps that had been taken.
        model: The model's state_dict, copied.
        optimizer: The optimizer's state_dict, copied.
    """

    step: int
    model: dict
    optimizer: dict


class Record(NamedTuple):
    """What happened in a training run, one entry a step.

    Attributes:
        losses: Loss before the step.
        gradient_norms: Norm of all gradients together, before clipping.
        step_lengths: Distance the parameters moved, all together. Shorter
            by one where the run stopped at a loss that is not finite.
        checkpoints: Those that were asked for, oldest first.
    """

    losses: list
    gradient_norms: list
    step_lengths: list
    checkpoints: list

    @property
    def finite(self):
        """Whether every recorded loss is finite."""
        return all(math.isfinite(loss) for loss in self.losses)


def save_checkpoint(step, model, optimizer):
    """Copy the state of a model and its optimizer.

    Args:
        step: Number of steps that have been taken.
        model: The model.
        optimizer: Its optimizer; momenta and the like are part of a run.

    Returns:
        Checkpoint: shares no memory with the model or the optimizer.
    """
    return Checkpoint(
        step,
        copy.deepcopy(model.state_dict()),
        copy.deepcopy(optimizer.state_dict()),
    )


def load_checkpoint(checkpoint, model, optimizer):
    """Bring a model and its optimizer back to a checkpoint.

    Args:
        checkpoint: What save_checkpoint returned; it can be loaded again.
        model: The model, changed in place.
        optimizer: Its optimizer, changed in place.
    """
    model.load_state_dict(checkpoint.model)
    optimizer.load_state_dict(copy.deepcopy(checkpoint.optimizer))


def record_training(
    model, optimizer, batches, loss_fn, max_norm=None, checkpoint_every=None
):
    """Train on each batch in turn and record every step.

    The run stops at the first loss that is Inf or NaN, without a step on it.

    Args:
        model: What to train, in place.
        optimizer: Steps on the model's parameters.
        batches: Pairs of inputs and targets.
        loss_fn: Maps outputs and targets to a scalar.
        max_norm: Clip all gradients together to this norm; None for never.
        checkpoint_every: Keep a checkpoint before step 0 and after every so
            many steps; None for no checkpoints.

    Returns:
        Record: losses, gradient norms, step lengths, checkpoints.
    """
    record = Record([], [], [], [])
    parameters = list(model.parameters())
    for step, (inputs, targets) in enumerate(batches):
        if checkpoint_every and step % checkpoint_every == 0:
            record.checkpoints.append(save_checkpoint(step, model, optimizer))
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        gradients = [p.grad for p in parameters if p.grad is not None]
        record.losses.append(loss.item())
        record.gradient_norms.append(nn.utils.get_total_norm(gradients).item())
        if not math.isfinite(record.losses[-1]):
            break
        if max_norm is not None:
            nn.utils.clip_grad_norm_(parameters, max_norm)
        record.step_lengths.append(_step_length(parameters, optimizer))
    return record


def _step_length(parameters, optimizer):
    """Take a step and return how far the parameters moved."""
    with torch.no_grad():
        before = [p.clone() for p in parameters]
    optimizer.step()
    with torch.no_grad():
        moves = [p - q for p, q in zip(parameters, before, strict=True)]
        return nn.utils.get_total_norm(moves).item()
