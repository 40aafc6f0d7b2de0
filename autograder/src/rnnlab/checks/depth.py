"""Check of chapter 9: the gradient's way back through time and down."""

import torch
from torch import nn

from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.stacks import CHAPTER, NAMES, parameter
from rnnlab.checks.values import ValuesCheck
from rnnlab.checks.vanishing import RELATIVE
from rnnlab.stacks import RNNParameters


def _sizes(num_layers, seq_len, batch, hidden_size):
    return {
        "num_layers": num_layers,
        "seq_len": seq_len,
        "batch": batch,
        "hidden_size": hidden_size,
    }


class GradientByLayerAndLag(ValuesCheck):
    """How long the gradient is at every point of the grid."""

    name = "gradient_by_layer_and_lag"
    equation = "eq-stack-backward"
    chapter = CHAPTER
    returns = "gradient_norms"
    established = (
        "The norm at every layer and lag agrees with autograd's gradient by "
        "that hidden state, to a millionth of itself (5 cases)."
    )
    hints = (
        "Which two hidden states read the state of layer l at time t "
        "directly? So how many gradients come back to it, and along which "
        "two weights?",
        "Go from the last step to the first, and at each step from the "
        "highest layer to the lowest. What has to wait for the next lag, and "
        "what for the next lower layer?",
        "eq-stack-backward: add what comes from the step after (this layer's "
        "weight_hh) and from the layer above (its weight_ih); each passed the "
        "slope 1 - h ** 2 of the state that it comes from.",
    )
    standard = Standard(
        "autograd's gradient", {"gradient_norms": ("layer", "lag")}, RELATIVE
    )
    public = (
        Case("the stack has two layers", _sizes(2, 4, 3, 2), 5),
        Case("there are as many layers as steps", _sizes(3, 3, 2, 3), 6),
        Case("there is one layer", _sizes(1, 4, 2, 3), 7),
        Case("the sequences have one step", _sizes(3, 1, 2, 2), 8),
        Case("the inputs are float32", _sizes(2, 3, 1, 4), 9, torch.float32),
    )

    def hidden_cases(self, seeds):
        """Return one layer, one step, one unit, many layers, strides."""
        for kind, *sizes in (
            ("there is one layer", 1, 5, 2, 3),
            ("the sequences have one step", 4, 1, 2, 3),
            ("every size is 1", 1, 1, 1, 1),
            ("the batch holds one row", 3, 4, 1, 3),
            ("hidden_size is 1", 2, 4, 3, 1),
            ("there are many layers", 6, 4, 2, 3),
            ("the way back is long", 2, 30, 2, 3),
        ):
            yield Case(kind, _sizes(*sizes), next(seeds))
        yield Case(
            "the inputs do not lie in memory row by row",
            _sizes(3, 4, 2, 5),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the inputs are float32",
            _sizes(3, 5, 2, 3),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return hidden states, the gradient at the end, and parameters."""
        numbers = case.generator()
        num_layers, seq_len, batch, units = case.sizes.values()
        arguments = {
            "hidden_states": case.draw(
                numbers, num_layers, seq_len, batch, units
            ),
            "grad_hidden_state": case.draw(numbers, batch, units),
        }
        shapes = (units, units), (units, units), (units,), (units,)
        for layer in range(num_layers):
            for name, shape in zip(NAMES, shapes, strict=True):
                drawn = case.draw(numbers, *shape)
                arguments[parameter(name, layer)] = drawn
        return arguments

    def call(self, function, arguments, case):
        """Call the learner's function; parameters come layer by layer."""
        del case
        states, gradient, *parameters = arguments.values()
        count = len(NAMES)
        layers = [
            RNNParameters(*parameters[start : start + count])
            for start in range(0, len(parameters), count)
        ]
        return function(states, gradient, layers)

    def right(self, arguments, case):
        """Let autograd go back through torch's cells.

        The hidden states are given, so each cell's sum gets the constant that
        makes its tanh come out there.
        """
        states, at_the_end, *parameters = arguments.values()
        num_layers, seq_len = states.shape[:2]
        before = [torch.zeros_like(at_the_end)] * num_layers
        grid = []
        for step in range(seq_len):
            below = torch.zeros_like(at_the_end)
            for layer in range(num_layers):
                start = layer * len(NAMES)
                weight_ih, weight_hh = parameters[start : start + 2]
                total = nn.functional.linear(
                    below, weight_ih
                ) + nn.functional.linear(before[layer], weight_hh)
                aim = torch.atanh(states[layer, step])
                below = torch.tanh(total - total.detach() + aim)
                if not below.requires_grad:
                    below.requires_grad_()
                before[layer] = below
                grid.append(below)
        gradients = torch.autograd.grad(
            before[-1],
            grid,
            at_the_end,
            allow_unused=True,
            materialize_grads=True,
        )
        norms = torch.stack([gradient.norm() for gradient in gradients])
        del case
        return norms.reshape(seq_len, num_layers).T.flip(1)
