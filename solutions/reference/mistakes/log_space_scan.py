"""Mistakes in log_space_scan."""

import torch

from reference.catalogue import mistake


@mistake(
    "log_space_scan",
    "You leave the logarithms: the product of the gates underflows to "
    "0, and a division by it is infinite.",
)
def plain_products(log_gates, log_values, log_state):
    """Divide by the product of the gates."""
    products = log_gates.exp().cumprod(0)
    sums = (log_values.exp() / products).cumsum(0)
    return (products * (log_state.exp() + sums)).log()


@mistake(
    "log_space_scan",
    "Your sum lacks the initial state; it is the first term of logcumsumexp.",
)
def initial_state_left_out(log_gates, log_values, log_state):
    """Leave the first term out."""
    products = log_gates.cumsum(0)
    terms = log_values - products
    return products + terms.logcumsumexp(0) + 0 * log_state


@mistake(
    "log_space_scan",
    "You return the states; asked for are their logarithms, which do "
    "not underflow.",
)
def states_returned(log_gates, log_values, log_state):
    """Take the exponential at the end."""
    products = log_gates.cumsum(0)
    first = log_state[None]
    terms = torch.cat([first, log_values - products])
    return (products + terms.logcumsumexp(0)[1:]).exp()


@mistake(
    "log_space_scan",
    "You multiply the logarithms; a product of gates is the sum of "
    "their logarithms.",
)
def product_of_logarithms(log_gates, log_values, log_state):
    """Use cumprod on logarithms."""
    products = log_gates.cumprod(0)
    terms = torch.cat([log_state[None], log_values - products])
    return products + terms.logcumsumexp(0)[1:]


@mistake(
    "log_space_scan",
    "Your values are not divided by the product of the gates so far: in "
    "logarithms, subtract it.",
)
def values_not_divided(log_gates, log_values, log_state):
    """Sum the values as they are."""
    terms = torch.cat([log_state[None], log_values])
    return log_gates.cumsum(0) + terms.logcumsumexp(0)[1:]


@mistake(
    "log_space_scan",
    "You add the product of the gates to the values' logarithms; eq- "
    "log-scan divides by it, so subtract.",
)
def product_added(log_gates, log_values, log_state):
    """Get the sign wrong."""
    products = log_gates.cumsum(0)
    terms = torch.cat([log_state[None], log_values + products])
    return products + terms.logcumsumexp(0)[1:]


@mistake(
    "log_space_scan",
    "The product of the gates in front of the bracket is missing: add "
    "log A at the end.",
)
def product_not_multiplied_back(log_gates, log_values, log_state):
    """Return the bracket."""
    products = log_gates.cumsum(0)
    terms = torch.cat([log_state[None], log_values - products])
    return terms.logcumsumexp(0)[1:]


@mistake(
    "log_space_scan",
    "You drop the last sum; the first one is to be dropped, which holds "
    "the initial state alone.",
)
def last_term_dropped(log_gates, log_values, log_state):
    """Drop the wrong end."""
    products = log_gates.cumsum(0)
    terms = torch.cat([log_state[None], log_values - products])
    return products + terms.logcumsumexp(0)[:-1]


@mistake(
    "log_space_scan",
    "You add the initial state at the end; by then it has been "
    "multiplied by all gates so far.",
)
def initial_state_ungated(log_gates, log_values, log_state):
    """Add the initial state outside."""
    products = log_gates.cumsum(0)
    sums = (log_values - products).logcumsumexp(0)
    return torch.logaddexp(products + sums, log_state)


@mistake(
    "log_space_scan",
    "You add logarithms up, which multiplies the terms; logcumsumexp "
    "adds the terms themselves.",
)
def logarithms_added(log_gates, log_values, log_state):
    """Use cumsum in both places."""
    products = log_gates.cumsum(0)
    terms = torch.cat([log_state[None], log_values - products])
    return products + terms.cumsum(0)[1:]


@mistake(
    "log_space_scan",
    "Your products lack the gate of the step itself.",
)
def gates_of_the_step_before(log_gates, log_values, log_state):
    """Shift the products by one step."""
    shifted = torch.cat([0 * log_gates[:1], log_gates[:-1]])
    products = shifted.cumsum(0)
    terms = torch.cat([log_state[None], log_values - products])
    return products + terms.logcumsumexp(0)[1:]
