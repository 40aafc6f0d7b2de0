"""The tickets task: a word is read once and asked for much later.

The lecture's sentence has this shape. "When she tried to print her tickets"
names a thing with its 7th word, and "she finally printed her" asks for it.
"""

from typing import NamedTuple

import torch
from torch import nn

#: Words that can be asked for; one of them is the 7th word of a sentence.
WORDS = ("tickets", "letters", "photos", "recipes")
#: Words that say nothing about it.
FILLERS = ("the", "printer", "toner", "she", "store", "was")
#: What asks for the word.
CUE = "printed her"
#: All tokens, in the order of the one-hot features.
TOKENS = (*WORDS, *FILLERS, CUE)
#: Index of the 7th word.
WORD_STEP = 6


class Tickets(NamedTuple):
    """A batch of sentences, of one length, each with one question.

    Attributes:
        inputs: One-hot tokens.
        targets: The word asked for, where one is asked for; 0 elsewhere.
        lags: How many steps ago that word was read; 0 where nothing is
            asked.

    Shapes:
        inputs:        (seq_len, batch, len(TOKENS))
        targets, lags: (seq_len, batch)
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    lags: torch.Tensor


def sample_tickets(batch_size, shortest, longest, *, generator):
    """Sample sentences that ask for their 7th word.

    Six fillers come first, then a word, then fillers up to the cue. The cue
    stands ``lag`` steps after the word, and the lag of each sentence is
    drawn from ``shortest`` to ``longest``. After the cue come fillers that
    make all sentences equally long. Guessing is right once in four times.

    Args:
        batch_size: Number of sentences.
        shortest: Smallest lag, at least 1.
        longest: Largest lag; seq_len is that of the longest sentence.
        generator: Where the random numbers come from.

    Returns:
        Tickets: float32 inputs, int64 targets and lags, on the CPU.

    Source:
        The sentence of lecture 7 of CS224n, as a copying task.
    """
    seq_len = WORD_STEP + longest + 1
    fillers = torch.randint(
        len(FILLERS), (seq_len, batch_size), generator=generator
    )
    words = torch.randint(len(WORDS), (batch_size,), generator=generator)
    lag = torch.randint(
        shortest, longest + 1, (batch_size,), generator=generator
    )
    tokens = len(WORDS) + fillers
    rows = torch.arange(batch_size)
    tokens[WORD_STEP] = words
    tokens[WORD_STEP + lag, rows] = TOKENS.index(CUE)
    targets, lags = torch.zeros_like(tokens), torch.zeros_like(tokens)
    targets[WORD_STEP + lag, rows] = words
    lags[WORD_STEP + lag, rows] = lag
    inputs = nn.functional.one_hot(tokens, len(TOKENS)).float()
    return Tickets(inputs, targets, lags)


def asked_loss(outputs, batch):
    """Return the cross-entropy of the words asked for, in nats.

    Args:
        outputs: Logits of the words at every step.
        batch: Tickets, of which targets and lags are used.

    Shapes:
        outputs: (seq_len, batch, len(WORDS))
    """
    asked = batch.lags > 0
    return nn.functional.cross_entropy(outputs[asked], batch.targets[asked])


def asked_accuracy(outputs, batch):
    """Return the fraction of the questions that are answered right.

    Args:
        outputs: Logits of the words at every step.
        batch: Tickets, of which targets and lags are used.

    Shapes:
        outputs: (seq_len, batch, len(WORDS))
    """
    asked = batch.lags > 0
    right = outputs.argmax(dim=2) == batch.targets
    return right[asked].double().mean()
