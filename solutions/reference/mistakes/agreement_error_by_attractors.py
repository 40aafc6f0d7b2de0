"""Mistakes in agreement_error_by_attractors."""

import torch

from reference.catalogue import mistake

_TASK = "agreement_error_by_attractors"


def _columns(logits, verbs, other_verbs):
    rows = torch.arange(len(logits), device=logits.device)
    return logits[rows, verbs], logits[rows, other_verbs]


def _errors(wrong, attractors, most, *, empty=torch.nan):
    """Average over the sentences of each count."""
    errors = wrong.new_full((most + 1,), empty)
    for count in range(most + 1):
        if (attractors == count).any():
            errors[count] = wrong[attractors == count].mean()
    return errors


def _wrong(logits, verbs, other_verbs):
    right, other = _columns(logits, verbs, other_verbs)
    return (other >= right).to(logits.dtype)


@mistake(
    _TASK,
    "You count a sentence as wrong unless the right form has the largest "
    "logit of all words; compare it with the other form alone.",
)
def largest_of_all(logits, verbs, other_verbs, attractors, max_attractors):
    """Ask for the best word of the vocabulary."""
    del other_verbs
    wrong = (logits.argmax(dim=1) != verbs).to(logits.dtype)
    return _errors(wrong, attractors, max_attractors)


@mistake(
    _TASK,
    "You count a sentence as wrong only where the other form has the "
    "largest logit of all words; compare the two forms alone.",
)
def other_form_largest(logits, verbs, other_verbs, attractors, max_attractors):
    """Ask whether the wrong form would be said."""
    del verbs
    wrong = (logits.argmax(dim=1) == other_verbs).to(logits.dtype)
    return _errors(wrong, attractors, max_attractors)


@mistake(
    _TASK,
    "You count agreement; what is asked for is the error, one minus that.",
)
def accuracy(logits, verbs, other_verbs, attractors, max_attractors):
    """Return the fraction that is right."""
    wrong = _wrong(logits, verbs, other_verbs)
    return 1 - _errors(wrong, attractors, max_attractors)


@mistake(
    _TASK,
    "You count a tie as right; a model that gives both forms the same has "
    "not decided, and that is an error here.",
)
def tie_is_right(logits, verbs, other_verbs, attractors, max_attractors):
    """Forget about equality."""
    right, other = _columns(logits, verbs, other_verbs)
    wrong = (other > right).to(logits.dtype)
    return _errors(wrong, attractors, max_attractors)


@mistake(
    _TASK,
    "You give 0 for a count that no sentence has. 0 says that there was no "
    "error; NaN says that there was no sentence.",
)
def zero_for_nothing(logits, verbs, other_verbs, attractors, max_attractors):
    """Fill the gaps with 0."""
    wrong = _wrong(logits, verbs, other_verbs)
    return _errors(wrong, attractors, max_attractors, empty=0.0)


@mistake(
    _TASK,
    "You divide by the number of all sentences; divide by those that have "
    "this count.",
)
def divided_by_all(logits, verbs, other_verbs, attractors, max_attractors):
    """Return shares of the batch."""
    wrong = _wrong(logits, verbs, other_verbs)
    shares = _errors(wrong, attractors, max_attractors)
    for count in range(max_attractors + 1):
        shares[count] *= (attractors == count).to(wrong.dtype).mean()
    return shares


@mistake(
    _TASK,
    "You count the sentences with more than max_attractors at "
    "max_attractors; leave them out.",
)
def larger_counts_clamped(
    logits, verbs, other_verbs, attractors, max_attractors
):
    """Press everything into the range."""
    wrong = _wrong(logits, verbs, other_verbs)
    return _errors(wrong, attractors.clamp(max=max_attractors), max_attractors)


@mistake(
    _TASK,
    "Your entry k counts all sentences with k attractors or more; it "
    "belongs to exactly k.",
)
def at_least_so_many(logits, verbs, other_verbs, attractors, max_attractors):
    """Accumulate over the counts."""
    wrong = _wrong(logits, verbs, other_verbs)
    errors = wrong.new_full((max_attractors + 1,), torch.nan)
    for count in range(max_attractors + 1):
        if (attractors >= count).any():
            errors[count] = wrong[attractors >= count].mean()
    return errors


@mistake(
    _TASK,
    "Your result begins with one attractor; entry 0 is for the sentences "
    "without any.",
)
def none_left_out(logits, verbs, other_verbs, attractors, max_attractors):
    """Return max_attractors entries."""
    wrong = _wrong(logits, verbs, other_verbs)
    return _errors(wrong, attractors, max_attractors)[1:]


@mistake(
    _TASK,
    "You average the other form's share of the two probabilities; count the "
    "sentences in which it wins.",
)
def share_averaged(logits, verbs, other_verbs, attractors, max_attractors):
    """Do not decide."""
    right, other = _columns(logits, verbs, other_verbs)
    return _errors(torch.sigmoid(other - right), attractors, max_attractors)


@mistake(
    _TASK,
    "You return how many sentences are wrong; divide by how many have this "
    "count.",
)
def not_divided(logits, verbs, other_verbs, attractors, max_attractors):
    """Return sums."""
    wrong = _wrong(logits, verbs, other_verbs)
    errors = _errors(wrong, attractors, max_attractors)
    for count in range(max_attractors + 1):
        errors[count] *= (attractors == count).sum()
    return errors
