"""Mistakes in bits_per_character."""

import math

from reference.catalogue import mistake


def _nats(logits, targets, dim=2):
    """Return what each character costs, in nats."""
    costs = -logits.log_softmax(dim=dim)
    return costs.gather(2, targets[..., None]).squeeze(2)


@mistake(
    "bits_per_character",
    "Your number is in nats; divide by log(2) for bits.",
)
def nats(logits, targets):
    """Take the natural logarithm."""
    return _nats(logits, targets).mean()


@mistake(
    "bits_per_character",
    "You multiply by log(2); nats become bits by dividing.",
)
def multiplied(logits, targets):
    """Convert the wrong way."""
    return _nats(logits, targets).mean() * math.log(2)


@mistake(
    "bits_per_character",
    "Your number is in decimal digits; a bit belongs to log2.",
)
def digits(logits, targets):
    """Take the logarithm to base ten."""
    return _nats(logits, targets).mean() / math.log(10)


@mistake(
    "bits_per_character",
    "You add up the bits of all characters; the mean is asked for.",
)
def added_up(logits, targets):
    """Sum over steps and batch."""
    return _nats(logits, targets).sum() / math.log(2)


@mistake(
    "bits_per_character",
    "You average over the batch and add up over the steps; average over both.",
)
def added_up_over_steps(logits, targets):
    """Return the bits of a sequence."""
    return _nats(logits, targets).sum(dim=0).mean() / math.log(2)


@mistake(
    "bits_per_character",
    "Your sign is wrong: a probability below 1 costs a positive number of "
    "bits.",
)
def sign_lost(logits, targets):
    """Return the mean logarithm of the probability."""
    return -_nats(logits, targets).mean() / math.log(2)


@mistake(
    "bits_per_character",
    "This is the perplexity, 2 to the bits; return the bits themselves.",
)
def perplexity(logits, targets):
    """Return the exponential of the mean cost."""
    return _nats(logits, targets).mean().exp()


@mistake(
    "bits_per_character",
    "You take the logarithm of the mean probability; take the mean of the "
    "logarithms.",
)
def mean_before_the_logarithm(logits, targets):
    """Average probabilities."""
    return -(-_nats(logits, targets)).exp().mean().log2()


@mistake(
    "bits_per_character",
    "Your softmax is over the batch; it belongs over the characters.",
)
def softmax_over_the_batch(logits, targets):
    """Normalise the wrong axis."""
    return _nats(logits, targets, dim=1).mean() / math.log(2)


@mistake(
    "bits_per_character",
    "Your softmax is over the steps; it belongs over the characters.",
)
def softmax_over_the_steps(logits, targets):
    """Normalise the time axis."""
    return _nats(logits, targets, dim=0).mean() / math.log(2)


@mistake(
    "bits_per_character",
    "You take the softmax twice: logits are the numbers before it.",
)
def softmax_twice(logits, targets):
    """Treat probabilities as logits."""
    return _nats(logits.softmax(dim=2), targets).mean() / math.log(2)


@mistake(
    "bits_per_character",
    "Your softmax overflows: exp(1000) is infinite. Use logsumexp or "
    "log_softmax.",
)
def overflow(logits, targets):
    """Write the softmax as the formula has it."""
    shares = logits.exp() / logits.exp().sum(dim=2, keepdim=True)
    chosen = shares.gather(2, targets[..., None])
    return -chosen.log2().mean()
