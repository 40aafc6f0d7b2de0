"""Check of chapter 6: how many parameters a recurrent layer has."""

from dataclasses import dataclass

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.judge import Standard

CHAPTER = "06-lstm-or-gru"
_COUNT = "number of parameters"
_ORDER = ("kind", "input_size", "hidden_size", "num_layers")
_LARGEST = 2**62


@dataclass(frozen=True)
class CountCase(Case):
    """A layer whose parameters are to be counted; its sizes say which."""

    def describe(self):
        """Return the module of torch that the case is about."""
        sizes = dict(self.sizes)
        kind = sizes.pop("kind")
        given = [
            str(value) if name in _ORDER else f"{name}={value}"
            for name, value in sizes.items()
        ]
        return f"{kind}({', '.join(given)})"


def layer(kind, input_size, hidden_size, num_layers=1, **flags):
    """Return the sizes of a case."""
    return {
        **dict(
            zip(
                _ORDER,
                (kind, input_size, hidden_size, num_layers),
                strict=True,
            )
        ),
        **flags,
    }


class CountParameters(Check):
    """The number of parameters of torch's RNN, LSTM and GRU."""

    name = "count_parameters"
    equation = "eq-parameter-count"
    chapter = CHAPTER
    established = (
        "The number agrees with that of torch's own modules: RNN, LSTM and "
        "GRU, one layer and more, both directions, without biases (8 cases)."
    )
    hints = (
        "What does one block of one layer hold? Two weight matrices and how "
        "many biases? And how many blocks has each kind?",
        "Which numbers does the second layer read: the inputs, or the hidden "
        "states of the layer below? How many are they with two directions?",
        "eq-parameter-count, once for each layer: directions * blocks * "
        "hidden_size * (width + hidden_size + 2). The width is input_size in "
        "the first layer and directions * hidden_size above; without biases "
        "the 2 goes.",
    )
    standard = Standard("torch's")
    forbidden = ("numel", "parameters", "named_parameters", "state_dict")
    public = (
        CountCase("the layer is an RNN", layer("RNN", 3, 5)),
        CountCase("the layer is an LSTM", layer("LSTM", 3, 5)),
        CountCase("the layer is a GRU", layer("GRU", 4, 7)),
        CountCase("num_layers is 2", layer("LSTM", 3, 5, 2)),
        CountCase("num_layers is 3", layer("GRU", 9, 4, 3)),
        CountCase("bias is False", layer("LSTM", 4, 3, 2, bias=False)),
        CountCase(
            "bidirectional is True", layer("GRU", 6, 5, bidirectional=True)
        ),
        CountCase(
            "bidirectional is True and num_layers is 3",
            layer("LSTM", 2, 3, 3, bidirectional=True),
        ),
    )

    def hidden_cases(self, seeds):
        """Return sizes of 1, large sizes, and all flags together."""
        for kind in ("RNN", "LSTM", "GRU"):
            seed = next(seeds)
            sizes = _draw(seed, 400)
            yield CountCase(
                f"{kind} has large sizes",
                layer(kind, *sizes),
                seed,
            )
        seed = next(seeds)
        yield CountCase("every size is 1", layer("GRU", 1, 1, 1), seed)
        seed = next(seeds)
        yield CountCase(
            "num_layers is 1 and said to be so",
            layer("RNN", *_draw(seed, 30), 1, bias=True, bidirectional=False),
            seed,
        )
        for kind in ("RNN", "LSTM", "GRU"):
            seed = next(seeds)
            layers = 2 + seed % 4
            yield CountCase(
                "there are several layers, two directions and no biases",
                layer(
                    kind,
                    *_draw(seed, 30),
                    layers,
                    bias=False,
                    bidirectional=True,
                ),
                seed,
            )

    def drive(self, function, case):
        """Return the number as a tensor without axes."""
        sizes = dict(case.sizes)
        positional = [sizes.pop(name) for name in _ORDER]
        returned = function(*positional, **sizes)
        if type(returned) is not int:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not an int. "
                "Return the number of parameters, a whole number."
            )
        if not abs(returned) < _LARGEST:
            raise drive.Unusable("the number it returns is far too large.")
        return {_COUNT: torch.tensor(returned)}

    def oracle(self, case):
        """Return the number of entries of a module of torch."""
        sizes = dict(case.sizes)
        module = getattr(nn, sizes.pop("kind"))(**sizes, device="meta")
        return {
            _COUNT: torch.tensor(sum(p.numel() for p in module.parameters()))
        }


def _draw(seed, below):
    """Return two sizes that differ, from a seed."""
    first = 2 + seed % below
    second = 2 + (seed // below) % below
    return (first, second + 1) if first == second else (first, second)
