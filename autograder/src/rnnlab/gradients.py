"""Instruments for gradients: how long they are and where they point."""

import math

import torch
from torch import nn


def angle_between(first, second):
    """Return the angle between two vectors, in degrees.

    It is computed from sums and differences of unit vectors, so an angle of
    1e-6 degrees is told from 0, which the arc cosine cannot do.

    Equations:
        angle = 2 atan2(|u - v|, |u + v|), u and v the unit vectors

    Args:
        first: A vector that is not 0.
        second: Another one.

    Shapes:
        first, second: (size,)

    Units:
        Degrees, 0 to 180.

    Returns:
        float: the angle.

    Example:
        >>> angle_between(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 2.0]))
        90.0

    Source:
        Kahan's formula for the angle between two vectors.
    """
    first, second = first.double(), second.double()
    first, second = first / first.norm(), second / second.norm()
    halves = (first - second).norm().item(), (first + second).norm().item()
    return math.degrees(2 * math.atan2(*halves))


def clipping_angles(parameters, fractions):
    """Clip the same gradient in three ways, harder and harder.

    Each threshold is set so that the length that remains is the same for
    all three: the given fraction of the length before. The parameters'
    gradients are unchanged afterwards.

    Args:
        parameters: Parameters with gradients.
        fractions: Lengths to keep, each in (0, 1).

    Units:
        Degrees between the gradient before and after.

    Returns:
        dict: for "global norm", "norm per tensor" and "value" a list with
        one angle per fraction.
    """
    used = [each for each in parameters if each.grad is not None]
    before = [each.grad.clone() for each in used]
    vector = nn.utils.parameters_to_vector(before)
    clippers = {
        "global norm": nn.utils.clip_grad_norm_,
        "norm per tensor": _clip_each_tensor,
        "value": nn.utils.clip_grad_value_,
    }
    angles = {name: [] for name in clippers}
    for name, clip in clippers.items():
        for fraction in fractions:
            goal = fraction * vector.norm().item()
            after = _clip_to_length(used, before, clip, goal)
            angles[name].append(angle_between(vector, after))
    return angles


def state_gradient_norms(step, inputs, grad_hidden_state):
    """Send a gradient back through time and return its norm on the way.

    Args:
        step: Maps a hidden state and x_t to the next hidden state.
        inputs: x_1 to x_T; the hidden state starts at 0.
        grad_hidden_state: Gradient of the loss by the last hidden state.

    Shapes:
        inputs:            (seq_len, hidden_size)
        grad_hidden_state: (hidden_size,)
        returns:           (seq_len + 1,), entry k is the norm at lag k

    Units:
        Dimensionless: relative to the norm at lag 0.

    Returns:
        Tensor: relative gradient norms; entry 0 is 1.
    """
    hidden_states = [torch.zeros_like(inputs[0]).requires_grad_()]
    for x in inputs:
        hidden_states.append(step(hidden_states[-1], x))
    gradients = torch.autograd.grad(
        hidden_states[-1], hidden_states, grad_outputs=grad_hidden_state
    )
    norms = torch.stack([gradient.norm() for gradient in gradients]).flip(0)
    return norms / norms[0]


def radius_examples(seed, lags=60, size=8):
    """Measure four RNNs that show what the spectral radius decides.

    The names tell the spectral radius of the recurrent matrix. The linear
    ones are rotated at random; the tanh network has a Gaussian matrix and
    inputs of standard deviation 2, which saturate it.

    Args:
        seed: Any integer.
        lags: How far back to go.
        size: Number of units, a multiple of 4.

    Shapes:
        returns[name]: (lags + 1,)

    Units:
        Gradient norm relative to lag 0; float64.

    Returns:
        dict: name to relative gradient norms.
    """
    random = torch.Generator().manual_seed(seed)
    draw = {"generator": random, "dtype": torch.float64}
    turn = torch.linalg.qr(torch.randn(size, size, **draw))[0]
    modes = torch.tensor([1.2] + [0.7] * (size - 1), dtype=torch.float64)
    symmetric = turn @ modes.diag() @ turn.T
    chain = torch.ones(size - 1, dtype=torch.float64)
    chain[3::4] = 0
    chained = 0.8 * turn @ (torch.eye(size) + chain.diag(1)) @ turn.T
    noisy = torch.randn(size, size, **draw)
    noisy *= 1.2 / torch.linalg.eigvals(noisy).abs().max()
    silence = torch.zeros(lags, size, dtype=torch.float64)
    loud = 2 * torch.randn(lags, size, **draw)
    cases = {
        "1.2, along the mode that grows": (symmetric, silence, turn[:, 0]),
        "0.8, not normal": (chained, silence, turn[:, 0]),
        "1.2, across the mode that grows": (symmetric, silence, turn[:, 1]),
        "1.2, saturated tanh": (noisy, loud, turn[:, 0]),
    }
    return {
        name: state_gradient_norms(
            _tanh_step(weight) if inputs is loud else _linear_step(weight),
            inputs,
            gradient,
        )
        for name, (weight, inputs, gradient) in cases.items()
    }


def _linear_step(weight_hh):
    return lambda hidden_state, x: weight_hh @ hidden_state + x


def _tanh_step(weight_hh):
    return lambda hidden_state, x: torch.tanh(weight_hh @ hidden_state + x)


def spike_response(
    make_optimizer, generator, *, factor, spike_step, num_steps, size=100
):
    """Feed an optimizer noise with one huge gradient; measure its steps.

    Args:
        make_optimizer: Maps a list of parameters to an optimizer.
        generator: Draws the gradients, standard normal at every step.
        factor: What the gradient of one step is multiplied by.
        spike_step: Which step that is.
        num_steps: How many steps to take.
        size: Number of parameters.

    Shapes:
        returns: (num_steps,)

    Units:
        Dimensionless: relative to the median step before the spike.

    Returns:
        Tensor: length of each step.
    """
    parameter = nn.Parameter(torch.zeros(size, dtype=torch.float64))
    optimizer = make_optimizer([parameter])
    lengths = []
    for step in range(num_steps):
        gradient = torch.randn(size, generator=generator).double()
        parameter.grad = gradient * (factor if step == spike_step else 1.0)
        before = parameter.detach().clone()
        optimizer.step()
        lengths.append((parameter.detach() - before).norm())
    lengths = torch.stack(lengths)
    return lengths / lengths[:spike_step].median()


def _clip_each_tensor(parameters, max_norm):
    """Clip each parameter's gradient on its own."""
    for parameter in parameters:
        nn.utils.clip_grad_norm_([parameter], max_norm)


def _clip_to_length(parameters, before, clip, goal, rounds=60):
    """Bisect the threshold until the clipped gradient has a given length."""
    low, high = 0.0, nn.utils.get_total_norm(before).item()
    for _ in range(rounds):
        middle = (low + high) / 2
        for parameter, gradient in zip(parameters, before, strict=True):
            parameter.grad.copy_(gradient)
        clip(parameters, middle)
        after = nn.utils.parameters_to_vector([p.grad for p in parameters])
        low, high = (middle, high) if after.norm() < goal else (low, middle)
    for parameter, gradient in zip(parameters, before, strict=True):
        parameter.grad.copy_(gradient)
    return after.clone()
