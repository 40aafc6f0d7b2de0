"""The recording loop, its checkpoints, and the task it is shown on."""

import math

import pytest
import torch

from rnnlab import tasks
from rnnlab.models import IdentityRNN
from rnnlab.record import (
    load_checkpoint,
    record_training,
    save_checkpoint,
)

SEEDS = (0, 1, 2)
squared_error = torch.nn.functional.mse_loss


def run(seed, *, learning_rate=0.01, optimizer=torch.optim.SGD):
    """Return model, optimizer and twelve batches in float64."""
    generator = torch.Generator().manual_seed(seed)
    model = IdentityRNN(1, 4, generator).double()
    batches = [
        tasks.running_sum(seq_len, 5, generator, torch.float64)
        for seq_len in (3, 8) * 6
    ]
    return model, optimizer(model.parameters(), lr=learning_rate), batches


def flat(parameters):
    """Return copies of all entries as one vector."""
    return torch.cat([p.detach().clone().flatten() for p in parameters])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("max_norm", [None, 0.1])
def test_record_equals_a_loop_by_hand(seed, max_norm):
    """Losses, norms and step lengths are those of SGD written out."""
    record = record_training(*run(seed), squared_error, max_norm=max_norm)
    model, _, batches = run(seed)
    for step, (inputs, targets) in enumerate(batches):
        loss = (model(inputs) - targets).square().mean()
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        norm = math.sqrt(sum((g * g).sum().item() for g in slopes))
        factor = 1 if max_norm is None else min(1, max_norm / (norm + 1e-6))
        with torch.no_grad():
            for parameter, slope in zip(
                model.parameters(), slopes, strict=True
            ):
                parameter.sub_(0.01 * factor * slope)
        assert record.losses[step] == pytest.approx(loss.item())
        assert record.gradient_norms[step] == pytest.approx(norm)
        length = 0.01 * factor * norm
        assert record.step_lengths[step] == pytest.approx(length)
    assert record.finite


def test_record_stops_at_the_first_loss_that_is_not_finite():
    """No step is taken on it, and the record says so."""
    model, optimizer, batches = run(0)
    batches[4] = (batches[4][0], torch.full_like(batches[4][1], math.nan))
    record = record_training(model, optimizer, batches, squared_error)
    assert len(record.losses) == len(record.gradient_norms) == 5
    assert len(record.step_lengths) == 4
    assert not record.finite
    assert all(p.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_resumed_run_equals_an_unbroken_one(kind, seed):
    """From a checkpoint the same batches give the same numbers, twice."""
    whole = record_training(
        *run(seed, optimizer=kind), squared_error, checkpoint_every=4
    )
    assert [c.step for c in whole.checkpoints] == [0, 4, 8]
    for _ in range(2):
        model, optimizer, batches = run(seed + 10, optimizer=kind)
        _, _, batches = run(seed, optimizer=kind)
        load_checkpoint(whole.checkpoints[1], model, optimizer)
        rest = record_training(model, optimizer, batches[4:], squared_error)
        assert rest.losses == whole.losses[4:]


def test_a_checkpoint_does_not_change_with_its_model():
    """It is a copy, of the optimizer's state as well."""
    model, optimizer, batches = run(0, optimizer=torch.optim.Adam)
    record_training(model, optimizer, batches[:3], squared_error)
    before = flat(model.parameters())
    kept = save_checkpoint(3, model, optimizer)
    record_training(model, optimizer, batches[3:], squared_error)
    assert not torch.equal(flat(model.parameters()), before)
    load_checkpoint(kept, model, optimizer)
    assert torch.equal(flat(model.parameters()), before)
    steps = {int(s["step"]) for s in optimizer.state_dict()["state"].values()}
    assert steps == {3}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("seq_len", [1, 10, 60])
def test_running_sum_targets_are_scaled_sums(seed, seq_len):
    """Summed step by step, in float64, and of variance near 1."""
    generator = torch.Generator().manual_seed(seed)
    inputs, targets = tasks.running_sum(
        seq_len, 4000, generator, torch.float64
    )
    assert inputs.shape == (seq_len, 4000, 1)
    total = torch.zeros(4000, dtype=torch.float64)
    for x in inputs:
        total = total + x[:, 0]
    torch.testing.assert_close(targets, total / math.sqrt(seq_len))
    assert abs(targets.var().item() - 1) < 0.15


def test_length_jump_has_the_lengths_it_was_given():
    """Lengths follow one another in order, all from one generator."""
    lengths = ((2, 3), (7, 2))
    batches = tasks.length_jump(torch.Generator().manual_seed(1), lengths, 4)
    assert [len(inputs) for inputs, _ in batches] == [2, 2, 2, 7, 7]
    again = tasks.length_jump(torch.Generator().manual_seed(1), lengths, 4)
    for (one, _), (other, _) in zip(batches, again, strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(batches[0][0], batches[1][0])
