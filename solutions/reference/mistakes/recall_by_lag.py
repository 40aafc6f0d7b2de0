"""Mistakes in recall_by_lag."""

import torch

from reference.catalogue import mistake


def _recall(right, lags, max_lag, *, lowest=1, belongs=torch.eq):
    """Average over the questions that belong to each lag."""
    recall = right.new_full((max_lag + 1,), torch.nan)
    for lag in range(lowest, max_lag + 1):
        asked = belongs(lags, torch.full_like(lags, lag))
        if asked.any():
            recall[lag] = right[asked].mean()
    return recall


def _right(outputs, targets):
    return (outputs.argmax(dim=2) == targets).to(outputs.dtype)


@mistake(
    "recall_by_lag",
    "Entry 0 of yours has a number: a lag of 0 means that nothing was asked "
    "there.",
)
def silence_counted(outputs, targets, lags, max_lag):
    """Treat 0 as a lag like the others."""
    return _recall(_right(outputs, targets), lags, max_lag, lowest=0)


@mistake(
    "recall_by_lag",
    "You give 0 where nothing was asked. 0 says that every answer was wrong; "
    "NaN says that there was none.",
)
def zero_for_nothing(outputs, targets, lags, max_lag):
    """Fill the gaps with 0."""
    return _recall(_right(outputs, targets), lags, max_lag).nan_to_num(0.0)


@mistake(
    "recall_by_lag",
    "You count wrong answers; recall is the fraction of right ones.",
)
def wrong_answers_counted(outputs, targets, lags, max_lag):
    """Return the error."""
    return 1 - _recall(_right(outputs, targets), lags, max_lag)


@mistake(
    "recall_by_lag",
    "You divide by the number of all questions; divide by those that have "
    "this lag.",
)
def divided_by_all_questions(outputs, targets, lags, max_lag):
    """Return the share of all questions."""
    right = _right(outputs, targets)
    shares = right.new_full((max_lag + 1,), torch.nan)
    for lag in range(1, max_lag + 1):
        if (lags == lag).any():
            shares[lag] = right[lags == lag].sum() / (lags > 0).sum()
    return shares


@mistake(
    "recall_by_lag",
    "You divide by the number of all places, seq_len * batch; divide by the "
    "questions that have this lag.",
)
def divided_by_all_places(outputs, targets, lags, max_lag):
    """Average over a product with the mask."""
    right = _right(outputs, targets)
    shares = right.new_full((max_lag + 1,), torch.nan)
    for lag in range(1, max_lag + 1):
        if (lags == lag).any():
            shares[lag] = (right * (lags == lag)).mean()
    return shares


@mistake(
    "recall_by_lag",
    "Your entry k counts all questions up to lag k; it belongs to lag k "
    "alone.",
)
def all_up_to_the_lag(outputs, targets, lags, max_lag):
    """Accumulate over the lags."""
    return _recall(
        _right(outputs, targets),
        lags,
        max_lag,
        belongs=lambda given, lag: (lag >= given) & (given > 0),
    )


@mistake(
    "recall_by_lag",
    "You count the questions beyond max_lag at max_lag; leave them out.",
)
def larger_lags_clamped(outputs, targets, lags, max_lag):
    """Press everything into the range."""
    return _recall(_right(outputs, targets), lags.clamp(max=max_lag), max_lag)


@mistake(
    "recall_by_lag",
    "Your entry k belongs to lag k + 1; entry 0 is for lag 0, at which "
    "nothing is asked.",
)
def one_entry_early(outputs, targets, lags, max_lag):
    """Begin the list with lag 1."""
    recall = _recall(_right(outputs, targets), lags, max_lag + 1)
    return recall[1:]


@mistake(
    "recall_by_lag",
    "Your result begins with lag 1 and is one entry short; keep entry 0, "
    "with NaN.",
)
def lag_zero_left_out(outputs, targets, lags, max_lag):
    """Return max_lag entries."""
    return _recall(_right(outputs, targets), lags, max_lag)[1:]


@mistake(
    "recall_by_lag",
    "You take the smallest logit for the answer; the answer is the word "
    "with the largest.",
)
def smallest_logit(outputs, targets, lags, max_lag):
    """Use argmin."""
    return _recall(_right(-outputs, targets), lags, max_lag)


@mistake(
    "recall_by_lag",
    "You average the probability of the right word; recall counts answers, "
    "right or wrong.",
)
def probability_averaged(outputs, targets, lags, max_lag):
    """Do not decide."""
    chances = outputs.softmax(dim=2).gather(2, targets[..., None])[..., 0]
    return _recall(chances, lags, max_lag)


@mistake(
    "recall_by_lag",
    "You read the outputs one step too early: the outputs of step t answer "
    "the question of step t.",
)
def outputs_of_the_step_before(outputs, targets, lags, max_lag):
    """Shift as a language model would."""
    return _recall(_right(outputs.roll(1, dims=0), targets), lags, max_lag)
