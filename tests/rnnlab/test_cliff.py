"""The one-unit RNNs: losses, gradients, descent, the cliff's edge."""

import numpy as np
import pytest
import torch

from rnnlab import cliff

SEEDS = (0, 1, 2)


def by_autograd(loss_fn, points):
    """Return loss and gradient of a scalar loop, by torch's autograd."""
    losses, slopes = [], []
    for point in points.reshape(-1, points.shape[-1]):
        parameters = torch.tensor(point, requires_grad=True)
        loss = loss_fn(*parameters)
        loss.backward()
        losses.append(loss.item())
        slopes.append(parameters.grad.numpy())
    shape = points.shape[:-1]
    return np.reshape(losses, shape), np.reshape(slopes, points.shape)


def linear_oracle(weight, *, seq_len):
    """Unroll h = w h from 1; the target is 1."""
    hidden_state = torch.ones((), dtype=torch.float64)
    for _ in range(seq_len):
        hidden_state = weight * hidden_state
    return (hidden_state - 1) ** 2


def sigmoid_oracle(weight, bias, *, seq_len):
    """Unroll Pascanu's one-unit network, output included."""
    state = torch.tensor(0.5, dtype=torch.float64)
    for _ in range(seq_len):
        state = weight / (1 + torch.exp(-state)) + bias
    return (1 / (1 + torch.exp(-state)) - 0.7) ** 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(1,), (4,), (2, 3)])
@pytest.mark.parametrize("seq_len", [1, 2, 7, 50])
def test_linear_loss_and_gradient_equal_autograd(seed, shape, seq_len):
    """The closed form agrees with backpropagation through the loop."""
    random = np.random.default_rng(seed)
    points = random.uniform(0.8, 1.1, (*shape, 1))
    expected = by_autograd(lambda w: linear_oracle(w, seq_len=seq_len), points)
    for ours, theirs in zip(
        cliff.linear_rnn_loss(points, seq_len), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(1,), (4,), (2, 3)])
@pytest.mark.parametrize("seq_len", [1, 2, 7, 50])
def test_sigmoid_loss_and_gradient_equal_autograd(seed, shape, seq_len):
    """The forward-mode recursion agrees with backpropagation."""
    random = np.random.default_rng(seed)
    points = random.uniform((0.5, -1.5), (4.5, 1.0), (*shape, 2))
    expected = by_autograd(
        lambda w, b: sigmoid_oracle(w, b, seq_len=seq_len), points
    )
    for ours, theirs in zip(
        cliff.sigmoid_rnn_loss(points, seq_len), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def quadratic(points):
    """Return half the squared distance from 0, and its gradient."""
    return 0.5 * (points**2).sum(axis=-1), points


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("max_norm", [None, 0.3, 1e9])
def test_descent_equals_torch_sgd(seed, max_norm):
    """Every point is the one that torch's SGD and clipping reach."""
    start = np.random.default_rng(seed).normal(size=3) * 3
    path = cliff.descend(quadratic, start, 0.4, 9, max_norm)
    parameter = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.SGD([parameter], lr=0.4)
    for step in range(10):
        reached = parameter.detach().numpy().copy()
        np.testing.assert_allclose(path.points[step], reached, atol=1e-5)
        optimizer.zero_grad()
        loss = 0.5 * (parameter**2).sum()
        loss.backward()
        norm = parameter.grad.norm().item()
        np.testing.assert_allclose(path.losses[step], loss.item(), atol=1e-5)
        np.testing.assert_allclose(path.gradient_norms[step], norm, atol=1e-5)
        if max_norm is not None:
            torch.nn.utils.clip_grad_norm_([parameter], max_norm)
        optimizer.step()


def test_many_starts_descend_as_each_does_alone():
    """A batch of starting points gives the paths of single ones."""
    starts = np.random.default_rng(0).uniform((4, -3), (6, -1), (5, 2))
    together = cliff.descend(cliff.sigmoid_rnn_loss, starts, 0.5, 12, 0.1)
    for place, start in enumerate(starts):
        alone = cliff.descend(cliff.sigmoid_rnn_loss, start, 0.5, 12, 0.1)
        np.testing.assert_array_equal(together.points[:, place], alone.points)


def test_step_lengths_are_distances_and_bounded_by_clipping():
    """A clipped step is at most learning rate times threshold."""
    path = cliff.descend(quadratic, np.array([3.0, 4.0]), 0.5, 4, 0.2)
    moved = [
        np.sqrt(((b - a) ** 2).sum())
        for a, b in zip(path.points, path.points[1:], strict=False)
    ]
    np.testing.assert_allclose(path.step_lengths, moved)
    assert path.step_lengths[0] == pytest.approx(0.5 * 0.2)


def test_a_gradient_of_zero_stays_where_it_is():
    """Clipping does not divide by a norm of 0."""
    path = cliff.descend(quadratic, np.zeros(2), 0.5, 3, 0.2)
    assert (path.points == 0).all()


def test_descent_keeps_the_precision_of_its_start():
    """A float32 start overflows as float32 does, without a warning."""
    start = np.array([1.05], np.float32)
    path = cliff.descend(cliff.linear_rnn_loss, start, 4.5e-4, 5)
    assert path.points.dtype == np.float32
    assert np.isinf(path.losses[1])
    assert np.isnan(path.points[-1]).all()


def test_grid_pairs_every_first_with_every_second():
    """Rows follow the second axis, columns the first."""
    points = cliff.grid(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0]))
    assert points.shape == (2, 3, 2)
    assert points[1, 2].tolist() == [3, 20]


@pytest.mark.parametrize("weight", [1.0, 3.4, 4.35, 6.0])
def test_the_output_passes_one_half_at_the_edge(weight):
    """Just below the edge the output is low, just above it is high."""
    edge = cliff.cliff_edge(np.array([weight]))[0]
    for offset, above in ((-1e-9, False), (1e-9, True)):
        bias = torch.tensor(edge + offset, dtype=torch.float64)
        state = torch.tensor(0.5, dtype=torch.float64)
        for _ in range(50):
            state = weight * torch.sigmoid(state) + bias
        assert (torch.sigmoid(state).item() > 0.5) == above


def test_the_loss_jumps_at_the_edge_of_the_cliff():
    """At weight 5 a bias step of 2e-4 changes the loss by over 0.2."""
    edge = cliff.cliff_edge(np.array([5.0]))[0]
    sides = np.array([[5.0, edge - 1e-4], [5.0, edge + 1e-4]])
    low, high = cliff.sigmoid_rnn_loss(sides)[0]
    assert low - high > 0.2


def test_rows_of_the_sheet_follow_the_edge_and_fill_the_range():
    """The middle row is the edge, the outer rows are the limits."""
    weights = np.linspace(3.5, 6, 7)
    sheet = cliff.grid_along_cliff(weights, (-4.0, 1.0), 11)
    assert sheet.shape == (11, 7, 2)
    np.testing.assert_allclose(sheet[5, :, 1], cliff.cliff_edge(weights))
    np.testing.assert_allclose(sheet[0, :, 1], -4)
    np.testing.assert_allclose(sheet[-1, :, 1], 1)
    assert (np.diff(sheet[..., 1], axis=0) > 0).all()
    np.testing.assert_allclose(sheet[..., 0], np.tile(weights, (11, 1)))
