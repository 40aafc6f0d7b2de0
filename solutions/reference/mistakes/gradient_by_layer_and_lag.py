"""Mistakes in gradient_by_layer_and_lag: what comes back from where."""

import torch

from reference.catalogue import mistake
from reference.stacks import gradient_by_layer_and_lag


def _grid(arguments, measure=torch.Tensor.norm, **parts):
    """Send the gradient through the grid; some parts may be replaced.

    Args:
        arguments: Those of ``gradient_by_layer_and_lag``.
        measure: What is kept of each gradient.
        **parts: ``slope`` of a state, ``state`` to take it at, ``again``
            (whether the loss enters at a lag), ``across`` and ``down``
            (matrices), ``meet`` (how the two gradients come together).
    """
    states, end, layers = arguments
    count, steps = states.shape[:2]
    slope = parts.get("slope", lambda h: 1 - h**2)
    pick = parts.get("state", lambda states, layer, t: states[layer, t])
    again = parts.get("again", lambda lag: lag == 0)
    across = parts.get("across", lambda weight: weight)
    down = parts.get("down", lambda weight: weight)
    meet = parts.get("meet", torch.add)
    found = states.new_zeros(count, steps)
    later = [torch.zeros_like(end)] * count
    for lag in range(steps):
        above = end * again(lag)
        for layer in reversed(range(count)):
            gradient = meet(later[layer], above)
            found[layer, lag] = measure(gradient)
            sent = gradient * slope(pick(states, layer, steps - 1 - lag))
            later[layer] = sent @ across(layers[layer][1])
            above = sent @ down(layers[layer][0])
    return found


@mistake(
    "gradient_by_layer_and_lag",
    "You never go down: only the highest layer gets a gradient. A state is "
    "read by the layer above it too.",
)
def never_down(*arguments):
    """Go back through time alone."""
    return _grid(arguments, down=lambda weight: 0 * weight)


@mistake(
    "gradient_by_layer_and_lag",
    "You never go back in time: only lag 0 gets a gradient. A state is read "
    "by the next step of its own layer too.",
)
def never_back(*arguments):
    """Go down alone."""
    return _grid(arguments, across=lambda weight: 0 * weight)


@mistake(
    "gradient_by_layer_and_lag",
    "Going down, you multiply by weight_hh; a layer reads the one below "
    "through its weight_ih.",
)
def recurrent_weights_downwards(states, end, layers):
    """Use weight_hh in both directions."""
    same = [layer._replace(weight_ih=layer.weight_hh) for layer in layers]
    return gradient_by_layer_and_lag(states, end, same)


@mistake(
    "gradient_by_layer_and_lag",
    "You exchanged the weights: weight_hh leads to the step before, weight_ih "
    "to the layer below.",
)
def weights_exchanged(states, end, layers):
    """Use weight_ih through time and weight_hh through depth."""
    other = [
        layer._replace(weight_ih=layer.weight_hh, weight_hh=layer.weight_ih)
        for layer in layers
    ]
    return gradient_by_layer_and_lag(states, end, other)


@mistake(
    "gradient_by_layer_and_lag",
    "You multiply by the transposed weights; a gradient is a row and goes "
    "back from the left, gradient @ weight.",
)
def transposed(*arguments):
    """Multiply as on the way forward."""
    turn = torch.transpose
    return _grid(
        arguments,
        across=lambda weight: turn(weight, 0, 1),
        down=lambda weight: turn(weight, 0, 1),
    )


@mistake(
    "gradient_by_layer_and_lag",
    "The slope of tanh is missing: a gradient passes 1 - h ** 2 of the state "
    "that it leaves.",
)
def slope_left_out(*arguments):
    """Treat the layers as linear."""
    return _grid(arguments, slope=torch.ones_like)


@mistake(
    "gradient_by_layer_and_lag",
    "You apply tanh's slope formula to tanh(h); the states are already "
    "outputs of tanh, the slope is 1 - h ** 2.",
)
def slope_of_the_state(*arguments):
    """Take the state for a pre-activation."""
    return _grid(arguments, slope=lambda h: 1 - torch.tanh(h) ** 2)


@mistake(
    "gradient_by_layer_and_lag",
    "You go through time from the first step on: lag 0 must use the states "
    "of the last step.",
)
def time_runs_forwards(states, end, layers):
    """Take lag k for time step k."""
    return gradient_by_layer_and_lag(states.flip(1), end, layers)


@mistake(
    "gradient_by_layer_and_lag",
    "Your norms run in the order of time; column 0 is lag 0, the last step.",
)
def columns_in_order_of_time(*arguments):
    """Return the columns in the order of time."""
    return gradient_by_layer_and_lag(*arguments).flip(1)


@mistake(
    "gradient_by_layer_and_lag",
    "Your rows begin with the highest layer; row 0 is the lowest.",
)
def rows_upside_down(*arguments):
    """Return the highest layer first."""
    return gradient_by_layer_and_lag(*arguments).flip(0)


@mistake(
    "gradient_by_layer_and_lag",
    "You add grad_hidden_state at every lag, as if each step had a loss; only "
    "the last one has.",
)
def a_loss_at_every_step(*arguments):
    """Let the loss enter at every lag."""
    return _grid(arguments, again=lambda _: True)


@mistake(
    "gradient_by_layer_and_lag",
    "Where two gradients meet you keep the larger entry; gradients that meet "
    "are added.",
)
def larger_one_kept(*arguments):
    """Take the maximum where two ways meet."""
    return _grid(arguments, meet=torch.maximum)


@mistake(
    "gradient_by_layer_and_lag",
    "These are squared norms; the root is missing.",
)
def root_missing(*arguments):
    """Return sums of squares."""
    return gradient_by_layer_and_lag(*arguments).square()


@mistake(
    "gradient_by_layer_and_lag",
    "You averaged over the batch before the norm; gradients of opposite signs "
    "then cancel.",
)
def averaged_over_the_batch(*arguments):
    """Average over the batch before the norm."""
    return _grid(arguments, lambda gradient: gradient.mean(0).norm())
