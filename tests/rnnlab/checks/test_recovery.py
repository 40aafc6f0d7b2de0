"""The check of train_with_recovery: odd loops, and its scripts."""

import dataclasses

import pytest
import torch
from trying import changed, flat, hidden, require_readable, visible

from reference import clipping as reference
from rnnlab import checks
from rnnlab.checks import recovery_case
from rnnlab.checks.outcome import Verdict

NAME = "train_with_recovery"


@pytest.mark.parametrize(
    "returned", [None, 2, (), (3,), {3}, torch.tensor([3]), ["3"], [3.0]]
)
def test_what_the_loop_returns(returned):
    """Only a list of whole numbers is a list of steps."""
    outcome = visible(NAME, changed(NAME, lambda _: returned))
    assert outcome.verdict is Verdict.NOT_YET
    assert "what it returns" in outcome.message
    require_readable(outcome.message)


def test_steps_may_be_tensors_without_axes():
    """A step that counts as an index counts."""
    function = changed(NAME, lambda steps: list(map(torch.tensor, steps)))
    assert visible(NAME, function).passed


def test_clipping_with_torch_passes(monkeypatch):
    """A loop that clips by the norm plus 1e-6, as torch does, is right."""
    monkeypatch.setattr(
        reference, "clip_by_norm", torch.nn.utils.clip_grad_norm_
    )
    assert visible(NAME, reference.train_with_recovery).passed
    for nonce in range(20):
        outcome = hidden(NAME, reference.train_with_recovery, str(nonce))
        assert outcome.passed, outcome.message


def test_endless_retries_are_stopped():
    """A loop that tries the bad batch again and again is stopped."""

    def function(model, optimizer, batches, loss_fn, max_norm):
        del optimizer, max_norm
        for batch in batches:
            while not loss_fn(model, batch).isfinite():
                pass
        return []

    outcome = visible(NAME, function)
    assert outcome.verdict is Verdict.NOT_YET
    require_readable(outcome.message)

    def forever(model, optimizer, batches, loss_fn, max_norm):
        del optimizer, max_norm
        batch = next(iter(batches))
        while True:
            loss_fn(model, batch)

    outcome = visible(NAME, forever)
    assert "was stopped" in flat(outcome)
    require_readable(outcome.message)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("index", range(5))
def test_scripts_do_what_they_say(index, seed):
    """Loss and gradient are finite exactly where the script says."""
    check = checks.CHECKS[NAME]
    case = dataclasses.replace(check.public[index], seed=seed)
    bad = []

    def loss_fn(model, batch):
        vector = recovery_case.vector_of(model)
        loss = recovery_case.loss_of(vector, batch)
        (gradient,) = torch.autograd.grad(loss, vector, retain_graph=True)
        finite = loss.isfinite() and gradient.norm().isfinite()
        bad.append(not finite)
        return loss

    model = case.model()
    went_back = reference.train_with_recovery(
        model, case.optimizer(model), case.batches(), loss_fn, case.threshold
    )
    assert [step for step, is_bad in enumerate(bad) if is_bad] == went_back
    assert case.bad_steps() == went_back


def test_scripts_need_what_they_are_for():
    """Some gradients exceed the threshold and some do not, before and after.

    Else clipping always, never or one step would look the same.
    """
    case = checks.CHECKS[NAME].public[1]
    (bad,) = case.bad_steps()
    path = torch.from_numpy(case.trajectory())[: case.steps]
    gradients = []
    for vector, batch in zip(path, case.batches(), strict=True):
        leaf = vector.clone().requires_grad_()
        loss = recovery_case.loss_of(leaf, batch._replace(event=""))
        gradients.append(torch.autograd.grad(loss, leaf)[0])
    exceeds = torch.stack(gradients).norm(dim=1) > case.threshold
    for part in (exceeds[:bad], exceeds[bad + 1 :]):
        assert part.any()
        assert not part.all()
