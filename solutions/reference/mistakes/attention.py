"""Mistakes in attention."""

import math

import torch

from reference.catalogue import mistake


def _scores(query, keys):
    return (keys * query).sum(dim=2) / math.sqrt(query.shape[1])


def _read(weights, values):
    return (weights[:, :, None] * values).sum(dim=0), weights


def _weights(scores, is_padding, dim=0):
    return torch.softmax(scores.masked_fill(is_padding, -torch.inf), dim=dim)


@mistake(
    "attention",
    "Your scores are not divided by the square root of the size.",
)
def not_scaled(query, keys, values, is_padding):
    """Leave the division out."""
    scores = (keys * query).sum(dim=2)
    return _read(_weights(scores, is_padding), values)


@mistake(
    "attention",
    "You divide by the size itself; eq-attention-scores has its square root.",
)
def divided_by_the_size(query, keys, values, is_padding):
    """Divide by the size."""
    scores = (keys * query).mean(dim=2)
    return _read(_weights(scores, is_padding), values)


@mistake(
    "attention",
    "Padded positions get a share of your attention: nothing masks their "
    "scores.",
)
def padding_attended(query, keys, values, is_padding):
    """Forget the mask."""
    del is_padding
    return _read(_scores(query, keys).softmax(dim=0), values)


@mistake(
    "attention",
    "You set the scores of padding to 0. exp(0) is 1, so padding still gets "
    "weight; it takes -inf.",
)
def scores_of_padding_zero(query, keys, values, is_padding):
    """Mask with 0 before the softmax."""
    scores = _scores(query, keys).masked_fill(is_padding, 0)
    return _read(scores.softmax(dim=0), values)


@mistake(
    "attention",
    "You set the weights of padding to 0 after the softmax: the others no "
    "longer add up to 1.",
)
def weights_of_padding_zero(query, keys, values, is_padding):
    """Mask after the softmax and do not normalise."""
    weights = _scores(query, keys).softmax(dim=0)
    return _read(weights.masked_fill(is_padding, 0), values)


@mistake(
    "attention",
    "Your mask is the wrong way round: is_padding is True where there is no "
    "source, and you attend there alone.",
)
def mask_inverted(query, keys, values, is_padding):
    """Attend to padding, or to all where there is none."""
    keep = is_padding | ~is_padding.any(dim=0)
    return _read(_weights(_scores(query, keys), ~keep), values)


@mistake(
    "attention",
    "Your weights add up to 1 over the batch. They must do so over the source "
    "positions of each sentence: axis 0.",
)
def softmax_over_the_batch(query, keys, values, is_padding):
    """Normalise over axis 1; mask first, so that it stays finite."""
    scores = _scores(query, keys).masked_fill(is_padding, -1e9)
    return _read(scores.softmax(dim=1), values)


@mistake(
    "attention",
    "Your context is the weighted mean of the keys; the values are what is "
    "read.",
)
def keys_read(query, keys, values, is_padding):
    """Mix the keys."""
    del values
    return _read(_weights(_scores(query, keys), is_padding), keys)


@mistake(
    "attention",
    "You divide the weighted sum by the number of positions once more; the "
    "weights add up to 1 already.",
)
def mean_of_the_weighted(query, keys, values, is_padding):
    """Average instead of summing."""
    weights = _weights(_scores(query, keys), is_padding)
    return (weights[:, :, None] * values).mean(dim=0), weights


@mistake(
    "attention",
    "You return the masked scores where the weights belong: the softmax is "
    "used for the context only.",
)
def scores_returned(query, keys, values, is_padding):
    """Return scores."""
    scores = _scores(query, keys).masked_fill(is_padding, -torch.inf)
    context, _ = _read(scores.softmax(dim=0), values)
    return context, scores


@mistake(
    "attention",
    "You return the weights first; it is context, attention_weights.",
)
def returned_the_other_way(query, keys, values, is_padding):
    """Swap the results."""
    weights = _weights(_scores(query, keys), is_padding)
    context, _ = _read(weights, values)
    return weights, context


@mistake(
    "attention",
    "Your weights are batch first; they belong time-major, (source_len, "
    "batch), like is_padding.",
)
def weights_batch_first(query, keys, values, is_padding):
    """Transpose the weights."""
    weights = _weights(_scores(query, keys), is_padding)
    context, _ = _read(weights, values)
    return context, weights.T
