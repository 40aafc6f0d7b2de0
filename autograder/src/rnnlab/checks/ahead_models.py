"""Models for chapter 8's check: some look ahead, and it is known where."""

from dataclasses import dataclass
from typing import NamedTuple

import torch

from rnnlab.checks.case import Case


class Gaze(NamedTuple):
    """What a model reads beside the inputs up to its own step.

    Attributes:
        ahead: Steps after t that output t reads, as a function of t and the
            number of steps.
        row: The only sequence of a batch that reads them; None for all.
        last_feature: Whether only their last feature is read.
        strength: By how much they are multiplied.
        pair: Whether each output comes with its negative.
    """

    ahead: object
    row: int | None = None
    last_feature: bool = False
    strength: float = 1.0
    pair: bool = False


def _all(t, seq_len):
    return range(t + 1, seq_len)


def _none(t, seq_len):
    del t, seq_len
    return ()


def _by(distance):
    return lambda t, seq_len: range(t + distance, seq_len)[:1]


def _last(t, seq_len):
    return range(max(t + 1, seq_len - 1), seq_len)


def _once(t, seq_len):
    return range(t + 1, seq_len)[:1] if t == 1 else ()


#: Models by the words that a case prints.
GAZES = {
    "both ways": Gaze(_all),
    "left to right": Gaze(_none),
    "one step ahead": Gaze(_by(1)),
    "two steps ahead": Gaze(_by(2)),
    "the next step, once": Gaze(_once, row=0),
    "the last step, one sequence": Gaze(_last, row=1),
    "the last step, one feature": Gaze(_last, last_feature=True),
    "both ways, faintly": Gaze(_all, strength=1e-9),
    "both ways, a and -a": Gaze(_all, pair=True),
}

UNITS = 3


@dataclass(frozen=True)
class ModelCase(Case):
    """A case whose description begins with its model."""

    def describe(self):
        """Return what a learner needs to rebuild the case, on one line."""
        *shape, name = self.sizes.values()
        dtype = str(self.dtype).removeprefix("torch.")
        return f"model {name}, {tuple(shape)}, {dtype}, seed {self.seed}"


def truth(name, seq_len):
    """Return at which steps a model looks ahead, (seq_len,), bool."""
    ahead = GAZES[name].ahead
    return torch.tensor([len(ahead(t, seq_len)) > 0 for t in range(seq_len)])


def build(case):
    """Return the inputs of a case and its model.

    The model never touches an input that it does not read, so that even a
    NaN shows where it is read and nowhere else.
    """
    numbers = case.generator()
    seq_len, batch, width, name = case.sizes.values()
    inputs = case.draw(numbers, seq_len, batch, width)
    weights = case.draw(numbers, 2, width, UNITS)
    gaze = GAZES[name]

    def model(inputs):
        outputs, state = [], 0
        for t in range(len(inputs)):
            state = torch.tanh(0.5 * state + inputs[t] @ weights[0])
            output = state
            for s in gaze.ahead(t, len(inputs)):
                output = _read(gaze, output, inputs[s], weights[1])
            outputs.append(output)
        outputs = torch.stack(outputs)
        return torch.cat([outputs, -outputs], 2) if gaze.pair else outputs

    return inputs, model


def _read(gaze, output, later, weight):
    """Add what is read of a later input to an output."""
    begin = -1 if gaze.last_feature else 0
    seen = gaze.strength * (later[:, begin:] @ weight[begin:])
    if gaze.row is None:
        return output + seen
    looking = torch.arange(len(output), device=output.device) == gaze.row
    return torch.where(looking[:, None], output + seen, output)
