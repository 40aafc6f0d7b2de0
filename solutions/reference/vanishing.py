"""Chapter 1: a vanilla RNN, its Jacobian, and the gradient's way back."""

import torch


def rnn_step(x, prev_hidden_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance a vanilla RNN by one time step.

    Equations:
        eq-rnn-step

    Args:
        x: Input at time t.
        prev_hidden_state: Hidden state at time t-1.
        weight_ih: Weights of the input.
        weight_hh: Weights of the previous hidden state.
        bias_ih: First bias.
        bias_hh: Second bias; the two add up.

    Shapes:
        x:                 (batch, input_size)
        prev_hidden_state: (batch, hidden_size)
        weight_ih:         (hidden_size, input_size)
        weight_hh:         (hidden_size, hidden_size)
        bias_ih, bias_hh:  (hidden_size,)
        returns:           (batch, hidden_size)

    Returns:
        Tensor: the hidden state at time t.

    Source:
        Elman 1990, in the form of torch.nn.RNNCell.
    """
    return torch.tanh(  # eq-rnn-step
        x @ weight_ih.T + bias_ih + prev_hidden_state @ weight_hh.T + bias_hh
    )


def rnn_unroll(
    inputs, initial_hidden_state, weight_ih, weight_hh, bias_ih, bias_hh
):
    """Run a vanilla RNN over a sequence, one step after the other.

    Equations:
        eq-rnn-unroll

    Args:
        inputs: One input for each time step, at least one.
        initial_hidden_state: Hidden state before the first step.
        weight_ih: Weights of the input.
        weight_hh: Weights of the previous hidden state.
        bias_ih: First bias.
        bias_hh: Second bias; the two add up.

    Shapes:
        inputs:               (seq_len, batch, input_size)
        initial_hidden_state: (batch, hidden_size)
        weight_ih:            (hidden_size, input_size)
        weight_hh:            (hidden_size, hidden_size)
        bias_ih, bias_hh:     (hidden_size,)
        hidden_states:        (seq_len, batch, hidden_size)

    Returns:
        tuple: the hidden state after every step, and the last of them.

    Source:
        Elman 1990; time comes first, as in torch.
    """
    hidden_state, hidden_states = initial_hidden_state, []
    for x in inputs:
        hidden_state = rnn_step(  # eq-rnn-unroll
            x, hidden_state, weight_ih, weight_hh, bias_ih, bias_hh
        )
        hidden_states.append(hidden_state)
    return torch.stack(hidden_states), hidden_state


def step_jacobian(hidden_state, weight_hh):
    """Return how a hidden state depends on the one before it.

    Entry [b, i, j] is the derivative of unit i after the step by unit j
    before it, in sequence b. The slope of tanh follows from its value, so
    the new hidden state is enough.

    Equations:
        eq-step-jacobian

    Args:
        hidden_state: Hidden state after the step.
        weight_hh: Weights of the previous hidden state.

    Shapes:
        hidden_state: (batch, hidden_size)
        weight_hh:    (hidden_size, hidden_size)
        returns:      (batch, hidden_size, hidden_size)

    Returns:
        Tensor: the Jacobian of one step, for each sequence.

    Source:
        Pascanu, Mikolov and Bengio 2013, equation 5. Departs from it: the
        weights stand inside tanh, not outside, as in torch.
    """
    slope = 1 - hidden_state**2
    return slope[:, :, None] * weight_hh  # eq-step-jacobian


def gradient_by_lag(
    inputs,
    initial_hidden_state,
    weight_ih,
    weight_hh,
    bias_ih,
    bias_hh,
    grad_hidden_state,
):
    """Send a gradient back through time and return its norm at each lag.

    Equations:
        eq-gradient-chain, eq-step-jacobian

    Args:
        inputs: One input for each time step, at least one.
        initial_hidden_state: Hidden state before the first step.
        weight_ih: Weights of the input.
        weight_hh: Weights of the previous hidden state.
        bias_ih: First bias.
        bias_hh: Second bias; the two add up.
        grad_hidden_state: Gradient of the loss by the last hidden state.

    Shapes:
        inputs:               (seq_len, batch, input_size)
        initial_hidden_state: (batch, hidden_size)
        weight_ih:            (hidden_size, input_size)
        weight_hh:            (hidden_size, hidden_size)
        bias_ih, bias_hh:     (hidden_size,)
        grad_hidden_state:    (batch, hidden_size)
        returns:              (seq_len,), entry k belongs to h_{T-k}

    Returns:
        Tensor: norm, over batch and units together, at lag 0 to seq_len-1.

    Source:
        Pascanu, Mikolov and Bengio 2013, equation 5.
    """
    hidden_states, _ = rnn_unroll(
        inputs, initial_hidden_state, weight_ih, weight_hh, bias_ih, bias_hh
    )
    gradient, norms = grad_hidden_state, [grad_hidden_state.norm()]
    for hidden_state in hidden_states[1:].flip(0):
        jacobian = step_jacobian(hidden_state, weight_hh)
        gradient = torch.einsum(  # eq-gradient-chain
            "bi,bij->bj", gradient, jacobian
        )
        norms.append(gradient.norm())
    return torch.stack(norms)


def linear_gradient(grad_hidden_state, weight_hh, lag):
    """Return the gradient lag steps earlier, without a nonlinearity.

    Equations:
        eq-linear-gradient

    Args:
        grad_hidden_state: Gradient by the last hidden state, a row for each
            sequence.
        weight_hh: Weights of the previous hidden state.
        lag: How many steps to go back, 0 or more.

    Shapes:
        grad_hidden_state: (batch, hidden_size)
        weight_hh:         (hidden_size, hidden_size)
        returns:           (batch, hidden_size)

    Returns:
        Tensor: the gradient by the hidden state at that lag.

    Source:
        Pascanu, Mikolov and Bengio 2013, supplementary proof.
    """
    power = torch.linalg.matrix_power(weight_hh, lag)
    return grad_hidden_state @ power  # eq-linear-gradient


def linear_gradient_by_modes(grad_hidden_state, weight_hh, lag):
    """Return the same as ``linear_gradient``, mode by mode.

    The gradient is written as a sum of left eigenvectors; going back one
    step multiplies each of them by its eigenvalue.

    Equations:
        eq-eigenbasis

    Args:
        grad_hidden_state: Gradient by the last hidden state, a row for each
            sequence.
        weight_hh: A matrix that can be diagonalised.
        lag: How many steps to go back, 0 or more.

    Shapes:
        grad_hidden_state: (batch, hidden_size)
        weight_hh:         (hidden_size, hidden_size)
        returns:           (batch, hidden_size)

    Returns:
        Tensor: the gradient by the hidden state at that lag.

    Source:
        Pascanu, Mikolov and Bengio 2013, supplementary proof.
    """
    eigenvalues, vectors = torch.linalg.eig(weight_hh.T)
    rows = grad_hidden_state.to(vectors.dtype)
    parts = torch.linalg.solve(vectors, rows.T)
    scaled = eigenvalues[:, None] ** lag * parts
    return (vectors @ scaled).T.real  # eq-eigenbasis


def vanishing_bound(weight_hh, max_slope, lags):
    """Return an upper bound on what is left of a gradient, by lag.

    No gradient, in whatever direction and on whatever inputs, is longer than
    this times its length at lag 0. Many are far shorter.

    Equations:
        eq-vanishing-bound

    Args:
        weight_hh: Weights of the previous hidden state.
        max_slope: Largest slope of the nonlinearity: tanh 1, sigmoid 1/4.
        lags: How many steps back, 0 or more, in any order.

    Shapes:
        weight_hh: (hidden_size, hidden_size)
        lags:      (num_lags,), integers
        returns:   (num_lags,)

    Units:
        Dimensionless: relative to the norm at lag 0.

    Returns:
        Tensor: the bound at each lag; 1 at lag 0.

    Source:
        Pascanu, Mikolov and Bengio 2013, section 2.1.
    """
    spectral_norm = torch.linalg.matrix_norm(weight_hh, ord=2)
    return (max_slope * spectral_norm) ** lags  # eq-vanishing-bound
