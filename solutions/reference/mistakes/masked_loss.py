"""Mistakes in masked_loss."""

import torch

from reference.catalogue import mistake


def _surprise(logits, targets, dim=2):
    """Return the negative log-probability of each target."""
    logs = torch.log_softmax(logits, dim=dim)
    return -logs.gather(2, targets[:, :, None])[:, :, 0]


@mistake(
    "masked_loss",
    "Padding counts in your loss: the model is paid for predicting it.",
)
def padding_counts(logits, targets, padding_index):
    """Take the mean over everything."""
    del padding_index
    return _surprise(logits, targets).mean()


@mistake(
    "masked_loss",
    "Your sum leaves padding out, but you divide by all positions, padding "
    "included.",
)
def divided_by_all(logits, targets, padding_index):
    """Divide by the size of the batch."""
    real = targets != padding_index
    return (_surprise(logits, targets) * real).mean()


@mistake(
    "masked_loss",
    "You take the mean of each sentence first: a token of a short sentence "
    "then counts more. Divide once, by all tokens.",
)
def mean_of_sentences(logits, targets, padding_index):
    """Average within a column, then over columns."""
    real = targets != padding_index
    each = (_surprise(logits, targets) * real).sum(0) / real.sum(0)
    return each.mean()


@mistake(
    "masked_loss",
    "You sum over the tokens and divide by the number of sentences; divide by "
    "the number of tokens.",
)
def divided_by_sentences(logits, targets, padding_index):
    """Divide by the batch size."""
    real = targets != padding_index
    return (_surprise(logits, targets) * real).sum() / targets.shape[1]


@mistake(
    "masked_loss",
    "You return the sum; divide by the number of tokens that are no padding.",
)
def summed(logits, targets, padding_index):
    """Do not divide."""
    real = targets != padding_index
    return (_surprise(logits, targets) * real).sum()


@mistake(
    "masked_loss",
    "Your loss has the wrong sign: training would make the right tokens "
    "unlikely.",
)
def sign(logits, targets, padding_index):
    """Forget the minus."""
    real = targets != padding_index
    return -_surprise(logits, targets)[real].mean()


@mistake(
    "masked_loss",
    "You keep what is padding and drop what is not.",
)
def mask_inverted(logits, targets, padding_index):
    """Keep the padding, or everything where there is none."""
    padded = targets == padding_index
    kept = padded if padded.any() else ~padded
    return _surprise(logits, targets)[kept].mean()


@mistake(
    "masked_loss",
    "You take 0 for padding whatever padding_index says.",
)
def zero_is_padding(logits, targets, padding_index):
    """Ignore the argument; at least one token counts."""
    del padding_index
    return _surprise(logits, targets)[targets != 0].mean()


@mistake(
    "masked_loss",
    "Your softmax runs over the batch: the probabilities of the tokens must "
    "add up to 1, along the last axis.",
)
def softmax_over_the_batch(logits, targets, padding_index):
    """Normalise over axis 1."""
    real = targets != padding_index
    return _surprise(logits, targets, dim=1)[real].mean()


@mistake(
    "masked_loss",
    "You average probabilities without a logarithm.",
)
def no_logarithm(logits, targets, padding_index):
    """Return minus the mean probability."""
    real = targets != padding_index
    return -torch.exp(-_surprise(logits, targets))[real].mean()


@mistake(
    "masked_loss",
    "Your logits are not normalised: without log_softmax the loss has no "
    "lower end.",
)
def not_normalised(logits, targets, padding_index):
    """Take the logits for log-probabilities."""
    picked = logits.gather(2, targets[:, :, None])[:, :, 0]
    return -picked[targets != padding_index].mean()


@mistake(
    "masked_loss",
    "You compare token t with the target of t + 1. The translator has shifted "
    "them already.",
)
def shifted(logits, targets, padding_index):
    """Shift once more."""
    real = targets[1:] != padding_index
    return _surprise(logits[:-1], targets[1:])[real].mean()
