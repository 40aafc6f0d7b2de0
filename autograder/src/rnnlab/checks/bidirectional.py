"""Check of chapter 8: two RNNs over a padded batch, one in each direction."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.cell import PARAMETERS
from rnnlab.checks.judge import Standard
from rnnlab.checks.lstm import AXES
from rnnlab.checks.padded import CHAPTER, PaddedCheck, sizes_of
from rnnlab.layout import GRU_GATES, LSTM_GATES

#: Blocks of rows in the parameters of a layer.
BLOCKS = {"RNN": 1, "LSTM": len(LSTM_GATES), "GRU": len(GRU_GATES)}
_ENDS = ("", "_reverse")
_AXES = AXES | {
    f"gradient of {name}{end}": AXES[f"gradient of {name}"]
    for name in PARAMETERS
    for end in _ENDS
}


def _sizes(seq_len, lengths, input_size, hidden_size, cell):
    return sizes_of(
        seq_len,
        lengths,
        input_size=input_size,
        hidden_size=hidden_size,
        cell=cell,
    )


@dataclass(frozen=True)
class LayerCase(Case):
    """A case whose description fits one line."""

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        seq_len, lengths, width, units, cell = self.sizes.values()
        dtype = str(self.dtype).removeprefix("torch.")
        return (
            f"seq_len {seq_len}, lengths {lengths}, {cell} from {width} to "
            f"{units}, {dtype}, seed {self.seed}"
        )


class BidirectionalRNN(PaddedCheck):
    """Two RNNs with their own weights over a padded batch."""

    name = "bidirectional_rnn"
    equation = "eq-bidirectional-states"
    chapter = CHAPTER
    established = (
        "Values and gradients agree with torch.nn.RNN, LSTM and GRU, "
        "bidirectional=True, on packed sequences (float64 and float32, 4 "
        "cases)."
    )
    hints = (
        "Which word must the backward RNN read first: the last one of the "
        "padded batch, or the last one of each sentence?",
        "Turn each sequence round within its own length, run backward_unroll, "
        "and turn what comes out round in the same way. A tensor of places, "
        "(seq_len, batch), and torch.gather do it without a loop.",
        "eq-bidirectional-turn has the place that step t comes from. In "
        "eq-bidirectional-states the forward half comes first; at the padding "
        "both halves are 0.",
    )
    standard = Standard("torch's bidirectional layer", _AXES)
    forbidden = (
        *("RNN", "LSTM", "GRU", "bidirectional", "_VF"),
        *("pack_padded_sequence", "pack_sequence", "PackedSequence"),
    )
    public = (
        LayerCase("the lengths differ", _sizes(4, (4, 2, 3), 2, 3, "RNN"), 1),
        LayerCase("the cells are LSTMs", _sizes(3, (1, 3), 3, 2, "LSTM"), 2),
        LayerCase("nothing is padded", _sizes(3, (3, 3), 2, 2, "GRU"), 3),
        LayerCase(
            "the inputs are float32",
            _sizes(4, (2, 4), 3, 2, "RNN"),
            4,
            torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one step, much padding, strides, float32."""
        yield LayerCase(
            "the batch holds one sequence",
            _sizes(5, (5,), 3, 2, "LSTM"),
            next(seeds),
        )
        yield LayerCase(
            "the sequences have one step",
            _sizes(1, (1, 1, 1), 2, 3, "GRU"),
            next(seeds),
        )
        yield LayerCase(
            "every size is 1", _sizes(1, (1,), 1, 1, "RNN"), next(seeds)
        )
        yield LayerCase(
            "every sequence is padded, the longest one too",
            _sizes(6, (2, 4, 1, 3), 2, 3, "RNN"),
            next(seeds),
        )
        yield LayerCase(
            "the inputs do not lie in memory row by row",
            _sizes(4, (3, 1, 4), 2, 5, "LSTM"),
            next(seeds),
            contiguous=False,
        )
        yield LayerCase(
            "the inputs are float32",
            _sizes(7, (7, 3, 5), 4, 3, "GRU"),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the inputs and the parameters of both directions."""
        numbers = case.generator()
        seq_len, lengths, width, units, cell = case.sizes.values()
        rows = BLOCKS[cell] * units
        shapes = (rows, width), (rows, units), (rows,), (rows,)
        # The padding holds numbers as large as any, so that reading it shows.
        return {
            "inputs": case.draw(numbers, seq_len, len(lengths), width),
            **{
                name + end: case.draw(numbers, *shape)
                for end in _ENDS
                for name, shape in zip(PARAMETERS, shapes, strict=True)
            },
        }

    def drive(self, function, case):
        """Hand the parameters over as two functions."""
        *_, width, units, cell = case.sizes.values()
        layer = getattr(nn, cell)(width, units, device="meta")

        def unrolled(inputs, lengths, *parameters):
            unrolls = (
                _unroll_with(layer, parameters[begin : begin + 4])
                for begin in (0, 4)
            )
            return function(inputs, lengths, *unrolls)

        return super().drive(unrolled, case)

    def oracle(self, case):
        """Return values and gradients of torch's layer."""
        return super().drive(self.right(case), case)

    def call(self, function, arguments):
        """Call with inputs and parameters; ``drive`` adds the rest."""
        return function(*arguments.values())

    def outputs(self, returned):
        """Return the hidden states of both directions, side by side."""
        if isinstance(returned, (tuple, list)):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}. Return one "
                "tensor: the states of both directions side by side."
            )
        drive.require_tensor(returned, "what it returns")
        return {"hidden_states": returned}

    def right(self, case):
        """Return torch's layer on packed sequences."""
        seq_len, _, width, units, cell = case.sizes.values()
        return lambda inputs, lengths, *parameters: torch_bidirectional(
            getattr(nn, cell)(width, units, bidirectional=True, device="meta"),
            parameters,
            (inputs, lengths, seq_len),
        )[0]


def torch_bidirectional(layer, parameters, batch):
    """Run a bidirectional layer of torch on packed sequences.

    Args:
        layer: The layer, on "meta".
        parameters: Its parameters, forward direction first.
        batch: Inputs, lengths and seq_len.

    Returns:
        tuple: hidden states, zero at the padding, and the final state.
    """
    inputs, lengths, seq_len = batch
    names = (f"{name}_l0{end}" for end in _ENDS for name in PARAMETERS)
    packed = pack_padded_sequence(inputs, lengths.cpu(), enforce_sorted=False)
    output, final = torch.func.functional_call(
        layer, dict(zip(names, parameters, strict=True)), (packed,)
    )
    return pad_packed_sequence(output, total_length=seq_len)[0], final


def _unroll_with(layer, parameters):
    """Return a function from inputs to hidden states."""
    names = (f"{name}_l0" for name in PARAMETERS)
    named = dict(zip(names, parameters, strict=True))

    def unroll(inputs):
        return torch.func.functional_call(layer, named, (inputs,))[0]

    return unroll
