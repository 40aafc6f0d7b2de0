"""Instruments for depth: gradients, probes, additions and the small text."""

import pytest
import torch
from torch import nn

from rnnlab import stack_probes


def test_gradient_grid_is_what_moving_a_state_does():
    """A chain of numbers has known derivatives; what is unread has 0."""
    first = torch.tensor([[2.0]], dtype=torch.float64, requires_grad=True)
    second = first**2
    aside = torch.tensor([[9.0]], dtype=torch.float64, requires_grad=True)
    upper = 3 * second
    norms = stack_probes.gradient_grid(
        [[first, second], [aside, upper]], upper.sum()
    )
    expected = torch.tensor([[3.0, 12.0], [1.0, 0.0]], dtype=torch.float64)
    torch.testing.assert_close(norms, expected)


def test_gradient_norm_is_over_batch_and_units():
    """One number for all entries of a state together."""
    state = torch.zeros(2, 3, dtype=torch.float64, requires_grad=True)
    norms = stack_probes.gradient_grid([[state]], (2 * state).sum())
    torch.testing.assert_close(norms, torch.full((1, 1), 24.0).sqrt().double())


@pytest.mark.parametrize("seed", range(3))
def test_no_count_of_letters_tells_the_topic(seed):
    """Every word is a, b, c in some order and a space."""
    generator = torch.Generator().manual_seed(seed)
    codes, topics = stack_probes.anagram_text(50, 7, generator=generator)
    assert codes.shape == (28, 50)
    assert topics.shape == (50,)
    assert set(topics.tolist()) == {0, 1}
    words = codes.T.reshape(-1, 4)
    assert (words[:, 3] == stack_probes.LETTERS.index(" ")).all()
    ordered = words[:, :3].sort(dim=1).values
    assert (ordered == torch.tensor([0, 1, 2])).all()


@pytest.mark.parametrize(("loyalty", "share"), [(1.0, 1.0), (0.7, 0.7)])
def test_words_are_of_their_topic_as_often_as_said(loyalty, share):
    """Cyclic orders are topic 0, the others topic 1."""
    generator = torch.Generator().manual_seed(0)
    codes, topics = stack_probes.anagram_text(
        400, 10, generator=generator, loyalty=loyalty
    )
    words = codes.T.reshape(400, 10, 4)
    cyclic = (words[..., 1] - words[..., 0]) % 3 == 1
    own = cyclic == (topics[:, None] == 0)
    assert abs(float(own.double().mean()) - share) < 0.03


def test_probe_reads_what_is_linear_and_not_what_is_not():
    """A sign is read, a product of two signs is left at chance."""
    generator = torch.Generator().manual_seed(0)
    states = torch.randn(2000, 4, generator=generator)
    sign = (states[:, 0] > 0).long()
    product = (states[:, 0] * states[:, 1] > 0).long()
    assert stack_probes.probe_accuracy(states, sign, 2) > 0.95
    assert abs(stack_probes.probe_accuracy(states, product, 2) - 0.5) < 0.06


def test_probe_reads_several_labels():
    """One-hot vectors tell their own index, whatever their scale."""
    labels = torch.arange(300) % 5
    states = 1e-3 * nn.functional.one_hot(labels, 5).float()
    assert stack_probes.probe_accuracy(states, labels, 5) == 1.0


class _Added(nn.Module):
    """Adds its inputs to themselves, and a bias."""

    def forward(self, inputs):
        """Return three times the inputs and one."""
        doubled = inputs + inputs
        return doubled + inputs + torch.ones(inputs.shape[-1]) + 1.0


def test_additions_of_whole_tensors_are_counted():
    """Two of them; a bias and a number are none."""
    assert stack_probes.count_additions(_Added(), torch.ones(3, 2, 4)) == 2


def test_a_linear_layer_adds_no_whole_tensors():
    """Its bias has another shape."""
    linear = nn.Linear(4, 4, device="meta").to_empty(device="cpu")
    for parameter in linear.parameters():
        nn.init.ones_(parameter)
    assert stack_probes.count_additions(linear, torch.ones(3, 2, 4)) == 0
