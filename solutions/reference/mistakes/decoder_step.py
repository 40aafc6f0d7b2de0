"""Mistakes in decoder_step."""

import torch

from reference.catalogue import mistake
from reference.translation import attention
from rnnlab.layout import LSTMState


def _step(arguments, **parts):
    """Run a step of which some parts are replaced.

    Args:
        arguments: Those of ``decoder_step``.
        **parts: ``fed`` (what the cell reads), ``asked`` (who asks), ``join``
            (what is combined), ``squash``, ``padding``, ``answer``.
    """
    x, prev_output, prev_state, memory, is_padding, cell, combine = arguments
    fed = parts.get("fed", lambda x, output: torch.cat([x, output], 1))
    new = LSTMState(*cell(fed(x, prev_output), prev_state))
    asked = parts.get("asked", lambda new, _: new.hidden_state)
    padding = parts.get("padding", lambda mask: mask)(is_padding)
    context, weights = attention(
        asked(new, prev_state), memory, memory, padding
    )
    join = parts.get("join", lambda hidden, read: torch.cat([hidden, read], 1))
    squash = parts.get("squash", torch.tanh)
    output = squash(combine(join(new.hidden_state, context)))
    answer = parts.get("answer", lambda *three: three)
    return answer(output, new, weights)


@mistake(
    "decoder_step",
    "The previous hidden state asks in your step; the new one, which has "
    "already read x, is to ask.",
)
def old_state_asks(*arguments):
    """Attend before the cell moves on."""
    return _step(arguments, asked=lambda _, old: old.hidden_state)


@mistake(
    "decoder_step",
    "Your cell state asks; the hidden state is what a cell shows.",
)
def cell_state_asks(*arguments):
    """Attend with the cell state."""
    return _step(arguments, asked=lambda new, _: new.cell_state)


@mistake(
    "decoder_step",
    "You join prev_output and x in this order; eq-decoder-input has x first.",
)
def fed_the_other_way(*arguments):
    """Swap the two halves of the input."""
    return _step(arguments, fed=lambda x, output: torch.cat([output, x], 1))


@mistake(
    "decoder_step",
    "prev_output does not reach your cell: you feed zeros in its place, so a "
    "step does not know what was just read.",
)
def nothing_fed(*arguments):
    """Leave input feeding out."""
    return _step(
        arguments, fed=lambda x, output: torch.cat([x, 0 * output], 1)
    )


@mistake(
    "decoder_step",
    "You feed the previous hidden state beside x; it is the previous output "
    "that is fed.",
)
def hidden_state_fed(*arguments):
    """Feed the hidden state twice."""
    hidden = arguments[2].hidden_state
    return _step(arguments, fed=lambda x, _: torch.cat([x, hidden], 1))


@mistake(
    "decoder_step",
    "You join context and hidden state in this order; eq-decoder-output has "
    "the hidden state first.",
)
def joined_the_other_way(*arguments):
    """Swap the two halves."""
    return _step(
        arguments, join=lambda hidden, read: torch.cat([read, hidden], 1)
    )


@mistake(
    "decoder_step",
    "There is no tanh around your combine: eq-decoder-output has one.",
)
def no_tanh(*arguments):
    """Leave the squashing out."""
    return _step(arguments, squash=lambda tensor: tensor)


@mistake(
    "decoder_step",
    "You squash with a sigmoid; eq-decoder-output has tanh.",
)
def sigmoid(*arguments):
    """Take the wrong function."""
    return _step(arguments, squash=torch.sigmoid)


@mistake(
    "decoder_step",
    "The context does not reach your output: the step pays attention and "
    "ignores what it read.",
)
def context_ignored(*arguments):
    """Combine the hidden state with zeros."""
    return _step(
        arguments,
        join=lambda hidden, read: torch.cat([hidden, 0 * read], 1),
    )


@mistake(
    "decoder_step",
    "Padding gets attention in your step: hand is_padding on to attention.",
)
def padding_attended(*arguments):
    """Lose the mask."""
    return _step(arguments, padding=torch.zeros_like)


@mistake(
    "decoder_step",
    "You return the old state; the next step needs the one that the cell has "
    "just made.",
)
def old_state_returned(*arguments):
    """Hand the previous state on."""
    return _step(
        arguments, answer=lambda output, _, read: (output, arguments[2], read)
    )


@mistake(
    "decoder_step",
    "Your hidden state is the output; cell and attention have different ones, "
    "and the next step needs both.",
)
def output_as_hidden_state(*arguments):
    """Put the output into the state."""
    return _step(
        arguments,
        answer=lambda output, new, read: (
            output,
            LSTMState(output, new.cell_state),
            read,
        ),
    )
