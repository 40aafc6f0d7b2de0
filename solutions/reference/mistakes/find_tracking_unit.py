"""Mistakes in find_tracking_unit."""

import torch

from reference.catalogue import mistake

_LACK = "Steps of both kinds are needed."


def _refuse(inside):
    """Raise where one kind of steps is missing."""
    if inside.all() or not inside.any():
        raise ValueError(_LACK)


def _scores(cell_states, inside, equal=0.5):
    """Return the score of each unit; equal states count as said."""
    inner, outer = cell_states[inside], cell_states[~inside]
    wins = (inner[:, None] > outer).to(cell_states.dtype)
    ties = (inner[:, None] == outer).to(cell_states.dtype)
    return (wins + equal * ties).mean(dim=(0, 1))


def _found(cell_states, inside, *, equal=0.5, refuse=_refuse):
    """Return the unit whose score is farthest from one half."""
    refuse(inside)
    score = _scores(cell_states, inside, equal)
    unit = (score - 0.5).abs().argmax()
    return unit, score[unit]


@mistake(
    "find_tracking_unit",
    "You pick the largest score; one near 0 tells inside from outside as "
    "well as one near 1.",
)
def largest_score(cell_states, inside):
    """Take the maximum of the scores."""
    _refuse(inside)
    score = _scores(cell_states, inside)
    return score.argmax(), score.max()


@mistake(
    "find_tracking_unit",
    "You return the score folded to above 1/2; a unit that is low inside "
    "has a score below 1/2.",
)
def folded_score(cell_states, inside):
    """Return the larger of the score and its complement."""
    unit, score = _found(cell_states, inside)
    return unit, torch.maximum(score, 1 - score)


@mistake(
    "find_tracking_unit",
    "You return the distance from 1/2; asked for is the score itself.",
)
def distance_returned(cell_states, inside):
    """Return what was compared."""
    unit, score = _found(cell_states, inside)
    return unit, (score - 0.5).abs()


@mistake(
    "find_tracking_unit",
    "Your score counts the pairs in which the outside state is the larger "
    "one.",
)
def sides_swapped(cell_states, inside):
    """Compare the other way round."""
    unit, score = _found(cell_states, inside)
    return unit, 1 - score


@mistake(
    "find_tracking_unit",
    "Equal states count 0 in your score; they count one half.",
)
def ties_lost(cell_states, inside):
    """Count strictly larger states alone."""
    return _found(cell_states, inside, equal=0.0)


@mistake(
    "find_tracking_unit",
    "Equal states count 1 in your score; they count one half.",
)
def ties_won(cell_states, inside):
    """Count equal states as larger."""
    return _found(cell_states, inside, equal=1.0)


@mistake(
    "find_tracking_unit",
    "You pick the unit whose means differ most; a unit that strays far has "
    "that by chance.",
)
def means_decide(cell_states, inside):
    """Pick by the difference of the two means."""
    _refuse(inside)
    inner, outer = cell_states[inside], cell_states[~inside]
    unit = (inner.mean(dim=0) - outer.mean(dim=0)).abs().argmax()
    return unit, _scores(cell_states, inside)[unit]


@mistake(
    "find_tracking_unit",
    "You look at the first sequence of the batch alone.",
)
def first_sequence_alone(cell_states, inside):
    """Forget the batch."""
    _refuse(inside)
    return _found(
        cell_states[:, :1], inside[:, :1], refuse=lambda steps: steps
    )


@mistake(
    "find_tracking_unit",
    "You score each sequence on its own and average; the pairs may be of "
    "two sequences.",
)
def sequences_averaged(cell_states, inside):
    """Average the scores of the sequences."""
    _refuse(inside)
    score = torch.stack(
        [
            _scores(cell_states[:, [one]], inside[:, [one]])
            for one in range(inside.shape[1])
        ]
    ).mean(dim=0)
    unit = (score - 0.5).abs().argmax()
    return unit, score[unit]


@mistake(
    "find_tracking_unit",
    "Your score is the share of steps on the right side of 0; the cell "
    "state may have its threshold elsewhere.",
)
def threshold_at_zero(cell_states, inside):
    """Measure the accuracy of the sign."""
    _refuse(inside)
    right = (cell_states > 0) == inside[..., None]
    score = right.to(cell_states.dtype).mean(dim=(0, 1))
    unit = (score - 0.5).abs().argmax()
    return unit, score[unit]


@mistake(
    "find_tracking_unit",
    "Where one kind of steps is missing you answer 1/2 or NaN; there is "
    "nothing to compare, so raise a ValueError.",
)
def never_refuses(cell_states, inside):
    """Return something in any case."""
    return _found(cell_states, inside, refuse=lambda steps: steps)


@mistake(
    "find_tracking_unit",
    "You refuse where no step is inside, but not where every step is.",
)
def refuses_half(cell_states, inside):
    """Look for one kind of steps alone."""
    if not inside.any():
        raise ValueError(_LACK)
    return _found(cell_states, inside, refuse=lambda steps: steps)
