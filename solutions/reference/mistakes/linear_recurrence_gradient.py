"""Mistakes in linear_recurrence_gradient."""

import torch

from reference.catalogue import mistake


@mistake(
    "linear_recurrence_gradient",
    "Your products begin with the step's own gate; it acts before the "
    "value is added, so it is in none of them.",
)
def own_gate_included(gates):
    """Start one gate too early."""
    return gates.flip(0).cumprod(0).flip(0)


@mistake(
    "linear_recurrence_gradient",
    "You multiply the gates from the first step up to s; the value of "
    "step s goes through those after s.",
)
def from_the_first_step(gates):
    """Multiply forwards."""
    return gates.cumprod(0)


@mistake(
    "linear_recurrence_gradient",
    "You multiply the gates before s; the value of step s goes through "
    "those after s.",
)
def gates_before(gates):
    """Multiply what lies before."""
    ones = torch.ones_like(gates[:1])
    return torch.cat([ones, gates[:-1]]).cumprod(0)


@mistake(
    "linear_recurrence_gradient",
    "Your entries stand in the order of the lag; entry 0 belongs to the "
    "first step.",
)
def not_flipped_back(gates):
    """Forget to flip back."""
    ones = torch.ones_like(gates[:1])
    return torch.cat([ones, gates[1:].flip(0)]).cumprod(0)


@mistake(
    "linear_recurrence_gradient",
    "Your products stop before the last gate; the value of every "
    "earlier step goes through it.",
)
def last_gate_missing(gates):
    """End one gate too early."""
    found = torch.ones_like(gates)
    for step in range(len(gates)):
        found[step] = gates[step + 1 : -1].prod(0)
    return found


@mistake(
    "linear_recurrence_gradient",
    "You divide the product of all gates by the product up to s: right "
    "on paper, and not a number where a gate is 0.",
)
def divided(gates):
    """Divide two cumulative products."""
    products = gates.cumprod(0)
    return products[-1] / products


@mistake(
    "linear_recurrence_gradient",
    "You add the gates up; each of them multiplies.",
)
def added(gates):
    """Sum where one must multiply."""
    later = torch.cat([gates[1:], torch.ones_like(gates[:1])])
    return later.flip(0).cumsum(0).flip(0)


@mistake(
    "linear_recurrence_gradient",
    "Your last entry is 0; the last value is added to the last state as "
    "it is, so its gradient is 1.",
)
def last_entry_zero(gates):
    """Start from zero."""
    found = gates.roll(-1, 0)
    found[-1] = 1
    found = found.flip(0).cumprod(0).flip(0)
    found[-1] = 0
    return found


@mistake(
    "linear_recurrence_gradient",
    "You return one entry too few: the value of the last step has a "
    "gradient too, which is 1.",
)
def last_entry_missing(gates):
    """Leave the last step out."""
    return gates[1:].flip(0).cumprod(0).flip(0)


@mistake(
    "linear_recurrence_gradient",
    "Each of your entries is the next gate alone; all gates after the "
    "step multiply.",
)
def next_gate_alone(gates):
    """Multiply once."""
    return torch.cat([gates[1:], torch.ones_like(gates[:1])])


@mistake(
    "linear_recurrence_gradient",
    "You multiply along the batch; time is the first axis.",
)
def along_the_batch(gates):
    """Take the wrong axis."""
    later = torch.cat([gates[1:], torch.ones_like(gates[:1])])
    return later.flip(1).cumprod(1).flip(1)
