"""Mistakes in recency_baseline."""

import torch

from reference.catalogue import mistake


def _nearest(noun_numbers, before):
    """Return the number of the last noun at which ``before`` holds."""
    numbers = torch.full_like(noun_numbers[0], -1)
    for step, row in enumerate(noun_numbers):
        numbers = torch.where((row >= 0) & before(step), row, numbers)
    return numbers


@mistake(
    "recency_baseline",
    "You give the number of the first noun. That is the subject's, so this "
    "is the right answer in this grammar, and not the baseline.",
)
def first_noun(noun_numbers, verb_steps):
    """Obey syntax."""
    numbers = torch.full_like(noun_numbers[0], -1)
    for step, row in enumerate(noun_numbers):
        new = (row >= 0) & (numbers == -1) & (verb_steps > step)
        numbers = torch.where(new, row, numbers)
    return numbers


@mistake(
    "recency_baseline",
    "You give the number of the last noun of the sentence; nouns behind the "
    "verb do not count.",
)
def last_noun_of_all(noun_numbers, verb_steps):
    """Forget where the verb stands."""
    del verb_steps
    return _nearest(noun_numbers, lambda _: torch.tensor(True))


@mistake(
    "recency_baseline",
    "You count a noun at the verb's own step; only steps before it count.",
)
def verb_step_included(noun_numbers, verb_steps):
    """Stop one step late."""
    return _nearest(noun_numbers, lambda step: verb_steps >= step)


@mistake(
    "recency_baseline",
    "You stop one step early: a noun right before the verb counts.",
)
def step_before_left_out(noun_numbers, verb_steps):
    """Stop one step early."""
    return _nearest(noun_numbers, lambda step: verb_steps - 1 > step)


@mistake(
    "recency_baseline",
    "You read the word right before the verb, noun or not; go back to the "
    "nearest noun.",
)
def word_before(noun_numbers, verb_steps):
    """Look back by one step alone."""
    rows = torch.arange(noun_numbers.shape[1], device=noun_numbers.device)
    numbers = noun_numbers[(verb_steps - 1).clamp(min=0), rows]
    return torch.where(verb_steps > 0, numbers, -1)


@mistake(
    "recency_baseline",
    "You give 0, singular, where no noun stands before the verb; give -1.",
)
def singular_by_default(noun_numbers, verb_steps):
    """Guess where nothing is known."""
    return _nearest(noun_numbers, lambda step: verb_steps > step).clamp(min=0)


@mistake(
    "recency_baseline",
    "You give the opposite number: 0 is singular and 1 is plural, in and out.",
)
def numbers_swapped(noun_numbers, verb_steps):
    """Mix up the code."""
    numbers = _nearest(noun_numbers, lambda step: verb_steps > step)
    return torch.where(numbers >= 0, 1 - numbers, numbers)


@mistake(
    "recency_baseline",
    "You let all nouns before the verb vote; this rule asks the nearest one "
    "alone.",
)
def majority(noun_numbers, verb_steps):
    """Count singulars and plurals."""
    steps = torch.arange(len(noun_numbers), device=noun_numbers.device)
    before = verb_steps > steps[:, None]
    plurals = ((noun_numbers == 1) & before).sum(dim=0)
    singulars = ((noun_numbers == 0) & before).sum(dim=0)
    numbers = (plurals > singulars).long()
    return torch.where(plurals + singulars > 0, numbers, -1)


@mistake(
    "recency_baseline",
    "You say plural wherever some noun before the verb is plural; this rule "
    "asks the nearest one alone.",
)
def any_plural(noun_numbers, verb_steps):
    """Take the largest number."""
    steps = torch.arange(len(noun_numbers), device=noun_numbers.device)
    before = verb_steps > steps[:, None]
    return torch.where(before, noun_numbers, -1).amax(dim=0)


@mistake(
    "recency_baseline",
    "You return the step at which the nearest noun stands; return its number.",
)
def step_of_the_noun(noun_numbers, verb_steps):
    """Stop half way."""
    steps = torch.arange(len(noun_numbers), device=noun_numbers.device)
    before = (noun_numbers >= 0) & (verb_steps > steps[:, None])
    return torch.where(before, steps[:, None], -1).amax(dim=0)
