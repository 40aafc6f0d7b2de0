"""Mistakes in gradient_by_lag: which Jacobian, where, from which side."""

import torch

from reference.catalogue import mistake
from reference.mistakes.gradient_parts import back, gradients, way_back
from reference.vanishing import rnn_step, rnn_unroll


def _norms(found):
    return torch.stack([gradient.norm() for gradient in found])


@mistake(
    "gradient_by_lag",
    "You take the Jacobian of a step at the hidden state before it; it is "
    "taken at the hidden state after it.",
)
def jacobian_at_the_state_before(*arguments):
    """Be one step late on the way back."""

    def before(arguments):
        hidden_states, _ = rnn_unroll(*arguments[:-1])
        return hidden_states[:-1].flip(0)

    return way_back(arguments, states=before)


@mistake(
    "gradient_by_lag",
    "You go through the Jacobians from the first step to the last; the "
    "gradient begins at the last.",
)
def jacobians_from_the_first_step_on(*arguments):
    """Forget to reverse time."""

    def forward(arguments):
        return rnn_unroll(*arguments[:-1])[0][1:]

    return way_back(arguments, states=forward)


@mistake(
    "gradient_by_lag",
    "You use the Jacobian of the last step for every step; each step has its "
    "own.",
)
def last_jacobian_throughout(*arguments):
    """Take one Jacobian to all powers."""

    def last(arguments):
        hidden_states, state = rnn_unroll(*arguments[:-1])
        return [state] * (len(hidden_states) - 1)

    return way_back(arguments, states=last)


@mistake(
    "gradient_by_lag",
    "You send the gradient through the transposed Jacobian; going back it is "
    "a row, on the left of step_jacobian.",
)
def jacobian_from_the_wrong_side(*arguments):
    """Send the gradient through the transposed Jacobian."""
    return way_back(arguments, back=lambda g, j: back(g, j.mT))


@mistake(
    "gradient_by_lag",
    "Every lag of yours starts from the gradient at the end and goes back one "
    "step; go on from the lag before.",
)
def nothing_accumulates(*arguments):
    """Apply each Jacobian to the last gradient."""
    start = arguments[-1]
    return way_back(arguments, back=lambda _, j: back(start, j))


@mistake(
    "gradient_by_lag",
    "You multiply the Jacobians in the wrong order: the last step's stands "
    "first, next to the gradient.",
)
def product_in_the_wrong_order(*arguments):
    """Put each new Jacobian on the left of the product."""
    end = arguments[-1]
    units = torch.eye(end.shape[1]).to(end).expand(len(end), -1, -1)
    found = gradients(arguments, start=units, back=lambda p, j: j @ p)
    return _norms([back(end, product) for product in found])


@mistake(
    "gradient_by_lag",
    "You add the gradient at the end again at every step, as if each step had "
    "a loss; only the last one has.",
)
def a_loss_at_every_step(*arguments):
    """Backpropagate the sum of all steps' losses."""
    end = arguments[-1]
    return way_back(arguments, back=lambda g, j: end + back(g, j))


@mistake(
    "gradient_by_lag",
    "You send back ones; the gradient at the end is grad_hidden_state.",
)
def ones_sent_back(*arguments):
    """Ignore the gradient that comes in."""
    return way_back(arguments, start=torch.ones_like(arguments[-1]))


@mistake(
    "gradient_by_lag",
    "You return the norm of the Jacobians' product; multiply "
    "grad_hidden_state into it first.",
)
def norm_of_the_product(*arguments):
    """Leave the gradient out."""
    end = arguments[-1]
    units = torch.eye(end.shape[1]).to(end).expand(len(end), -1, -1)
    return way_back(arguments, start=units, back=torch.matmul)


@mistake(
    "gradient_by_lag",
    "You multiply norms; the norm of a product is not the product of the "
    "norms, it is at most that.",
)
def product_of_norms(*arguments):
    """Multiply the norm by each Jacobian's norm."""
    start = arguments[-1].norm()
    return way_back(arguments, start=start, back=lambda n, j: n * j.norm())


@mistake(
    "gradient_by_lag",
    "These are the gradients by the inputs; asked for are those by the hidden "
    "states.",
)
def gradients_by_the_inputs(*arguments):
    """Go one layer too far."""
    weight_ih = arguments[2]
    slopes = 1 - rnn_unroll(*arguments[:-1])[0].flip(0) ** 2
    found = gradients(arguments)
    pairs = zip(found, slopes, strict=True)
    return _norms([gradient * s @ weight_ih for gradient, s in pairs])


@mistake(
    "gradient_by_lag",
    "Autograd is switched off here, so it finds no graph. Multiply by "
    "step_jacobian, step by step.",
)
def autograd_asked(
    inputs, state, weight_ih, weight_hh, bias_ih, bias_hh, grad_hidden_state
):
    """Let autograd do the work."""
    states = []
    for x in inputs:
        state = rnn_step(x, state, weight_ih, weight_hh, bias_ih, bias_hh)
        states.append(state)
    return _norms(torch.autograd.grad(state, states, grad_hidden_state))
