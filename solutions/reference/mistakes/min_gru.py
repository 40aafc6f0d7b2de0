"""Mistakes in min_gru."""

import torch

from reference.catalogue import mistake
from rnnlab.layout import gate_slices
from rnnlab.recurrence import MIN_GRU_GATES


def blocks(inputs, state, weight_ih, bias_ih, order=MIN_GRU_GATES):
    """Return what the gates and the candidates are before activation."""
    rows = gate_slices(state.shape[1], order)
    sums = inputs @ weight_ih.T + bias_ih
    return sums[..., rows["update"]], sums[..., rows["new"]]


@mistake(
    "min_gru",
    "Your update gate multiplies the candidate, as in the paper; here "
    "it multiplies the old state, as in torch.",
)
def keeps_at_zero(inputs, state, weight_ih, bias_ih, scan):
    """Take the paper's letter."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gate = update.sigmoid()
    return scan(1 - gate, gate * new, state)


@mistake(
    "min_gru",
    "Your candidate is added whole; its share is 1 - update gate.",
)
def candidate_not_gated(inputs, state, weight_ih, bias_ih, scan):
    """Add the candidate as it is."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    return scan(update.sigmoid(), new, state)


@mistake(
    "min_gru",
    "Your update gate multiplies the old state and the candidate; the "
    "candidate's share is 1 - update gate.",
)
def gate_on_both(inputs, state, weight_ih, bias_ih, scan):
    """Use one share twice."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gate = update.sigmoid()
    return scan(gate, gate * new, state)


@mistake(
    "min_gru",
    "Your candidate goes through tanh, as in a GRU; the minimal one has none.",
)
def tanh_on_the_candidate(inputs, state, weight_ih, bias_ih, scan):
    """Keep the tanh of a GRU."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gate = update.sigmoid()
    return scan(gate, (1 - gate) * new.tanh(), state)


@mistake(
    "min_gru",
    "Your candidate goes through a sigmoid; only the update gate does.",
)
def sigmoid_on_the_candidate(inputs, state, weight_ih, bias_ih, scan):
    """Take both blocks for gates."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gate = update.sigmoid()
    return scan(gate, (1 - gate) * new.sigmoid(), state)


@mistake(
    "min_gru",
    "The sigmoid of your update gate is missing.",
)
def sigmoid_missing(inputs, state, weight_ih, bias_ih, scan):
    """Use the gate's pre-activation."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    return scan(update, (1 - update) * new, state)


@mistake(
    "min_gru",
    "Your update gate goes through tanh; it lies between 0 and 1 and "
    "needs a sigmoid.",
)
def tanh_on_the_gate(inputs, state, weight_ih, bias_ih, scan):
    """Squash the gate to (-1, 1)."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gate = update.tanh()
    return scan(gate, (1 - gate) * new, state)


@mistake(
    "min_gru",
    "You took the blocks in the order new, update; MIN_GRU_GATES says "
    "update, new.",
)
def blocks_swapped(inputs, state, weight_ih, bias_ih, scan):
    """Swap the blocks."""
    update, new = blocks(
        inputs, state, weight_ih, bias_ih, MIN_GRU_GATES[::-1]
    )
    gate = update.sigmoid()
    return scan(gate, (1 - gate) * new, state)


@mistake(
    "min_gru",
    "Your bias_ih is not used.",
)
def bias_dropped(inputs, state, weight_ih, bias_ih, scan):
    """Leave the bias out."""
    update, new = blocks(inputs, state, weight_ih, 0 * bias_ih)
    gate = update.sigmoid()
    return scan(gate, (1 - gate) * new, state)


@mistake(
    "min_gru",
    "Your recurrence starts from 0; give scan the initial state.",
)
def starts_from_zero(inputs, state, weight_ih, bias_ih, scan):
    """Ignore the initial state."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gate = update.sigmoid()
    return scan(gate, (1 - gate) * new, 0 * state)


@mistake(
    "min_gru",
    "You call scan once for each step; one call takes all steps.",
)
def scan_for_each_step(inputs, state, weight_ih, bias_ih, scan):
    """Scan in a loop."""
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gates, found = update.sigmoid(), []
    for gate, candidate in zip(gates, new, strict=True):
        value = (1 - gate) * candidate
        state = scan(gate[None], value[None], state)[0]
        found.append(state)
    return torch.stack(found)


@mistake(
    "min_gru",
    "You run the recurrence yourself and never call scan, so every "
    "state waits for the one before.",
)
def loop_without_scan(inputs, state, weight_ih, bias_ih, scan):
    """Write the loop."""
    del scan
    update, new = blocks(inputs, state, weight_ih, bias_ih)
    gates, found = update.sigmoid(), []
    for gate, candidate in zip(gates, new, strict=True):
        state = gate * state + (1 - gate) * candidate
        found.append(state)
    return torch.stack(found)
