"""Trying functions on a check, and functions that are not quite right."""

import functools
import json

import torch

from reference import fingerprint
from rnnlab import checks
from rnnlab.checks import message, wire
from rnnlab.checks.outcome import Verdict

NONCE = "a nonce"


@functools.cache
def rows(name):
    """Return the fingerprints of a check's mistakes."""
    return fingerprint.rows(checks.CHECKS[name])


@functools.cache
def right(name):
    """Return the reference implementation of a graded function."""
    return fingerprint.implementation(name)


# What a check says


def visible(name, function):
    """Return the outcome of the visible check."""
    check = checks.CHECKS[name]
    reports = check.reports(function, check.public)
    return check.judge_visible(reports, check.public, rows(name))


def hidden(name, function, nonce=NONCE):
    """Return the outcome of the hidden check for a nonce."""
    check = checks.CHECKS[name]
    cases = check.challenge(nonce)
    return check.judge_hidden(check.reports(function, cases), cases)


def answered(name, function):
    """Return the outcome of an answer that went through JSON."""
    check = checks.CHECKS[name]
    cases = [*check.public, *check.challenge(NONCE)]
    reports = check.reports(function, cases)
    answer = json.loads(json.dumps(wire.encode(name, NONCE, reports)))
    return check.judge_answer(answer, NONCE, rows(name))


def flat(outcome):
    """Return a message as one line."""
    return " ".join(outcome.message.split())


def refusal(name, function):
    """Return, as one line, why the visible check does not take a function."""
    outcome = visible(name, function)
    assert outcome.verdict is Verdict.NOT_YET
    return flat(outcome)


def require_readable(text):
    """Assert the form of a message: short, narrow, plain."""
    lines = text.splitlines()
    assert len(lines) <= message.LINES
    assert max(map(len, lines)) <= message.WIDTH
    assert text.isascii()


# Functions


def unwritten(*_, **__):
    """Do what an untouched exercise does."""
    raise NotImplementedError


def changed(name, change):
    """Return the right function with something done to its result."""

    def function(*arguments, **options):
        return change(right(name)(*arguments, **options))

    return function


def writing(name, place):
    """Return the right function that spoils a tensor it was given."""

    def function(*arguments, **options):
        returned = right(name)(*arguments, **options)
        tensor = list(tensors(arguments))[place]
        tensor.data.copy_(tensor == 0)
        return returned

    return function


# Tensors


def tensors(given):
    """Yield the tensors of arguments, those in lists and tuples too."""
    for one in given:
        if isinstance(one, torch.Tensor):
            yield one
        elif isinstance(one, (tuple, list)):
            yield from tensors(one)


def each(change):
    """Return a change that is done to every tensor of a result."""

    def change_all(result):
        if isinstance(result, torch.Tensor):
            return change(result)
        parts = map(change_all, result)
        named = hasattr(result, "_fields")
        return type(result)(*parts) if named else tuple(parts)

    return change_all


def strided(tensor):
    """Return equal numbers that do not lie row by row."""
    if tensor.ndim < 2:
        return torch.stack([tensor, tensor], dim=-1)[..., 0]
    return tensor.transpose(0, 1).contiguous().transpose(0, 1)
