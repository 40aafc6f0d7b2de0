"""Chapter 7: residual, dense and highway layers, and gradients by layer."""

import torch


def residual_block(x, weight_in, bias_in, weight_out, bias_out):
    """Add two layers' transform of the input to the input itself.

    Equations:
        eq-residual-block, eq-residual-jacobian

    Args:
        x: What comes in.
        weight_in: Weights of the inner layer.
        bias_in: Its bias.
        weight_out: Weights from the inner layer back to the input's size.
        bias_out: Their bias.

    Shapes:
        x:          (batch, size)
        weight_in:  (inner_size, size)
        bias_in:    (inner_size,)
        weight_out: (size, inner_size)
        bias_out:   (size,)

    Returns:
        Tensor: (batch, size); x itself where all parameters are 0.

    Source:
        He et al. 2015. Departs from it: no ReLU after the addition, so that
        the skip is the identity; no normalisation.
    """
    transform = torch.relu(x @ weight_in.T + bias_in) @ weight_out.T + bias_out
    return x + transform  # eq-residual-block


def dense_block(x, weights, biases):
    """Let each layer read the input and all earlier layers' features.

    Equations:
        eq-dense-block

    Args:
        x: What comes in.
        weights: Weights of each layer, the first one's first.
        biases: Bias of each layer.

    Shapes:
        x:          (batch, size)
        weights[l]: (growth_l, size + the growths before l)
        biases[l]:  (growth_l,)

    Returns:
        Tensor: x and all features behind it, oldest first; (batch, size +
        all growths).

    Source:
        Huang et al. 2017. Departs from it: linear layers for convolutions,
        ReLU after the product, no normalisation.
    """
    features = x
    for weight, bias in zip(weights, biases, strict=True):
        new = torch.relu(features @ weight.T + bias)
        features = torch.cat([features, new], dim=1)  # eq-dense-block
    return features


def highway_layer(x, weight_transform, bias_transform, weight_gate, bias_gate):
    """Mix the input with its transform under a gate.

    Equations:
        eq-highway-transform-gate, eq-highway-layer

    Args:
        x: What comes in.
        weight_transform: Weights of the candidate.
        bias_transform: Its bias.
        weight_gate: Weights of the transform gate.
        bias_gate: Its bias; a negative one carries.

    Shapes:
        x:         (batch, size)
        weight_*:  (size, size)
        bias_*:    (size,)

    Returns:
        Tensor: (batch, size); x where the transform gate is 0.

    Source:
        Srivastava et al. 2015, with tanh.
    """
    transform_gate = torch.sigmoid(  # eq-highway-transform-gate
        x @ weight_gate.T + bias_gate
    )
    candidate = torch.tanh(x @ weight_transform.T + bias_transform)
    carry_gate = 1 - transform_gate
    return transform_gate * candidate + carry_gate * x  # eq-highway-layer


def gradient_norm_by_layer(layers, x, loss_fn):
    """Measure the gradient of a loss by the output of each layer.

    Equations:
        eq-layer-chain

    Args:
        layers: Functions of one tensor, the lowest first.
        x: What the lowest layer reads; left as it is.
        loss_fn: Maps the last layer's output to a scalar.

    Shapes:
        x:       (batch, size)
        returns: (len(layers) + 1,), entry 0 for x, entry l for layer l

    Returns:
        Tensor: Euclidean norms over batch and units, detached. No parameter
        of any layer gets a gradient.
    """
    outputs = [x.detach().clone().requires_grad_()]
    for layer in layers:
        outputs.append(layer(outputs[-1]))
    gradients = torch.autograd.grad(loss_fn(outputs[-1]), outputs)
    return torch.stack([each.norm() for each in gradients])  # eq-layer-chain


def log_growth(gradient, jacobians):
    """Send a gradient back through many factors and follow its logarithm.

    The gradient is brought to length 1 after each factor and the logarithm
    of its length is added up, so that no factor can overflow or underflow.

    Equations:
        eq-log-growth

    Args:
        gradient: A row that is not 0.
        jacobians: The factors, in the order in which they are met.

    Shapes:
        gradient:  (size,)
        jacobians: (count, size, size)
        returns:   (count + 1,)

    Units:
        Natural logarithm, relative to the length at the start.

    Returns:
        Tensor: entry 0 is 0; -inf from where nothing is left.
    """
    logs = [torch.zeros_like(gradient[0])]
    row = gradient / gradient.norm()
    for jacobian in jacobians:
        row = row @ jacobian
        length = row.norm()
        logs.append(logs[-1] + length.log())  # eq-log-growth
        row = row / length.clamp(min=torch.finfo(row.dtype).tiny)
    return torch.stack(logs)
