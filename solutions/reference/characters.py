"""Chapter 6: a language model of characters, and the units inside it."""

import math

import torch


def bits_per_character(logits, targets):
    """Return the mean number of bits that each character costs.

    Equations:
        eq-bits-per-character

    Args:
        logits: Readout of each step.
        targets: Index of the character that followed.

    Shapes:
        logits:  (seq_len, batch, number of characters)
        targets: (seq_len, batch)

    Units:
        Bits a character: log2(number of characters) for an even guess.

    Returns:
        Tensor: without axes.
    """
    chosen = logits.gather(2, targets[..., None]).squeeze(2)
    log_total = logits.logsumexp(dim=2)
    return (log_total - chosen).mean() / math.log(2)  # eq-bits-per-character


def find_tracking_unit(cell_states, inside):
    """Find the unit whose cell state best tells inside from outside.

    A unit's score is the probability that its cell state at a random inside
    step lies above that at a random outside step, where equal states count
    one half. 0.5 tells nothing, 0 and 1 tell everything.

    Equations:
        eq-tracking-score

    Args:
        cell_states: Cell states after each step.
        inside: Whether each step lies inside.

    Shapes:
        cell_states: (seq_len, batch, hidden_size)
        inside:      (seq_len, batch), bool

    Returns:
        tuple: index of the unit whose score is farthest from 0.5, and that
            score.

    Raises:
        ValueError: no step, or every step, lies inside.

    Source:
        The area under the ROC curve, by its meaning for pairs.
    """
    if inside.all() or not inside.any():
        raise ValueError("Steps of both kinds are needed to tell them apart.")
    outer, _ = cell_states[~inside].sort(dim=0)
    inner = cell_states[inside]
    # For each inner state, outer states strictly below and not above it.
    columns = outer.T.contiguous()
    wanted = inner.T.contiguous()
    below = torch.searchsorted(columns, wanted)
    up_to = torch.searchsorted(columns, wanted, right=True)
    wins = (below + up_to).to(cell_states.dtype) / 2
    score = wins.mean(dim=1) / len(outer)  # eq-tracking-score
    unit = (score - 0.5).abs().argmax()
    return unit, score[unit]
