"""Check of chapter 7: the gradient of a loss by the output of each layer."""

from dataclasses import dataclass

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.judge import Standard
from rnnlab.checks.skip import CHAPTER
from rnnlab.checks.vanishing import RELATIVE

_NORMS = "gradient_norms"
DEAF = "a layer lets no gradient through"
USED = "the parameters have gradients already"


@dataclass(frozen=True)
class LayersCase(Case):
    """A network, layer by layer, and a batch.

    Attributes:
        widths: Number of units after each layer.
        scale: Factor on the weights.
    """

    widths: tuple = (3, 4, 2)
    scale: float = 1.0

    def network(self):
        """Return the layers: linear and tanh in turn, as modules."""
        numbers = self.generator()
        width = self.sizes["size"]
        layers = []
        for place, units in enumerate(self.widths):
            if place % 2 and units == width:
                layers.append(nn.Tanh())
                continue
            linear = nn.Linear(width, units, device="meta", dtype=self.dtype)
            linear = linear.to_empty(device=self.device)
            with torch.no_grad():
                weight = self.draw(numbers, units, width)
                linear.weight.copy_(self.scale * weight)
                linear.bias.copy_(self.draw(numbers, units))
            layers.append(linear)
            width = units
        if self.kind == DEAF:
            layers[1] = lambda x: 0 * x + 0.5
        if self.kind == USED:
            for parameter in _parameters(layers):
                parameter.grad = torch.ones_like(parameter)
        return layers

    def inputs(self):
        """Return the batch."""
        numbers = torch.Generator().manual_seed(self.seed + 1)
        return self.draw(numbers, *self.sizes.values())

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        return f"widths {list(self.widths)}, {super().describe()}"


def _parameters(layers):
    for layer in layers:
        if isinstance(layer, nn.Module):
            yield from layer.parameters()


def _sizes(batch, size):
    return {"batch": batch, "size": size}


def loss_fn(outputs):
    """Return a loss that treats no two entries alike."""
    weights = torch.arange(1, outputs.numel() + 1, device=outputs.device)
    weights = weights.to(outputs.dtype).reshape(outputs.shape)
    return (weights * outputs.sin()).sum()


class GradientNormByLayer(Check):
    """One norm for the input and one for each layer's output."""

    name = "gradient_norm_by_layer"
    equation = "eq-layer-chain"
    chapter = CHAPTER
    established = (
        "Every norm is what autograd finds when it starts anew from that "
        "layer's output, to a millionth of itself; x and all .grad stay as "
        "they were (6 cases)."
    )
    hints = (
        "How many norms are there for three layers? What is entry 0, and "
        "which is the last?",
        "Keep every layer's output in a list as you go up, x first. x must "
        "be a copy that requires a gradient. Which function of autograd "
        "gives gradients by a list of tensors and leaves .grad alone?",
        "eq-layer-chain: torch.autograd.grad(loss, outputs) has the gradient "
        "by each output; take the norm of each over all its entries and "
        "stack them.",
    )
    standard = Standard(
        "a fresh backward pass", {_NORMS: ("entry",)}, RELATIVE
    )
    public = (
        LayersCase("there are three layers", _sizes(2, 3)),
        LayersCase(
            "every layer is of one width", _sizes(3, 3), 1, widths=(3, 3, 3, 3)
        ),
        LayersCase("there is one layer", _sizes(2, 4), 2, widths=(3,)),
        LayersCase(
            "the inputs are float32",
            _sizes(2, 3),
            3,
            torch.float32,
            widths=(4, 4),
        ),
        LayersCase(USED, _sizes(2, 2), 4, widths=(3, 2)),
        LayersCase(DEAF, _sizes(2, 3), 5, widths=(3, 3, 2)),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, a deep net, no layers, strides."""
        case = LayersCase
        yield case("the batch holds one row", _sizes(1, 4), next(seeds))
        yield case("every size is 1", _sizes(1, 1), next(seeds), widths=(1, 1))
        yield case(
            "the network is deep and its weights are small",
            _sizes(2, 4),
            next(seeds),
            widths=(4,) * 60,
            scale=0.1,
        )
        yield case("there are no layers", _sizes(3, 2), next(seeds), widths=())
        yield case(
            "x does not lie in memory row by row",
            _sizes(3, 4),
            next(seeds),
            contiguous=False,
        )
        yield case(USED, _sizes(3, 3), next(seeds), widths=(2, 2, 4))
        yield case(DEAF, _sizes(1, 2), next(seeds), widths=(2, 2, 3))
        yield case(
            "the inputs are float32",
            _sizes(3, 5),
            next(seeds),
            torch.float32,
            widths=(4, 4, 2),
        )

    def drive(self, function, case):
        """Return the norms, if all else is as it was."""
        layers, x = case.network(), case.inputs()
        parameters = list(_parameters(layers))
        before = [
            None if p.grad is None else p.grad.clone() for p in parameters
        ]
        copy = x.clone()
        returned = function(layers, x, loss_fn)
        drive.require_tensor(returned, _NORMS)
        drive.require_unchanged({"x": copy}, {"x": x}, self.name)
        if x.requires_grad or x.grad is not None:
            raise drive.Unusable(
                "the x that was given requires a gradient after the call. "
                "Work on a copy: x.detach().clone().requires_grad_()."
            )
        for parameter, gradient in zip(parameters, before, strict=True):
            if not _same(parameter.grad, gradient):
                raise drive.Unusable(
                    "the call changed the .grad of a layer's weights. Ask "
                    "torch.autograd.grad for the gradients in place of "
                    ".backward()."
                )
        if returned.requires_grad:
            raise drive.Unusable(
                f"{_NORMS} is still part of a graph. Take the gradients "
                "without create_graph."
            )
        return {_NORMS: returned}

    def oracle(self, case):
        """Start a backward pass from each output alone."""
        layers, state = case.network(), case.inputs()
        norms = []
        for place in range(len(layers) + 1):
            start = state.detach().clone().requires_grad_()
            output = start
            for layer in layers[place:]:
                output = layer(output)
            loss = loss_fn(output)
            (gradient,) = torch.autograd.grad(loss, start)
            norms.append(gradient.square().sum().sqrt())
            if place < len(layers):
                state = layers[place](state)
        return {_NORMS: torch.stack(norms).detach()}


def _same(left, right):
    if left is None or right is None:
        return left is right
    return torch.equal(left, right)
