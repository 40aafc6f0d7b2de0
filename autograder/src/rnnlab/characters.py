"""What a language model of characters costs, and what its units follow."""

import torch

from rnnlab import probes, syntax, tasks
from rnnlab.train import character_loss

#: Newline and what one can type; other characters are dropped.
ALPHABET = "\n" + "".join(map(chr, range(32, 127)))


@torch.no_grad()
def nats(model, text, alphabet=ALPHABET):
    """Return the mean cost of each character of a text but the first.

    Args:
        model: A Reader of one-hot characters, one output a character.
        text: What to read, as one sequence.
        alphabet: The characters that have a feature each.

    Units:
        Nats a character.

    Returns:
        float: the mean cross-entropy.
    """
    codes = tasks.encode_text(text, alphabet)
    inputs = tasks.one_hot(codes[:-1], alphabet)[:, None]
    return float(character_loss(model(inputs), codes[1:, None]))


def unit_scores(lstm, source, *, inside=None, alphabet=ALPHABET):
    """Score each unit: does its cell state tell inside from outside?

    Args:
        lstm: torch.nn.LSTM that reads one-hot characters.
        source: Python source whose characters are all in the alphabet.
        inside: Which characters are inside; None for inside strings.
        alphabet: The characters that have a feature each.

    Shapes:
        inside:  (number of characters,), bool
        returns: (hidden_size,), each in [0, 1]

    Returns:
        Tensor: the share of pairs of a character inside and one outside in
        which the inside state is the larger one; equal ones count one half.
    """
    codes = tasks.encode_text(source, alphabet)
    trace = probes.gate_trace(lstm, tasks.one_hot(codes, alphabet)[:, None])
    states = trace.cell_states[:, 0].double()
    if inside is None:
        inside = syntax.inside_strings(source)
    # The area under the curve from average ranks, as Mann and Whitney do.
    total = torch.zeros_like(states)
    for unit, column in enumerate(states.T):
        values, place, count = column.unique(
            return_inverse=True, return_counts=True
        )
        del values
        last = count.cumsum(0).double()
        total[:, unit] = (last - (count - 1) / 2)[place]
    wins = int(inside.sum())
    losses = len(inside) - wins
    ranks = total[inside].sum(dim=0) - wins * (wins + 1) / 2
    return ranks / (wins * losses)
