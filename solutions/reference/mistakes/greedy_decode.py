"""Mistakes in greedy_decode."""

import torch

from reference.catalogue import mistake
from rnnlab.translation.pieces import END, PADDING


def _decode(next_logits, state, first_tokens, max_len, **parts):
    """Decode with some parts replaced.

    Args:
        next_logits: As ``greedy_decode`` has it.
        state: Likewise.
        first_tokens: Likewise.
        max_len: Likewise.
        **parts: ``pick``, ``masked``, ``fed``, ``handed_on``, ``over``,
            ``begin``, ``extra`` steps.
    """
    pick = parts.get("pick", lambda logits: logits.argmax(1))
    over = parts.get("over", torch.all)
    fed = parts.get("fed", lambda token, _: token)
    tokens, chosen = first_tokens, list(parts.get("begin", ()))
    ended = torch.zeros_like(first_tokens, dtype=torch.bool)
    for _ in range(max_len + parts.get("extra", 0)):
        logits, new = next_logits(fed(tokens, first_tokens), state)
        state = new if parts.get("handed_on", True) else state
        tokens = pick(logits)
        if parts.get("masked", True):
            tokens = tokens.masked_fill(ended, PADDING)
        ended = ended | (tokens == END)
        chosen.append(tokens)
        if over(ended):
            break
    return torch.stack(chosen)


@mistake(
    "greedy_decode",
    "You go on writing tokens for sentences that have ended; behind END "
    "belongs PADDING.",
)
def not_masked(*arguments):
    """Leave what the model says behind END."""
    return _decode(*arguments, masked=False)


@mistake(
    "greedy_decode",
    "You stop as soon as one sentence has ended; the others are cut off.",
)
def stops_at_the_first(*arguments):
    """Take any for all."""
    return _decode(*arguments, over=torch.any)


@mistake(
    "greedy_decode",
    "You always take max_len steps; stop when all sentences have ended.",
)
def never_stops_early(*arguments):
    """Run to max_len."""
    return _decode(*arguments, over=lambda ended: ended.new_tensor(False))


@mistake(
    "greedy_decode",
    "You hand the first state in at every step; next_logits returns the state "
    "for the next one.",
)
def state_not_handed_on(*arguments):
    """Forget the new state."""
    return _decode(*arguments, handed_on=False)


@mistake(
    "greedy_decode",
    "You feed the first tokens at every step; feed the tokens just chosen.",
)
def first_tokens_fed(*arguments):
    """Feed START again and again."""
    return _decode(*arguments, fed=lambda _, first: first)


@mistake(
    "greedy_decode",
    "You take the least likely token.",
)
def least_likely(*arguments):
    """Take argmin."""
    return _decode(*arguments, pick=lambda logits: logits.argmin(1))


@mistake(
    "greedy_decode",
    "Your tokens begin with the first tokens; return only what the model "
    "said.",
)
def start_returned(*arguments):
    """Keep START in front."""
    return _decode(*arguments, begin=[arguments[2]])


@mistake(
    "greedy_decode",
    "END is missing from what you return; it is the last token of a sentence.",
)
def end_removed(*arguments):
    """Replace END by padding."""
    tokens = _decode(*arguments)
    return tokens.masked_fill(tokens == END, PADDING)


@mistake(
    "greedy_decode",
    "You take one step more than max_len allows.",
)
def one_step_more(*arguments):
    """Be off by one."""
    return _decode(*arguments, extra=1)


@mistake(
    "greedy_decode",
    "You write END again and again behind the end; PADDING belongs there.",
)
def end_repeated(*arguments):
    """Fill with END."""
    tokens = _decode(*arguments)
    return tokens.masked_fill(tokens == PADDING, END)


@mistake(
    "greedy_decode",
    "What you return is batch first; it belongs time-major, (steps, batch).",
)
def batch_first(*arguments):
    """Transpose."""
    return _decode(*arguments).T
