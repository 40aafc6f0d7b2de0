"""The training loop, the reader and the seeded layers."""

import pytest
import torch
from torch import nn

from rnnlab import tasks, train


def batches(count, seed, seq_len=5):
    """Yield batches of a short one-bit latch."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(count):
        yield tasks.one_bit_latch(16, seq_len, generator=generator)


def reader(seed):
    """Build a small model whose weights depend on the seed alone."""
    layer = train.seeded(nn.LSTM, 4, 8, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    return train.Reader(layer, 1, generator=generator)


def fit(seed, count, **settings):
    """Train a new reader and return it with its history."""
    model = reader(seed)
    settings = {"learning_rate": 1e-2, **settings}
    history = train.fit(
        model,
        batches(count, seed),
        train.bit_loss,
        train.bit_accuracy,
        **settings,
    )
    return model, history


@pytest.mark.parametrize("module", [nn.RNN, nn.LSTM, nn.GRU])
def test_seeded_layers_have_torchs_range_and_leave_the_global_state(module):
    """Weights fill U(-1/sqrt(H), 1/sqrt(H)); the global state stays."""
    before = torch.random.get_rng_state()
    first, again, other = (
        train.seeded(module, 20, 25, seed=seed) for seed in (1, 1, 2)
    )
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.equal(first.weight_hh_l0, again.weight_hh_l0)
    assert not torch.equal(first.weight_hh_l0, other.weight_hh_l0)
    values = torch.cat([p.flatten() for p in first.parameters()])
    assert 0.19 < values.max() <= 0.2
    assert -0.2 <= values.min() < -0.19
    assert abs(values.mean()) < 0.01


def test_a_seeded_layer_is_an_ordinary_layer():
    """It runs, and its gradients arrive."""
    layer = train.seeded(nn.LSTM, 2, 3, seed=0)
    layer(torch.ones(4, 1, 2))[0].sum().backward()
    assert all(p.grad.isfinite().all() for p in layer.parameters())


def test_the_reader_reads_every_hidden_state():
    """Each output is the readout of the hidden state of its step."""
    model = reader(0)
    inputs = next(batches(1, 0))[0]
    outputs = model(inputs)
    hidden_states = model.layer(inputs)[0]
    assert outputs.shape == (5, 16, 1)
    expected = hidden_states[3] @ model.readout.weight.T + model.readout.bias
    torch.testing.assert_close(outputs[3], expected)


@pytest.mark.parametrize("seed", range(3))
def test_a_short_latch_is_learned(seed):
    """Five steps are no distance: the loss falls and the bit is read."""
    _, history = fit(seed, 150)
    assert len(history.losses) == len(history.scores) == 150
    assert sum(history.losses[-10:]) < 0.2 * sum(history.losses[:10])
    assert min(history.scores[-10:]) == 1.0
    assert history.seconds > 0


def test_equal_seeds_give_equal_runs():
    """Two runs agree number for number."""
    first, second = fit(5, 10)[1], fit(5, 10)[1]
    assert first.losses == second.losses


def test_the_first_update_is_adams():
    """One update equals torch.optim.Adam on the clipped gradient."""
    trained, _ = fit(3, 1, learning_rate=0.05, max_norm=0.01)
    model = reader(3)
    inputs, targets = next(batches(1, 3))
    train.bit_loss(model(inputs), targets).backward()
    parameters = list(model.parameters())
    norm = sum(p.grad.square().sum() for p in parameters).sqrt()
    assert norm > 0.01
    for after, p in zip(trained.parameters(), parameters, strict=True):
        gradient = p.grad * (0.01 / (norm + 1e-6))
        # Adam's first step: both moments are corrected to g and g squared.
        expected = p - 0.05 * gradient / (gradient.abs() + 1e-8)
        torch.testing.assert_close(after, expected, rtol=1e-4, atol=1e-6)


def test_scores_and_losses_by_hand():
    """Two sequences, three steps: only the last step counts for a bit."""
    outputs = torch.tensor([[[9.0], [9.0]], [[9.0], [9.0]], [[2.0], [-1.0]]])
    targets = torch.tensor([1.0, 1.0])
    assert train.bit_accuracy(outputs, targets) == 0.5
    expected = (torch.log1p(torch.exp(torch.tensor([-2.0, 1.0])))).mean()
    torch.testing.assert_close(train.bit_loss(outputs, targets), expected)


def test_character_scores_by_hand():
    """Mean over steps and sequences of the negative log probability."""
    outputs = torch.tensor([[[1.0, 0.0]], [[0.0, 3.0]]])
    targets = torch.tensor([[0], [0]])
    assert train.character_accuracy(outputs, targets) == 0.5
    rows = outputs[:, 0].log_softmax(dim=1)
    expected = -(rows[0, 0] + rows[1, 0]) / 2
    torch.testing.assert_close(
        train.character_loss(outputs, targets), expected
    )
