"""Deep feed-forward networks, built of whatever layer they are given.

A layer is a function of its input and of its parameters. The networks here
know how to draw the parameters, how to put layers in a row and how to train
several networks side by side; what a layer computes is its function's affair.
"""

import math
from typing import NamedTuple

import torch
from torch import nn


class Layer(NamedTuple):
    """One layer: a function, and the shapes of what it is called with.

    Attributes:
        function: Called with the input and the parameters, in this order.
        shapes: Shapes of the parameters; one with two axes is a weight,
            (out, in), one with one axis a bias.
        biases: What each parameter with one axis starts at; None draws it
            like torch's, from the range of torch's weights before it.
        gains: Gain of each weight, see DeepNet.
    """

    function: object
    shapes: tuple
    biases: tuple
    gains: tuple


def layer(function, *shapes, bias=None, gain=1.0):
    """Describe a layer whose weights all have one gain.

    Args:
        function: Called with the input and the parameters.
        *shapes: Shapes of the parameters.
        bias: Start of the biases, None for torch's; a tuple gives each its
            own.
        gain: Gain of the weights; a tuple gives each its own.

    Returns:
        Layer: its description; the numbers are drawn by DeepNet.
    """
    vectors = sum(len(shape) == 1 for shape in shapes)
    biases = bias if isinstance(bias, tuple) else (bias,) * vectors
    matrices = len(shapes) - vectors
    gains = gain if isinstance(gain, tuple) else (gain,) * matrices
    return Layer(function, shapes, biases, gains)


def relu_layer(x, weight, bias):
    """Return max(0, W x + b) of each row."""
    return torch.nn.functional.linear(x, weight, bias).relu()


def tanh_layer(x, weight, bias):
    """Return tanh(W x + b) of each row."""
    return torch.nn.functional.linear(x, weight, bias).tanh()


def sigmoid_layer(x, weight, bias):
    """Return the sigmoid of W x + b of each row."""
    return torch.nn.functional.linear(x, weight, bias).sigmoid()


class DeepNet(nn.Module):
    """Layers in a row, behind a linear layer and before a linear readout.

    Weights are uniform in +-gain/sqrt(columns). A gain of 1 is how torch
    draws the weights of nn.Linear; sqrt(6) is He's scale for ReLU, which
    keeps the mean square of a gradient. A bias starts at a constant or is
    drawn like torch's, in +-1/sqrt(columns).

    Args:
        layers: A Layer each.
        sizes: Numbers of inputs, of units after the first linear layer, of
            units before the readout, and of outputs.
        generator: Draws the weights; the global generator stays untouched.

    Shapes:
        inputs:  (batch, sizes[0])
        returns: (batch, sizes[-1])
    """

    def __init__(self, layers, sizes, *, generator):
        super().__init__()
        first, width, last, outputs = sizes
        linear = torch.nn.functional.linear
        self.described = [
            layer(linear, (width, first), (width,)),
            *layers,
            layer(linear, (outputs, last), (outputs,)),
        ]
        self.drawn = nn.ParameterList()
        for each in self.described:
            biases, gains = iter(each.biases), iter(each.gains)
            columns = 1
            for shape in each.shapes:
                vector = len(shape) == 1
                columns = columns if vector else shape[1]
                wanted = next(biases) if vector else None
                gain = 1.0 if vector else next(gains)
                start = 2 * torch.rand(shape, generator=generator) - 1
                start *= gain / math.sqrt(columns)
                if wanted is not None:
                    start.fill_(wanted)
                self.drawn.append(nn.Parameter(start))

    def layers(self):
        """Return every layer as a function of its input alone."""
        parameters = iter(self.drawn)
        return [
            _bound(each.function, [next(parameters) for _ in each.shapes])
            for each in self.described
        ]

    def forward(self, inputs):
        """Return the readout."""
        for each in self.layers():
            inputs = each(inputs)
        return inputs


def _bound(function, parameters):
    return lambda x: function(x, *parameters)


def repeat(net_layer, count, *, width=32, seed=0):
    """Build a network of one kind of layer, for points in the plane.

    Args:
        net_layer: The Layer to repeat; its input is as wide as its output.
        count: Number of layers.
        width: Number of units.
        seed: Seed of the weights.

    Returns:
        DeepNet: two inputs, one output.
    """
    generator = torch.Generator().manual_seed(seed)
    sizes = 2, width, width, 1
    return DeepNet([net_layer] * count, sizes, generator=generator)


def widen(function, count, *, growth=4, width=32, gain=1.0, seed=0):
    """Build a network whose layers add features to those before.

    Args:
        function: Returns its input with new features behind it; called with
            the input, a weight and a bias.
        count: Number of layers.
        growth: Features that each layer adds.
        width: Features before the first layer.
        gain: Gain of the weights.
        seed: Seed of the weights.

    Returns:
        DeepNet: two inputs, one output.
    """
    generator = torch.Generator().manual_seed(seed)
    layers = [
        layer(function, (growth, width + k * growth), (growth,), gain=gain)
        for k in range(count)
    ]
    sizes = 2, width, width + count * growth, 1
    return DeepNet(layers, sizes, generator=generator)


def spirals(count, generator, *, noise=0.03):
    """Sample points on two spirals that wind around each other once.

    Args:
        count: Number of points.
        generator: Where the random numbers come from.
        noise: Standard deviation of what is added to each coordinate.

    Shapes:
        inputs:  (count, 2)
        targets: (count,), 0.0 or 1.0

    Returns:
        tuple: points within a radius of about 2, and which spiral each of
        them is on; float32, on the CPU.
    """
    targets = torch.randint(2, (count,), generator=generator).float()
    radius = torch.rand(count, generator=generator).sqrt()
    angle = math.pi * (2 * radius + targets)
    points = torch.stack([angle.cos(), angle.sin()], dim=1)
    scatter = torch.randn(count, 2, generator=generator)
    return 2 * radius[:, None] * points + noise * scatter, targets


def spiral_loss(outputs, targets):
    """Return the binary cross-entropy, in nats.

    Shapes:
        outputs: (batch, 1), logits
        targets: (batch,), 0.0 or 1.0
    """
    return nn.functional.binary_cross_entropy_with_logits(
        outputs[:, 0], targets
    )


def conv_layers(count, generator, *, channels=8, gain=1.0):
    """Draw convolutions of 3 x 3 with ReLU, without biases.

    Args:
        count: Number of layers.
        generator: Draws the weights.
        channels: Channels in and out.
        gain: Gain of the weights; 1 is how torch draws nn.Conv2d's.

    Shapes:
        what each layer maps: (batch, channels, height, width)

    Returns:
        list: functions of one tensor, float64.
    """
    bound = gain / math.sqrt(9 * channels)
    shape = channels, channels, 3, 3
    kernels = [
        bound * (2 * torch.rand(shape, generator=generator).double() - 1)
        for _ in range(count)
    ]
    return [
        lambda x, kernel=kernel: nn.functional.conv2d(
            x, kernel, padding=1
        ).relu()
        for kernel in kernels
    ]
