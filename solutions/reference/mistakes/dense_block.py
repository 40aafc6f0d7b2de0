"""Mistakes in dense_block: what is read, and where new features go."""

import torch

from reference.catalogue import mistake


def _block(x, weights, biases, squash=torch.relu, join=None):
    """Return all features; squash and join can be replaced."""
    join = join or (lambda old, new: torch.cat([old, new], 1))
    features = x
    for weight, bias in zip(weights, biases, strict=True):
        features = join(features, squash(features @ weight.T + bias))
    return features


@mistake(
    "dense_block",
    "You put each layer's new features in front of the older ones. They go "
    "behind, so that the next weight's columns meet what they are for.",
)
def new_features_in_front(x, weights, biases):
    """Put the newest first."""
    return _block(
        x, weights, biases, join=lambda old, new: torch.cat([new, old], 1)
    )


@mistake(
    "dense_block",
    "You return the new features without x; x is the first of all features.",
)
def input_left_out(x, weights, biases):
    """Drop the input at the end."""
    return _block(x, weights, biases)[:, x.shape[1] :]


@mistake(
    "dense_block",
    "You return the last layer's features alone; all of them are asked for, x "
    "first.",
)
def last_layer_alone(x, weights, biases):
    """Return what the last layer computed."""
    return _block(x, weights, biases)[:, -len(biases[-1]) :]


@mistake(
    "dense_block",
    "You return x behind the new features; the order is by age, x first.",
)
def input_last(x, weights, biases):
    """Read in order, return out of order."""
    features = _block(x, weights, biases)
    return torch.cat([features[:, x.shape[1] :], x], 1)


@mistake("dense_block", "Your layers lack the ReLU.")
def relu_missing(x, weights, biases):
    """Leave the nonlinearity out."""
    return _block(x, weights, biases, squash=lambda new: new)


@mistake("dense_block", "Your layers have tanh where ReLU belongs.")
def tanh_for_relu(x, weights, biases):
    """Take another nonlinearity."""
    return _block(x, weights, biases, squash=torch.tanh)


@mistake(
    "dense_block",
    "Your ReLU acts on all features, x among them, and cuts off its negative "
    "entries. It belongs on the new features alone.",
)
def relu_on_everything(x, weights, biases):
    """Squash after joining."""
    return _block(
        x,
        weights,
        biases,
        squash=lambda new: new,
        join=lambda old, new: torch.cat([old, new], 1).relu(),
    )


@mistake(
    "dense_block",
    "Your ReLU stands before the product; it belongs behind it.",
)
def relu_before_the_product(x, weights, biases):
    """Activate first, as the paper's layers do."""
    features = x
    for weight, bias in zip(weights, biases, strict=True):
        new = features.relu() @ weight.T + bias
        features = torch.cat([features, new], 1)
    return features


@mistake("dense_block", "Your layers lack their biases.")
def biases_left_out(x, weights, biases):
    """Forget the biases."""
    return _block(x, weights, [torch.zeros_like(bias) for bias in biases])


@mistake(
    "dense_block",
    "You detached the older features before handing them on: the values are "
    "right, and no gradient takes the direct way.",
)
def older_features_detached(x, weights, biases):
    """Cut the wires on the way back."""
    return _block(
        x,
        weights,
        biases,
        join=lambda old, new: torch.cat([old.detach(), new], 1),
    )


@mistake(
    "dense_block",
    "Your loop stops before the last layer.",
)
def one_layer_too_few(x, weights, biases):
    """Count the layers from 1."""
    return _block(x, weights[:-1], biases[:-1])
