"""Chapter 3: the gradient norm, two clippings, and going back."""

import copy

import torch


def global_gradient_norm(parameters):
    """Return the norm of all gradients together.

    Equations:
        eq-gradient-norm

    Args:
        parameters: Parameters, any iterable; read once.

    Shapes:
        returns: ()

    Returns:
        Tensor: the norm; 0 where no parameter has a gradient.

    Source:
        Pascanu, Mikolov and Bengio 2013, Algorithm 1.
    """
    gradients = _gradients(parameters)
    if not gradients:
        return torch.tensor(0.0)
    squares = torch.stack([(g * g).sum() for g in gradients])
    return squares.sum().sqrt()  # eq-gradient-norm


def clip_by_norm(parameters, max_norm, error_if_nonfinite=False):
    """Scale all gradients, in place, so that their norm is at most max_norm.

    Equations:
        eq-clip-norm

    Args:
        parameters: Parameters, any iterable; read once.
        max_norm: Largest norm of all gradients together.
        error_if_nonfinite: Whether to refuse Inf and NaN.

    Shapes:
        returns: ()

    Returns:
        Tensor: the norm before clipping.

    Raises:
        RuntimeError: the norm is Inf or NaN and error_if_nonfinite is True;
            the gradients are as they were.

    Source:
        Pascanu, Mikolov and Bengio 2013, Algorithm 1.
    """
    parameters = list(parameters)
    norm = global_gradient_norm(parameters)
    if error_if_nonfinite and not torch.isfinite(norm):
        raise RuntimeError(f"the gradient norm is {norm.item()}, not finite")
    if norm > max_norm:
        for gradient in _gradients(parameters):
            gradient.mul_(max_norm / norm)  # eq-clip-norm
    return norm


def clip_by_value(parameters, clip_value):
    """Bring every entry of every gradient into an interval, in place.

    Equations:
        eq-clip-value

    Args:
        parameters: Parameters, any iterable; read once.
        clip_value: Largest absolute value of an entry.

    Source:
        Mikolov 2012, as told in Pascanu, Mikolov and Bengio 2013, section
        3.2. Departs from it: every entry, not the temporal part alone.
    """
    for gradient in _gradients(parameters):
        gradient.clamp_(-clip_value, clip_value)  # eq-clip-value


def train_with_recovery(model, optimizer, batches, loss_fn, max_norm):
    """Train; where a step is not finite, go back and clip from then on.

    Equations:
        eq-recovery, eq-gradient-norm, eq-clip-norm

    Args:
        model: Module to train.
        optimizer: Optimizer over the model's parameters.
        batches: Batches, any iterable; read once.
        loss_fn: Returns the loss of ``(model, batch)``.
        max_norm: Largest gradient norm after the first return.

    Returns:
        list[int]: the steps at which it went back, counted from 0.
    """
    checkpoint = _snapshot(model, optimizer)
    went_back = []
    for step, batch in enumerate(batches):
        optimizer.zero_grad()
        loss = loss_fn(model, batch)
        loss.backward()
        norm = global_gradient_norm(model.parameters())
        if not (torch.isfinite(loss) and torch.isfinite(norm)):
            model.load_state_dict(checkpoint[0])  # eq-recovery
            optimizer.load_state_dict(checkpoint[1])
            went_back.append(step)
            continue
        checkpoint = _snapshot(model, optimizer)
        if went_back:
            clip_by_norm(model.parameters(), max_norm)
        optimizer.step()
    return went_back


def _snapshot(model, optimizer):
    """Return copies of both states; state_dict itself only refers."""
    return copy.deepcopy((model.state_dict(), optimizer.state_dict()))


def _gradients(parameters):
    return [p.grad for p in parameters if p.grad is not None]
