"""Mistakes in parallel_scan."""

import torch

from reference.catalogue import mistake


def scan(gates, values, combine, grow=lambda offset: 2 * offset, ends=None):
    """Run rounds of which some parts are replaced."""
    offset, ends = 1, len(gates) if ends is None else ends
    while offset < ends:
        earlier = gates[:-offset], values[:-offset]
        found = combine(earlier, (gates[offset:], values[offset:]))
        gates = torch.cat([gates[:offset], found[0]])
        values = torch.cat([values[:offset], found[1]])
        offset = grow(offset)
    return gates, values


@mistake(
    "parallel_scan",
    "That is the loop: each call combines a single step with all before "
    "it, so there are T - 1 rounds.",
)
def one_step_after_the_other(gates, values, initial_state, combine):
    """Combine from left to right."""
    pair, found = (gates[0], values[0]), []
    found.append(pair)
    for later in zip(gates[1:], values[1:], strict=True):
        pair = combine(pair, later)
        found.append(pair)
    return torch.stack([g * initial_state + v for g, v in found])


@mistake(
    "parallel_scan",
    "You put the initial state in front as one more step, which takes "
    "one more round where T is a power of 2; apply it at the end.",
)
def initial_state_as_a_step(gates, values, initial_state, combine):
    """Prepend the initial state."""
    gates = torch.cat([0 * gates[:1], gates])
    values = torch.cat([initial_state[None], values])
    return scan(gates, values, combine)[1][1:]


@mistake(
    "parallel_scan",
    "You give combine the later pair first; it wants the earlier one "
    "first, and the order matters.",
)
def later_pair_first(gates, values, initial_state, combine):
    """Swap combine's arguments."""
    gates, values = scan(gates, values, lambda a, b: combine(b, a))
    return gates * initial_state + values


@mistake(
    "parallel_scan",
    "Your offset grows by 1; after the first round each pair stands for "
    "two steps, so it must double.",
)
def offset_grows_by_one(gates, values, initial_state, combine):
    """Add 1 to the offset."""
    gates, values = scan(gates, values, combine, lambda offset: offset + 1)
    return gates * initial_state + values


@mistake(
    "parallel_scan",
    "You make a single round, after which each state knows two steps; "
    "double the offset and go on.",
)
def one_round(gates, values, initial_state, combine):
    """Stop after the first round."""
    ends = min(len(gates), 2)
    gates, values = scan(gates, values, combine, ends=ends)
    return gates * initial_state + values


@mistake(
    "parallel_scan",
    "You stop one round early: go on as long as the offset is smaller than T.",
)
def last_round_missing(gates, values, initial_state, combine):
    """Stop where twice the offset reaches the end."""
    ends = (len(gates) + 1) // 2
    gates, values = scan(gates, values, combine, ends=ends)
    return gates * initial_state + values


@mistake(
    "parallel_scan",
    "You rolled the steps round, so that the first ones are combined "
    "with the last; they have nothing before them and stay.",
)
def rolled_round(gates, values, initial_state, combine):
    """Roll instead of shifting."""
    offset = 1
    while offset < len(gates):
        earlier = gates.roll(offset, 0), values.roll(offset, 0)
        gates, values = combine(earlier, (gates, values))
        offset *= 2
    return gates * initial_state + values


@mistake(
    "parallel_scan",
    "Your states start from 0: the initial state is missing.",
)
def initial_state_left_out(gates, values, initial_state, combine):
    """Return the values."""
    return scan(gates, values, combine)[1] + 0 * initial_state


@mistake(
    "parallel_scan",
    "You add the initial state as it is; by step t it has been "
    "multiplied by all gates up to t.",
)
def initial_state_ungated(gates, values, initial_state, combine):
    """Forget the product in front of the initial state."""
    return scan(gates, values, combine)[1] + initial_state


@mistake(
    "parallel_scan",
    "Your initial state is multiplied by the gate of each step alone, "
    "and not by the product of all gates so far.",
)
def initial_state_gated_once(gates, values, initial_state, combine):
    """Use the given gates at the end."""
    return scan(gates, values, combine)[1] + gates * initial_state


@mistake(
    "parallel_scan",
    "Your initial state is added to the first value without the first gate.",
)
def initial_state_in_front_of_the_first_value_alone(
    gates, values, initial_state, combine
):
    """Fold the initial state in without its gate."""
    values = torch.cat([values[:1] + initial_state, values[1:]])
    return scan(gates, values, combine)[1]


@mistake(
    "parallel_scan",
    "You run the loop yourself and never call combine, so every state "
    "waits for the one before.",
)
def loop_without_combine(gates, values, initial_state, combine):
    """Write the definition."""
    del combine
    found = []
    for gate, value in zip(gates, values, strict=True):
        initial_state = gate * initial_state + value
        found.append(initial_state)
    return torch.stack(found)
