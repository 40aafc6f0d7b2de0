"""Right answers to chapter 3, written in other ways, pass as well.

A check that only knows one way of writing a function grades style.
"""

import copy
import math
from functools import reduce

import pytest
import torch
from trying import hidden, refusal, visible

from reference import clipping as reference


def require_pass(name, function, nonces=5):
    """Assert that a function passes the visible and the hidden check."""
    for outcome in (
        visible(name, function),
        *(hidden(name, function, str(nonce)) for nonce in range(nonces)),
    ):
        assert outcome.passed, outcome.message


def there(parameters):
    """Return the gradients that are there."""
    return [p.grad for p in parameters if p.grad is not None]


def by_joining(parameters):
    """Lay the gradients end to end."""
    pieces = [g.flatten() for g in there(parameters)]
    return torch.cat(pieces).norm() if pieces else torch.tensor(0.0)


def by_norms_of_norms(parameters):
    """Take the norm of the vector of norms."""
    norms = [torch.linalg.vector_norm(g) for g in there(parameters)]
    return torch.linalg.vector_norm(torch.stack([torch.zeros(()), *norms]))


def by_pairs(parameters):
    """Add one length after the other at a right angle."""
    norms = (g.pow(2).sum().sqrt() for g in there(parameters))
    return reduce(torch.hypot, norms, torch.tensor(0.0, dtype=torch.float64))


def by_python_numbers(parameters):
    """Compute with Python's numbers, return a tensor."""
    held = there(parameters)
    total = sum(x * x for g in held for x in g.reshape(-1).tolist())
    dtype = held[0].dtype if held else torch.float64
    return torch.tensor(math.sqrt(total), dtype=dtype)


@pytest.mark.parametrize("norm", [by_joining, by_norms_of_norms])
def test_norms_of_other_make_pass(norm):
    """Joining and the norm of norms are the same norm."""
    require_pass("global_gradient_norm", norm)


def test_norm_in_float64_alone_is_told_in_float32():
    """The dtype of the gradients is part of the answer."""
    said = refusal("global_gradient_norm", by_pairs)
    assert "norm is float64, expected float32" in said
    require_pass("global_gradient_norm", by_python_numbers)


def scaled(write, norm=by_joining):
    """Return a clipping that multiplies by torch's limited factor."""

    def clip(parameters, max_norm, error_if_nonfinite=False):
        parameters = [p for p in parameters if p.grad is not None]
        total = norm(parameters)
        if error_if_nonfinite and not math.isfinite(total):
            raise RuntimeError(f"gradient norm is {total}: Inf or NaN")
        factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
        for parameter in parameters:
            write(parameter, factor)
        return total

    return clip


def by_operator(parameter, factor):
    """Multiply with the operator that works in place."""
    parameter.grad *= factor


def by_copy(parameter, factor):
    """Write a new tensor's numbers into the old one."""
    parameter.grad.copy_(parameter.grad * factor)


def by_data(parameter, factor):
    """Go by .data, as older code does."""
    parameter.grad.data.mul_(factor)


def by_python_number(parameter, factor):
    """Take the factor out of its tensor."""
    parameter.grad.mul_(factor.item())


@pytest.mark.parametrize(
    "write", [by_operator, by_copy, by_data, by_python_number]
)
def test_ways_to_write_in_place_pass(write):
    """However the numbers get into the old tensor, they count."""
    require_pass("clip_by_norm", scaled(write))


@pytest.mark.parametrize("way", ["clamp", "minimum", "where", "mask"])
def test_ways_to_limit_entries_pass(way):
    """Four ways to bring an entry into an interval."""

    def limit(gradient, end):
        if way == "clamp":
            gradient.clamp_(min=-end, max=end)
        elif way == "minimum":
            edge = torch.full_like(gradient, end)
            gradient.copy_(gradient.minimum(edge).maximum(-edge))
        elif way == "where":
            outside = gradient.abs() > end
            gradient.copy_(
                torch.where(outside, gradient.sign() * end, gradient)
            )
        else:
            gradient[gradient > end] = end
            gradient[gradient < -end] = -end

    def clip(parameters, clip_value):
        for gradient in there(parameters):
            limit(gradient, clip_value)
        return "whatever"

    require_pass("clip_by_value", clip)


def with_clones(model, optimizer, batches, loss_fn, max_norm):
    """Clone tensors by hand and look at every entry."""

    def save():
        tensors = [p.detach().clone() for p in model.parameters()]
        return tensors, copy.deepcopy(optimizer.state_dict())

    step, saved, steps = -1, save(), []
    for batch in batches:
        step += 1
        loss = loss_fn(model, batch)
        model.zero_grad(set_to_none=False)
        bad = not math.isfinite(loss.item())
        if not bad:
            loss.backward()
            bad = not all(
                g.isfinite().all() for g in there(model.parameters())
            )
        if bad:
            with torch.no_grad():
                for parameter, tensor in zip(
                    model.parameters(), saved[0], strict=True
                ):
                    parameter.copy_(tensor)
            optimizer.load_state_dict(copy.deepcopy(saved[1]))
            steps = [*steps, step]
        else:
            saved = save()
            limit = max_norm if steps else math.inf
            torch.nn.utils.clip_grad_norm_(model.parameters(), limit)
            optimizer.step()
    return steps


def with_an_exception(model, optimizer, batches, loss_fn, max_norm):
    """Let clipping find what is not finite."""
    states = (model, optimizer)
    saved = [copy.deepcopy(state.state_dict()) for state in states]
    steps = []
    for step, batch in enumerate(batches):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_fn(model, batch)
        loss.backward()
        try:
            reference.clip_by_norm(
                model.parameters(),
                max_norm if steps else float("inf"),
                error_if_nonfinite=True,
            )
            bad = not loss.isfinite()
        except RuntimeError:
            bad = True
        if bad:
            for state, kept in zip(states, saved, strict=True):
                state.load_state_dict(kept)
            steps.append(step)
            continue
        saved = [copy.deepcopy(state.state_dict()) for state in states]
        optimizer.step()
    return steps


@pytest.mark.parametrize("loop", [with_clones, with_an_exception])
def test_loops_of_other_make_pass(loop):
    """Clones by hand, an exception as the detector, torch's clipping."""
    require_pass("train_with_recovery", loop, nonces=10)
