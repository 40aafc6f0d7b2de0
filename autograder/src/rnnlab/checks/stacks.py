"""Checks of chapter 9: a stack of RNN layers, with skips and without."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import GRADIENT, Standard
from rnnlab.stacks import RNNParameters

CHAPTER = "09-stacked"
NAMES = RNNParameters._fields
FORBIDDEN = ("RNN", "LSTM", "GRU", "rnn_tanh", "_VF")
_MAX_LAYERS = 4


def axes_of(endings, first):
    """Return the axis names of what a stack returns and depends on."""
    axes = {
        first: ("time step", "batch", "unit"),
        "last_hidden_states": ("layer", "batch", "unit"),
        GRADIENT + "inputs": ("time step", "batch", "feature"),
        GRADIENT + "initial_hidden_states": ("layer", "batch", "unit"),
    }
    for layer in range(_MAX_LAYERS):
        for ending in endings:
            for name in NAMES:
                axes[GRADIENT + parameter(name, layer, ending)] = (
                    ("row", "column") if name[0] == "w" else ("unit",)
                )
    return axes


def parameter(name, layer, ending=""):
    """Return torch's name of a parameter of a layer."""
    return f"{name}_l{layer}{ending}"


def sizes_of(num_layers, seq_len, batch, input_size, hidden_size):
    """Return the sizes of a stack, in the order they are printed.

    The names are short: all of them, dtype and seed must fit into a line.
    """
    return {
        "layers": num_layers,
        "seq_len": seq_len,
        "batch": batch,
        "input": input_size,
        "hidden": hidden_size,
    }


class StackCheck(FunctionalCheck):
    """What the checks of all stacks share.

    Attributes:
        endings: What torch's names of the directions end with.
        first: What the first of the two results is called.
    """

    chapter = CHAPTER
    forbidden = FORBIDDEN
    endings = ("",)
    first = "hidden_states"
    public = (
        Case("the stack has two layers", sizes_of(2, 4, 3, 2, 3), 1),
        Case("the stack has three layers", sizes_of(3, 3, 2, 3, 3), 2),
        Case("there is one layer", sizes_of(1, 4, 2, 3, 2), 3),
        Case(
            "the inputs are float32",
            sizes_of(2, 3, 2, 4, 3),
            4,
            torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one layer, one step, one row, one unit, strides, float32."""
        for kind, *sizes in (
            ("there is one layer", 1, 3, 2, 4, 3),
            ("the sequences have one step", 3, 1, 3, 2, 4),
            ("the batch holds one row", 2, 5, 1, 3, 4),
            ("every size is 1", 1, 1, 1, 1, 1),
            ("there are four layers", 4, 6, 2, 3, 5),
            ("the sequences are long", 2, 40, 2, 3, 3),
        ):
            yield Case(kind, sizes_of(*sizes), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            sizes_of(2, 4, 3, 2, 5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            sizes_of(3, 7, 2, 4, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return inputs, initial hidden states and all parameters."""
        numbers = case.generator()
        num_layers, seq_len, batch, width, units = case.sizes.values()
        directions = len(self.endings)
        arguments = {
            "inputs": case.draw(numbers, seq_len, batch, width),
            "initial_hidden_states": case.draw(
                numbers, directions * num_layers, batch, units
            ),
        }
        for layer in range(num_layers):
            for ending in self.endings:
                shapes = (units, width), (units, units), (units,), (units,)
                for name, shape in zip(NAMES, shapes, strict=True):
                    drawn = case.draw(numbers, *shape)
                    arguments[parameter(name, layer, ending)] = drawn
            width = directions * units
        return arguments

    def call(self, function, arguments):
        """Call the learner's stack; its parameters come layer by layer."""
        inputs, initial, *parameters = arguments.values()
        each = [
            RNNParameters(*parameters[start : start + len(NAMES)])
            for start in range(0, len(parameters), len(NAMES))
        ]
        if len(self.endings) > 1:
            each = list(zip(each[::2], each[1::2], strict=True))
        return function(inputs, initial, each)

    def outputs(self, returned):
        """Return both results of a stack by name."""
        if type(returned) is not tuple or len(returned) != 2:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                f"Return {self.first} and last_hidden_states."
            )
        names = self.first, "last_hidden_states"
        named = dict(zip(names, returned, strict=True))
        for name, value in named.items():
            drive.require_tensor(value, name)
        return named


class StackedRNN(StackCheck):
    """A stack of RNN layers."""

    name = "stacked_rnn"
    equation = "eq-stack-layer"
    established = (
        "Hidden states of the last layer, last ones of all layers and "
        "gradients agree with torch.nn.RNN(num_layers=...) (4 cases)."
    )
    hints = (
        "What does the second layer read at time t? Who has computed it, and "
        "for which steps?",
        "rnn_layer returns the hidden states of all steps and the last one. "
        "One of the two is the next layer's inputs; where does the other go?",
        "eq-stack-layer: go through layers with their initial hidden states, "
        "replace inputs by hidden_states, keep each layer's last one and "
        "stack them.",
    )
    standard = Standard("torch.nn.RNN", axes_of(("",), "hidden_states"))

    def right(self, case):
        """Return torch's own stack behind the learner's signature."""
        return torch_stack(case, bidirectional=False)


class StackedRNNWithSkips(StackCheck):
    """A stack of RNN layers with residual connections."""

    name = "stacked_rnn_with_skips"
    equation = "eq-stack-skip"
    first = "outputs"
    established = (
        "Outputs, last hidden states and gradients agree with layers of "
        "torch.nn.RNN and an addition after each but the first (4 cases)."
    )
    hints = (
        "Which two tensors are added, and which layer has nothing to add? "
        "Look at their sizes.",
        "Does a layer's next time step see the sum, or its own hidden state? "
        "And which of the two is its last hidden state?",
        "eq-stack-skip: run the layer on outputs as they are, then add its "
        "hidden_states to them, from the second layer on.",
    )
    standard = Standard(
        "the sum of a layer's inputs and hidden states",
        axes_of(("",), "outputs"),
    )

    def right(self, case):
        """Return layers of torch with an addition behind each."""
        del case
        return chained


def torch_stack(case, *, bidirectional):
    """Return torch's own stack behind a learner's signature."""
    num_layers, _, _, width, units = case.sizes.values()
    stack = nn.RNN(
        width,
        units,
        num_layers,
        bidirectional=bidirectional,
        device="meta",
    )

    def run(inputs, initial_hidden_states, layers):
        each = [p for layer in layers for p in layer]
        if bidirectional:
            each = [p for direction in each for p in direction]
        named = dict(zip(dict(stack.named_parameters()), each, strict=True))
        return torch.func.functional_call(
            stack, named, (inputs, initial_hidden_states)
        )

    return run


def chained(inputs, initial_hidden_states, layers):
    """Let torch.nn.RNN run each layer alone and add outside of it."""
    seen, lasts = None, []
    for start, parameters in zip(initial_hidden_states, layers, strict=True):
        units, width = parameters.weight_ih.shape
        alone = nn.RNN(width, units, device="meta")
        named = dict(
            zip(dict(alone.named_parameters()), parameters, strict=True)
        )
        read = inputs if seen is None else seen
        states, last = torch.func.functional_call(
            alone, named, (read, start[None])
        )
        seen = states if seen is None else torch.add(states, seen)
        lasts.append(last)
    return seen, torch.cat(lasts)
