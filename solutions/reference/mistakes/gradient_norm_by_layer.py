"""Mistakes in gradient_norm_by_layer: of what, in which order, which norm."""

import torch

from reference.catalogue import mistake

_NAME = "gradient_norm_by_layer"


def _outputs(layers, x):
    """Return x, as a leaf, and the output of each layer."""
    outputs = [x.detach().clone().requires_grad_()]
    for layer in layers:
        outputs.append(layer(outputs[-1]))
    return outputs


def _gradients(layers, x, loss_fn):
    """Return the gradient by x and by each output."""
    outputs = _outputs(layers, x)
    return torch.autograd.grad(loss_fn(outputs[-1]), outputs)


def _norms(layers, x, loss_fn, norm=torch.linalg.vector_norm):
    """Return some norm of each gradient."""
    return torch.stack([norm(g) for g in _gradients(layers, x, loss_fn)])


@mistake(_NAME, "Your entry for x is missing; it is entry 0.")
def input_left_out(layers, x, loss_fn):
    """Begin at the first layer."""
    return _norms(layers, x, loss_fn)[1:]


@mistake(
    _NAME,
    "The last layer's output is missing; its gradient is what the loss alone "
    "makes.",
)
def last_output_left_out(layers, x, loss_fn):
    """Take what each layer reads."""
    return _norms(layers, x, loss_fn)[:-1]


@mistake(
    _NAME,
    "Your norms run from the loss down; entry 0 is for x, the last for the "
    "last layer.",
)
def from_the_loss_down(layers, x, loss_fn):
    """Keep the order of the way back."""
    return _norms(layers, x, loss_fn).flip(0)


@mistake(_NAME, "You return squared norms; the root is missing.")
def root_missing(layers, x, loss_fn):
    """Stop at the sum of squares."""
    return _norms(layers, x, loss_fn) ** 2


@mistake(_NAME, "You add up absolute values: that is the L1 norm, not L2.")
def absolute_values_summed(layers, x, loss_fn):
    """Return the L1 norm."""
    return _norms(layers, x, loss_fn, lambda g: g.abs().sum())


@mistake(_NAME, "You return the largest entry; asked for is the L2 norm.")
def largest_entry(layers, x, loss_fn):
    """Return the maximum norm."""
    return _norms(layers, x, loss_fn, lambda g: g.abs().max())


@mistake(
    _NAME,
    "You average the norms of the rows; the norm is one over batch and units.",
)
def mean_over_the_batch(layers, x, loss_fn):
    """Take a norm for each row."""
    return _norms(layers, x, loss_fn, lambda g: g.norm(dim=1).mean())


@mistake(
    _NAME,
    "You divide by the last norm; asked for are the norms themselves.",
)
def relative_to_the_last(layers, x, loss_fn):
    """Return what a figure shows."""
    norms = _norms(layers, x, loss_fn)
    return norms / norms[-1]


@mistake(
    _NAME,
    "These are the norms of the outputs, not of the gradients by them.",
)
def norms_of_the_outputs(layers, x, loss_fn):
    """Measure the way up."""
    del loss_fn
    return torch.stack([o.norm() for o in _outputs(layers, x)]).detach()


@mistake(
    _NAME,
    "You call .backward(), which adds to the .grad of every weight.",
)
def by_backward(layers, x, loss_fn):
    """Let backward fill all .grad."""
    outputs = _outputs(layers, x)
    for output in outputs:
        output.retain_grad()
    loss_fn(outputs[-1]).backward()
    return torch.stack([o.grad.norm() for o in outputs])


@mistake(
    _NAME,
    "You made x itself require a gradient; whoever gave it to you will see.",
)
def input_requires_a_gradient(layers, x, loss_fn):
    """Switch x in place of a copy."""
    outputs = [x.requires_grad_()]
    for layer in layers:
        outputs.append(layer(outputs[-1]))
    gradients = torch.autograd.grad(loss_fn(outputs[-1]), outputs)
    return torch.stack([g.norm() for g in gradients])
