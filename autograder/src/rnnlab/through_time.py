"""Instruments for the way through time of a torch.nn.RNN, there and back."""

import torch


def loss_gradients(layer, inputs, loss_fn):
    """Differentiate a loss on the last step by every hidden state.

    Args:
        layer: torch.nn.RNN with one layer, one direction, time-major.
        inputs: What it reads; the hidden state before it is 0.
        loss_fn: Maps the last hidden states to the sum of the sequences'
            losses. A sum and not a mean, so that each sequence gets its own
            gradient.

    Equations:
        eq-gradient-chain

    Shapes:
        inputs:   (seq_len, batch, input_size)
        loss_fn:  (batch, hidden_size) -> ()
        returns:  (seq_len, batch), entry k belongs to the state of lag k

    Units:
        Units of the loss per unit of the hidden state.

    Returns:
        Tensor: the norm of each gradient; entry 0 belongs to the last state.
    """
    size = layer.hidden_size
    hidden_states = [inputs.new_zeros(1, inputs.shape[1], size)]
    for x in inputs:
        _, hidden_state = layer(x[None], hidden_states[-1])
        hidden_states.append(hidden_state)
    gradients = torch.autograd.grad(
        loss_fn(hidden_states[-1][0]), hidden_states[1:]
    )
    return torch.cat(gradients).norm(dim=2).flip(0)


@torch.no_grad()
def nudge_sizes(layer, inputs, nudge):
    """Nudge the initial hidden state and follow the difference it makes.

    Args:
        layer: torch.nn.RNN with one layer, one direction, time-major.
        inputs: What both copies of it read.
        nudge: What is added to one copy's initial hidden state, 0.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        nudge:   (batch, hidden_size)
        returns: (seq_len + 1, batch)

    Units:
        Dimensionless: relative to the size of the nudge.

    Returns:
        Tensor: distance between the two hidden states after each step;
        entry 0 is 1.
    """
    start = torch.zeros_like(nudge)[None]
    left, right = (layer(inputs, h)[0] for h in (start, start + nudge))
    distances = torch.cat([nudge[None], right - left]).norm(dim=2)
    return distances / distances[0]
