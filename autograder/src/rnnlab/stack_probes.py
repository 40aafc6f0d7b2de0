"""Instruments for depth: gradients on a grid, probes, additions, a text."""

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

#: Letters of the small text, the space that ends a word among them.
LETTERS = "abc "

# Both topics use the same letters equally often in every word; only their
# order tells the words of one topic from those of the other.
_WORDS = ("abc", "bca", "cab", "acb", "bac", "cba")


def gradient_grid(states, objective):
    """Differentiate one number by every state of a grid.

    Args:
        states: For each layer a list of its states, one for each time step;
            each a tensor of its own, on which everything after it depends.
        objective: What is differentiated, a scalar.

    Equations:
        eq-stack-backward

    Shapes:
        states[layer][t]: (batch, size)
        returns:          (num_layers, seq_len), entry [layer, lag]

    Units:
        Units of the objective per unit of a state, one norm over batch and
        units together. A state without influence has 0.

    Returns:
        Tensor: the norms; lag 0 is the last time step.
    """
    flat = [state for layer in states for state in layer]
    gradients = torch.autograd.grad(
        objective, flat, allow_unused=True, materialize_grads=True
    )
    norms = torch.stack([gradient.norm() for gradient in gradients])
    return norms.reshape(len(states), len(states[0])).flip(1)


def anagram_text(batch_size, num_words, *, generator, loyalty=0.9):
    """Sample texts of three-letter words, each text on one of two topics.

    All words are the letters a, b and c in some order, and a space. A text
    takes its words from its own topic with probability ``loyalty``, else
    from the other one. No letter alone and no count of letters tells the
    topic; the order of letters inside the words does.

    Args:
        batch_size: Number of texts.
        num_words: Number of words in each.
        generator: Where the random numbers come from.
        loyalty: Probability of a word of the text's own topic.

    Shapes:
        codes:  (4 * num_words, batch_size), indices into LETTERS
        topics: (batch_size,), 0 or 1

    Returns:
        tuple: codes and topics, int64, on the CPU.
    """
    words = torch.tensor([[LETTERS.index(c) for c in w + " "] for w in _WORDS])
    topics = torch.randint(2, (batch_size,), generator=generator)
    shape = batch_size, num_words
    loyal = torch.rand(shape, generator=generator) < loyalty
    drawn_from = torch.where(loyal, topics[:, None], 1 - topics[:, None])
    each = torch.randint(3, shape, generator=generator)
    codes = words[3 * drawn_from + each].flatten(1)
    return codes.T.contiguous(), topics


@torch.no_grad()
def probe_accuracy(states, labels, num_labels):
    """Measure how well a label can be read from states by a linear map.

    A linear map with an intercept is fitted to one-hot labels by ridge
    regression on the first half of the examples and tested on the second.

    Args:
        states: One vector for each example.
        labels: The example's label.
        num_labels: Number of different labels.

    Shapes:
        states: (examples, size)
        labels: (examples,), 0 to num_labels - 1

    Units:
        Fraction of the second half.

    Returns:
        float: the accuracy.
    """
    scale = states.std().clamp_min(1e-12)
    features = torch.cat([states / scale, torch.ones_like(states[:, :1])], 1)
    features = features.double()
    half = len(labels) // 2
    targets = nn.functional.one_hot(labels, num_labels).double()
    fitted = features[:half]
    ridge = torch.eye(features.shape[1], dtype=torch.float64)
    gram = fitted.T @ fitted + ridge
    weights = torch.linalg.solve(gram, fitted.T @ targets[:half])
    guesses = (features[half:] @ weights).argmax(dim=1)
    return float((guesses == labels[half:]).double().mean())


class _Additions(TorchDispatchMode):
    """Counts sums of two tensors of one shape, while it is entered."""

    def __init__(self, shape):
        super().__init__()
        self.shape, self.count = shape, 0

    def __torch_dispatch__(self, func, _types, args=(), kwargs=None):
        """Look at one operation and run it."""
        tensors = [each for each in args if isinstance(each, torch.Tensor)]
        if func is torch.ops.aten.add.Tensor and len(tensors) == 2:
            self.count += all(each.shape == self.shape for each in tensors)
        return func(*args, **(kwargs or {}))


def count_additions(module, inputs):
    """Count where a module adds two whole tensors of its inputs' shape.

    In a network of equal widths that is what a residual connection does. A
    bias has another shape and is not counted.

    Args:
        module: What is called with the inputs, in the mode that it is in.
        inputs: One tensor.

    Returns:
        int: number of such additions in one forward pass.
    """
    with _Additions(inputs.shape) as additions, torch.no_grad():
        module(inputs)
    return additions.count
