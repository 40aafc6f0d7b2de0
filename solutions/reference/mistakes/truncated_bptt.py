"""Mistakes in truncated_bptt."""

import torch

from reference.catalogue import mistake


def _parts(state):
    return state if isinstance(state, tuple) else (state,)


def _cut(state):
    if isinstance(state, tuple):
        return tuple(part.detach() for part in state)
    return state.detach()


def _no_finish(loss):
    """Leave the loss alone."""
    del loss


def _run(
    arguments,
    truncation_length,
    *,
    cut=_cut,
    starts=lambda seq_len, chunk: range(0, seq_len, chunk),
    backward=lambda loss: loss.backward(),
    told=lambda first_step: first_step,
    keep=lambda states: states.detach(),
    begin=_no_finish,
):
    """Go through the chunks right, but for what is replaced."""
    layer, inputs, initial_state, loss_fn = arguments
    state, found = initial_state, []
    begin(layer)
    for first_step in starts(len(inputs), truncation_length):
        chunk = inputs[first_step : first_step + truncation_length]
        chunk_states, state = layer(chunk, state)
        backward(loss_fn(chunk_states, told(first_step)))
        state = cut(state)
        found.append(keep(chunk_states))
    return torch.cat(found), state


@mistake(
    "truncated_bptt",
    "You carry the state on with its history, so the second chunk goes back "
    "through the first one, whose graph is gone: detach the state.",
)
def never_detached(*arguments, truncation_length):
    """Forget to cut."""
    return _run(arguments, truncation_length, cut=lambda state: state)


@mistake(
    "truncated_bptt",
    "You went back through the whole sequence: retain_graph hides the error, "
    "and the state still carries its history.",
)
def graph_retained(*arguments, truncation_length):
    """Silence the error."""
    layer, inputs, state, loss_fn = arguments
    found = []
    for first_step in range(0, len(inputs), truncation_length):
        chunk = inputs[first_step : first_step + truncation_length]
        chunk_states, state = layer(chunk, state)
        loss_fn(chunk_states, first_step).backward(retain_graph=True)
        found.append(chunk_states.detach())
    return torch.cat(found), _cut(state)


@mistake(
    "truncated_bptt",
    "You begin each chunk with the initial state; a chunk begins with the "
    "state that the chunk before it ended with.",
)
def state_forgotten(*arguments, truncation_length):
    """Start anew in each chunk, and return the last state."""
    layer, inputs, initial_state, loss_fn = arguments
    found = []
    for first_step in range(0, len(inputs), truncation_length):
        chunk = inputs[first_step : first_step + truncation_length]
        chunk_states, state = layer(chunk, initial_state)
        loss_fn(chunk_states, first_step).backward()
        found.append(chunk_states.detach())
    return torch.cat(found), _cut(state)


@mistake(
    "truncated_bptt",
    "Your state is 0 after each chunk; detach cuts the history and keeps "
    "the numbers.",
)
def state_zeroed(*arguments, truncation_length):
    """Take cutting for erasing."""

    def cut(state):
        zeros = tuple(torch.zeros_like(part) for part in _parts(state))
        return zeros if isinstance(state, tuple) else zeros[0]

    return _run(arguments, truncation_length, cut=cut)


@mistake(
    "truncated_bptt",
    "You detached the LSTM's hidden state alone; the cell state still has "
    "its history, and the next chunk meets a graph that is gone.",
)
def cell_state_left(*arguments, truncation_length):
    """Cut one half of the pair."""

    def cut(state):
        if isinstance(state, tuple):
            return state[0].detach(), state[1]
        return state.detach()

    return _run(arguments, truncation_length, cut=cut)


@mistake(
    "truncated_bptt",
    "You call detach on what the layer returns as its state; an LSTM "
    "returns a tuple, and its two tensors are what has a detach.",
)
def tuple_detached(*arguments, truncation_length):
    """Treat every state as one tensor."""
    return _run(arguments, truncation_length, cut=lambda state: state.detach())


@mistake(
    "truncated_bptt",
    "You leave out the last chunk when it is shorter than the others.",
)
def last_chunk_dropped(*arguments, truncation_length):
    """Count whole chunks."""
    return _run(
        arguments,
        truncation_length,
        starts=lambda seq_len, chunk: range(0, seq_len - chunk + 1, chunk),
    )


@mistake(
    "truncated_bptt",
    "You tell loss_fn that every chunk begins at step 0, so later chunks "
    "are compared with the first targets.",
)
def first_step_always_zero(*arguments, truncation_length):
    """Pass a constant to the loss."""
    return _run(arguments, truncation_length, told=lambda _: 0)


@mistake(
    "truncated_bptt",
    "You set the layer's gradients to 0 first; .grad is the caller's, and "
    "backward() adds to it.",
)
def gradients_zeroed_first(*arguments, truncation_length):
    """Clear what the caller had."""
    return _run(
        arguments, truncation_length, begin=lambda layer: layer.zero_grad()
    )


@mistake(
    "truncated_bptt",
    "Your gradients are those of the last chunk alone: you set them to 0 "
    "before each chunk.",
)
def gradients_zeroed_each_time(*arguments, truncation_length):
    """Clear the gradients in the loop."""
    layer = arguments[0]

    def backward(loss):
        layer.zero_grad()
        loss.backward()

    return _run(arguments, truncation_length, backward=backward)


@mistake(
    "truncated_bptt",
    "Your gradients are divided by the number of steps in a chunk; loss_fn "
    "gives the sum of a chunk's losses, and that is what counts.",
)
def loss_averaged(*arguments, truncation_length):
    """Take a mean over the steps."""
    layer, inputs, state, loss_fn = arguments

    def averaged(hidden_states, first_step):
        return loss_fn(hidden_states, first_step) / len(hidden_states)

    return _run((layer, inputs, state, averaged), truncation_length)


@mistake(
    "truncated_bptt",
    "You detached the hidden states before the loss, so nothing can go back.",
)
def loss_detached(*arguments, truncation_length):
    """Cut at the wrong place."""
    layer, inputs, state, loss_fn = arguments

    def cut_off(hidden_states, first_step):
        return loss_fn(hidden_states.detach(), first_step)

    return _run((layer, inputs, state, cut_off), truncation_length)
