"""Mistakes in gradient_by_lag: the way back is right, its parts are not.

Imported last, when the mistakes of the parts are in the catalogue.
"""

import torch

from reference.catalogue import MISTAKES, Mistake
from reference.mistakes.gradient_parts import back, way_back
from reference.vanishing import step_jacobian


def _over_a_step(variant):
    """Return the right way back over a wrong step."""

    def wrong(inputs, state, w_ih, weight_hh, b_ih, b_hh, grad_hidden_state):
        states = []
        for x in inputs:
            state = variant(x, state, w_ih, weight_hh, b_ih, b_hh)
            states.append(state)
        found = [grad_hidden_state]
        for state in states[:0:-1]:
            found.append(back(found[-1], step_jacobian(state, weight_hh)))
        return torch.stack([gradient.norm() for gradient in found])

    return wrong


def _over_a_jacobian(variant):
    """Return the right way back over wrong Jacobians."""

    def wrong(*arguments):
        return way_back(arguments, jacobian=variant)

    return wrong


#: What no norm shows, and what stops the loop before the way back begins.
_LEFT_OUT = {
    "hidden-state-detached",
    "transposed-result",
    "axis-in-front",
    "all-signs-turned",
    "squeezed",
    "transposed",  # the same as the Jacobian from the wrong side
}
_WHERE = {"rnn_step": _over_a_step, "step_jacobian": _over_a_jacobian}

# Whoever builds it on wrong parts is sent back to those.
MISTAKES.extend(
    Mistake(
        "gradient_by_lag",
        f"{wrong.check.replace('_', '-')}-{wrong.id}",
        f"The way back is right; {wrong.check} is not. Check {wrong.check}, "
        "which names the mistake, and mend that first.",
        _WHERE[wrong.check](wrong.variant),
    )
    for wrong in tuple(MISTAKES)
    if wrong.check in _WHERE and wrong.id not in _LEFT_OUT
)
