"""Chapter 9: stacks of vanilla RNN layers, and the gradient's way down."""

import torch

from reference.vanishing import rnn_unroll


def stacked_rnn(inputs, initial_hidden_states, layers):
    """Run a stack of RNN layers: each reads the hidden states below it.

    Equations:
        eq-stack-layer

    Args:
        inputs: One input for each time step, at least one.
        initial_hidden_states: Hidden state of each layer before step 1.
        layers: RNNParameters of each layer, the lowest first.

    Shapes:
        inputs:                (seq_len, batch, input_size)
        initial_hidden_states: (num_layers, batch, hidden_size)
        hidden_states:         (seq_len, batch, hidden_size)
        last_hidden_states:    (num_layers, batch, hidden_size)

    Returns:
        tuple: the highest layer's hidden state at every step, and every
        layer's hidden state after the last step.

    Source:
        torch.nn.RNN with num_layers.
    """
    hidden_states, last_hidden_states = inputs, []
    for initial_hidden_state, parameters in zip(
        initial_hidden_states, layers, strict=True
    ):
        hidden_states, last_hidden_state = rnn_unroll(  # eq-stack-layer
            hidden_states, initial_hidden_state, *parameters
        )
        last_hidden_states.append(last_hidden_state)
    return hidden_states, torch.stack(last_hidden_states)


def stacked_rnn_with_skips(inputs, initial_hidden_states, layers):
    """Run a stack in which each layer but the first adds to what it reads.

    The addition comes after the recurrence: a layer's own hidden state goes
    to its next step as it is.

    Equations:
        eq-stack-skip

    Args:
        inputs: One input for each time step, at least one.
        initial_hidden_states: Hidden state of each layer before step 1.
        layers: RNNParameters of each layer, the lowest first.

    Shapes:
        inputs:                (seq_len, batch, input_size)
        initial_hidden_states: (num_layers, batch, hidden_size)
        outputs:               (seq_len, batch, hidden_size)
        last_hidden_states:    (num_layers, batch, hidden_size)

    Returns:
        tuple: the highest layer's output at every step, and every layer's
        hidden state after the last step.

    Source:
        Residual connections as in He et al. 2015. The first layer has none,
        since input_size and hidden_size may differ.
    """
    outputs, last_hidden_states = inputs, []
    for layer, parameters in enumerate(layers):
        hidden_states, last_hidden_state = rnn_unroll(
            outputs, initial_hidden_states[layer], *parameters
        )
        outputs = (  # eq-stack-skip
            hidden_states if layer == 0 else outputs + hidden_states
        )
        last_hidden_states.append(last_hidden_state)
    return outputs, torch.stack(last_hidden_states)


def stacked_bidirectional(inputs, initial_hidden_states, layers):
    """Run a bidirectional stack: each layer reads both directions below it.

    Equations:
        eq-stack-bidirectional

    Args:
        inputs: One input for each time step, at least one.
        initial_hidden_states: Hidden states before the first step of each
            direction, in torch's order.
        layers: Pairs of RNNParameters, forward and backward, lowest first.

    Shapes:
        inputs:                (seq_len, batch, input_size)
        initial_hidden_states: (2 * num_layers, batch, hidden_size)
        outputs:               (seq_len, batch, 2 * hidden_size)
        last_hidden_states:    (2 * num_layers, batch, hidden_size)

    Returns:
        tuple: both directions of the highest layer at every step, forward
        first, and the hidden states after the last step of each direction.

    Source:
        torch.nn.RNN with num_layers and bidirectional.
    """
    outputs, last_hidden_states = inputs, []
    for layer, (forward, backward) in enumerate(layers):
        forward_states, forward_last = rnn_unroll(
            outputs, initial_hidden_states[2 * layer], *forward
        )
        backward_states, backward_last = rnn_unroll(
            outputs.flip(0), initial_hidden_states[2 * layer + 1], *backward
        )
        outputs = torch.cat(  # eq-stack-bidirectional
            [forward_states, backward_states.flip(0)], dim=2
        )
        last_hidden_states += [forward_last, backward_last]
    return outputs, torch.stack(last_hidden_states)


def gradient_by_layer_and_lag(hidden_states, grad_hidden_state, layers):
    """Send a gradient back through time and down through the layers.

    Equations:
        eq-stack-backward

    Args:
        hidden_states: Hidden state of every layer after every step.
        grad_hidden_state: Gradient of the loss by the highest layer's last
            hidden state.
        layers: RNNParameters of each layer, the lowest first.

    Shapes:
        hidden_states:     (num_layers, seq_len, batch, hidden_size)
        grad_hidden_state: (batch, hidden_size)
        returns:           (num_layers, seq_len)

    Units:
        Units of the loss per unit of a hidden state.

    Returns:
        Tensor: entry [layer, lag] is the norm, over batch and units
        together, of the gradient by that layer's hidden state.
    """
    num_layers, seq_len = hidden_states.shape[:2]
    norms = hidden_states.new_zeros(num_layers, seq_len)
    later = [torch.zeros_like(grad_hidden_state)] * num_layers
    for lag in range(seq_len):
        above = grad_hidden_state * (lag == 0)
        for layer in reversed(range(num_layers)):
            weight_ih, weight_hh, _, _ = layers[layer]
            gradient = later[layer] + above  # eq-stack-backward
            norms[layer, lag] = gradient.norm()
            slope = 1 - hidden_states[layer, seq_len - 1 - lag] ** 2
            later[layer] = (gradient * slope) @ weight_hh
            above = (gradient * slope) @ weight_ih
    return norms
