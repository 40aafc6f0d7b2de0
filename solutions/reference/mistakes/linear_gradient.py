"""Mistakes in linear_gradient."""

import torch

from reference.catalogue import mistake
from reference.vanishing import linear_gradient


@mistake(
    "linear_gradient",
    "You transposed weight_hh, or stood the gradient on its right; it is a "
    "row, on the left of the power of weight_hh.",
)
def transposed(grad_hidden_state, weight_hh, lag):
    """Go forwards instead of back."""
    return linear_gradient(grad_hidden_state, weight_hh.T, lag)


@mistake(
    "linear_gradient",
    "The power stands on the left of grad_hidden_state; the gradients are its "
    "rows, so the power stands on the right.",
)
def power_on_the_left(grad_hidden_state, weight_hh, lag):
    """Multiply from the wrong side."""
    return torch.linalg.matrix_power(weight_hh, lag) @ grad_hidden_state


@mistake(
    "linear_gradient",
    "`weight_hh ** lag` takes the power of each entry; the matrix must be "
    "multiplied by itself.",
)
def power_of_each_entry(grad_hidden_state, weight_hh, lag):
    """Take the power entry by entry."""
    return grad_hidden_state @ weight_hh**lag


@mistake(
    "linear_gradient",
    "You go back one step too many.",
)
def one_step_too_many(grad_hidden_state, weight_hh, lag):
    """Count from 1."""
    return linear_gradient(grad_hidden_state, weight_hh, lag + 1)


@mistake(
    "linear_gradient",
    "You go back one step too few.",
)
def one_step_too_few(grad_hidden_state, weight_hh, lag):
    """Stop one step early; at lag 0 stay."""
    return linear_gradient(grad_hidden_state, weight_hh, max(lag - 1, 0))


@mistake(
    "linear_gradient",
    "You go back one step too few, and at lag 0 one step forward: the power "
    "is lag, not lag - 1.",
)
def power_of_lag_minus_one(grad_hidden_state, weight_hh, lag):
    """Use lag - 1, the inverse at lag 0."""
    return linear_gradient(grad_hidden_state, weight_hh, lag - 1)


@mistake(
    "linear_gradient",
    "You go back one step, whatever lag is.",
)
def lag_ignored(grad_hidden_state, weight_hh, lag):
    """Multiply once."""
    del lag
    return linear_gradient(grad_hidden_state, weight_hh, 1)


@mistake(
    "linear_gradient",
    "You multiply by lag where lag is a power.",
)
def lag_as_a_factor(grad_hidden_state, weight_hh, lag):
    """Multiply by lag times the weights."""
    return lag * (grad_hidden_state @ weight_hh)


@mistake(
    "linear_gradient",
    "Your product begins with weight_hh and not with the identity, so lag 0 "
    "goes back one step.",
)
def lag_zero_goes_back_a_step(grad_hidden_state, weight_hh, lag):
    """Start the product at the weights."""
    return linear_gradient(grad_hidden_state, weight_hh, max(lag, 1))


@mistake(
    "linear_gradient",
    "You square the matrix at every step, which gives the power 2 ** lag.",
)
def squared_at_every_step(grad_hidden_state, weight_hh, lag):
    """Overwrite the weights with their product."""
    for _ in range(lag):
        weight_hh = weight_hh @ weight_hh
    return grad_hidden_state @ weight_hh


@mistake(
    "linear_gradient",
    "You multiplied by the spectral radius to the power lag; only an "
    "eigenvector shrinks or grows by an eigenvalue.",
)
def spectral_radius_for_the_matrix(grad_hidden_state, weight_hh, lag):
    """Take the matrix for a number, its spectral radius."""
    radius = torch.linalg.eigvals(weight_hh).abs().max()
    return grad_hidden_state * radius**lag


@mistake(
    "linear_gradient",
    "You multiplied by the largest singular value to the power lag: that is "
    "how long the gradient may become at most.",
)
def spectral_norm_for_the_matrix(grad_hidden_state, weight_hh, lag):
    """Take the matrix for a number, its spectral norm."""
    stretch = torch.linalg.svdvals(weight_hh)[0]
    return grad_hidden_state * stretch**lag


@mistake(
    "linear_gradient",
    "You dropped the imaginary parts of the eigenvalues before the power; "
    "take the real part at the very end.",
)
def eigenvalues_made_real(grad_hidden_state, weight_hh, lag):
    """Diagonalise and keep the real parts of the eigenvalues."""
    values, vectors = torch.linalg.eig(weight_hh)
    powers = (values.real**lag).to(vectors.dtype).diag()
    matrix = vectors @ powers @ torch.linalg.inv(vectors)
    return grad_hidden_state @ matrix.real


@mistake(
    "linear_gradient",
    "You used eigh, which takes weight_hh for symmetric and reads one "
    "triangle of it; it is not symmetric.",
)
def taken_for_symmetric(grad_hidden_state, weight_hh, lag):
    """Diagonalise with eigh."""
    values, vectors = torch.linalg.eigh(weight_hh)
    matrix = vectors @ (values**lag).diag() @ vectors.T
    return grad_hidden_state @ matrix


@mistake(
    "linear_gradient",
    "You return complex numbers, as an eigenbasis gives them; all modes "
    "together are real: return the real part.",
)
def complex_numbers(grad_hidden_state, weight_hh, lag):
    """Diagonalise and stay complex."""
    values, vectors = torch.linalg.eig(weight_hh)
    rows = grad_hidden_state.to(vectors.dtype) @ vectors
    return rows * values**lag @ torch.linalg.inv(vectors)


@mistake(
    "linear_gradient",
    "You return the power of weight_hh alone; grad_hidden_state is missing.",
)
def gradient_left_out(grad_hidden_state, weight_hh, lag):
    """Return the Jacobian over lag steps."""
    del grad_hidden_state
    return torch.linalg.matrix_power(weight_hh, lag)


@mistake(
    "linear_gradient",
    "You return norms; asked for is the gradient itself, a row for each "
    "sequence.",
)
def norms_returned(grad_hidden_state, weight_hh, lag):
    """Return one norm for each sequence."""
    return linear_gradient(grad_hidden_state, weight_hh, lag).norm(dim=1)


@mistake(
    "linear_gradient",
    "You return the gradients of all lags from 0 to lag; asked for is the "
    "last of them.",
)
def every_lag_returned(grad_hidden_state, weight_hh, lag):
    """Return the whole way back."""
    lags = range(lag + 1)
    return torch.stack(
        [linear_gradient(grad_hidden_state, weight_hh, k) for k in lags]
    )


@mistake(
    "linear_gradient",
    "You take tanh at every step; here the RNN is linear.",
)
def tanh_at_every_step(grad_hidden_state, weight_hh, lag):
    """Squash the gradient on its way."""
    for _ in range(lag):
        grad_hidden_state = torch.tanh(grad_hidden_state @ weight_hh)
    return grad_hidden_state
