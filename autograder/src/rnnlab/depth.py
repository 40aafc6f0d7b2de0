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
        biases: What each parameter with one axis starts at.
        gains: Gain of each weight, see DeepNet.
    """

    function: object
    shapes: tuple
    biases: tuple
    gains: tuple


def layer(function, *shapes, bias=0.0, gain=1.0):
    """Describe a layer whose weights all have one gain.

    Args:
        function: Called with the input and the parameters.
        *shapes: Shapes of the parameters.
        bias: Start of the biases; a tuple gives each its own.
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
    keeps the mean square of a gradient. Biases start at a constant.

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
            for shape in each.shapes:
                if len(shape) == 1:
                    start = torch.full(shape, float(next(biases)))
                else:
                    bound = next(gains) / math.sqrt(shape[1])
                    start = torch.rand(shape, generator=generator)
                    start = bound * (2 * start - 1)
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


def train_side_by_side(nets, seeds, make_optimizer, *, updates, batch_size=64):
    """Train networks of one kind on spirals, each with data of its own.

    Their losses are added up, so no network feels another one.

    Args:
        nets: DeepNets of the same layers; changed in place.
        seeds: Seed of each network's data.
        make_optimizer: Maps a list of parameters to an optimizer.
        updates: Number of updates, each on fresh points.
        batch_size: Number of points in a batch.

    Shapes:
        returns: (nets, updates)

    Returns:
        Tensor: loss of each batch, before the update on it.
    """
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    stacked, _ = torch.func.stack_module_state(nets)
    model = torch.func.vmap(
        lambda drawn, x: torch.func.functional_call(nets[0], drawn, (x,))
    )
    optimizer = make_optimizer(list(stacked.values()))
    losses = []
    for _ in range(updates):
        samples = [spirals(batch_size, each) for each in generators]
        inputs, targets = (
            torch.stack(part) for part in zip(*samples, strict=True)
        )
        loss = torch.func.vmap(spiral_loss)(model(stacked, inputs), targets)
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
        losses.append(loss.detach())
    with torch.no_grad():
        for place, net in enumerate(nets):
            for name, parameter in net.named_parameters():
                parameter.copy_(stacked[name][place])
    return torch.stack(losses, dim=1)


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


def depth_factor(gain, mean_square_slope):
    """Predict what one layer with random weights does to a gradient.

    Equations:
        eq-depth-factor

    Args:
        gain: Gain of the weights, see DeepNet.
        mean_square_slope: Mean square of the nonlinearity's slope.

    Returns:
        float: the factor on the root mean square of the gradient's norm, if
        slopes and weights are independent.

    Example:
        >>> round(depth_factor(6**0.5, 0.5), 6)
        1.0
    """
    return gain * math.sqrt(mean_square_slope / 3)


def residual_bounds(stretches):
    """Bound what residual blocks in a row leave of a gradient.

    Equations:
        eq-residual-bounds

    Args:
        stretches: Largest singular value of each transform's Jacobian.

    Shapes:
        stretches: (blocks,)

    Returns:
        tuple: smallest and largest factor; the smallest is 0 where any
        stretch is 1 or more.
    """
    lowest = (1 - stretches).clamp(min=0).prod()
    return float(lowest), float((1 + stretches).prod())


def lyapunov_rate(gain, size):
    """Return the mean log-growth of a vector under Gaussian matrices.

    The entries are independent, of variance gain^2 / size, and every factor
    is a new draw. The squared length then grows by gain^2 / size times a
    chi-square number with size degrees of freedom, whatever the vector.

    Equations:
        eq-lyapunov-rate

    Args:
        gain: Scale of the matrices.
        size: Number of rows and columns.

    Units:
        Natural logarithm per factor.

    Returns:
        tuple: mean and standard deviation of the logarithm of one factor.
    """
    half = torch.tensor(size / 2, dtype=torch.float64)
    mean = math.log(gain) + 0.5 * float(half.digamma() - half.log())
    return mean, 0.5 * float(torch.special.polygamma(1, half)) ** 0.5


def relative_updates(net, make_optimizer, inputs, targets):
    """Take one update on spirals and measure how far each matrix moves.

    Args:
        net: A DeepNet; it is the same after the call.
        make_optimizer: Maps a list of parameters to an optimizer.
        inputs: Points.
        targets: Their spirals.

    Shapes:
        inputs:  (batch, 2)
        targets: (batch,)
        returns: (matrices,), the lowest first

    Units:
        Length of the change over the length of the matrix.

    Returns:
        Tensor: float64.
    """
    drawn = list(net.parameters())
    before = [each.detach().clone() for each in drawn]
    gradients = torch.autograd.grad(spiral_loss(net(inputs), targets), drawn)
    for each, gradient in zip(drawn, gradients, strict=True):
        each.grad = gradient
    make_optimizer(drawn).step()
    moves = [
        (each.detach() - old).norm() / old.norm()
        for each, old in zip(drawn, before, strict=True)
        if each.dim() == 2
    ]
    with torch.no_grad():
        for each, old in zip(drawn, before, strict=True):
            each.copy_(old)
            each.grad = None
    return torch.stack(moves).double()
