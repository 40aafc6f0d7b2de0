"""The one-bit latch and the text windows do what their docstrings say."""

import pytest
import torch

from rnnlab import tasks


def generator(seed):
    """Return a generator of its own for each seed."""
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("input_size", [1, 4, 7])
def test_the_bit_is_on_the_first_step_and_nowhere_else(input_size, seed):
    """Feature 0 is the target's sign at first and 0 ever after."""
    inputs, targets = tasks.one_bit_latch(
        50, 9, input_size=input_size, generator=generator(seed)
    )
    assert inputs.shape == (9, 50, input_size)
    assert torch.equal(inputs[0, :, 0] > 0, targets == 1.0)
    assert set(inputs[0, :, 0].tolist()) == {-1.0, 1.0}
    assert not inputs[1:, :, 0].any()


def test_the_noise_is_standard_normal_and_says_nothing_about_the_bit():
    """Mean 0, standard deviation 1, no correlation with the target."""
    inputs, targets = tasks.one_bit_latch(4000, 6, generator=generator(1))
    noise = inputs[:, :, 1:]
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1) < 0.02
    signs = 2 * targets - 1
    assert (noise * signs[None, :, None]).mean(dim=1).abs().max() < 0.08
    assert abs(targets.mean() - 0.5) < 0.05


def test_equal_seeds_give_equal_samples_and_the_global_state_is_left_alone():
    """Random numbers come from the generator that was passed in."""
    before = torch.random.get_rng_state()
    first, again, other = (
        tasks.one_bit_latch(5, 4, generator=generator(seed))[0]
        for seed in (3, 3, 4)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_latch_of_one_step_asks_for_what_it_shows():
    """Length 1 is allowed: the bit is in the only step."""
    inputs, targets = tasks.one_bit_latch(6, 1, generator=generator(0))
    assert torch.equal((inputs[0, :, 0] + 1) / 2, targets)


@pytest.mark.parametrize("seed", range(3))
def test_targets_are_the_characters_that_follow(seed):
    """Read as text, each target is the next character of its input."""
    text, alphabet = "the cat sat on the mat", " acehmnost"
    inputs, targets = tasks.text_windows(
        text, 5, 6, alphabet=alphabet, generator=generator(seed)
    )
    assert inputs.shape == (6, 5, len(alphabet))
    assert torch.equal(inputs.sum(dim=2), torch.ones(6, 5))
    codes = torch.cat([inputs.argmax(dim=2), targets[-1:]])
    for window in codes.T.tolist():
        assert "".join(alphabet[code] for code in window) in text
    assert torch.equal(codes[1:], targets)


def test_every_window_of_a_text_can_be_drawn():
    """The last character of the text is the target of some window."""
    _, targets = tasks.text_windows(
        "abcd", 200, 2, alphabet="abcd", generator=generator(0)
    )
    assert set(targets[-1].tolist()) == {2, 3}


def test_a_text_that_is_too_short_is_refused_with_what_to_do():
    """The message gives both lengths."""
    with pytest.raises(ValueError, match=r"has 3 characters.*needs 4"):
        tasks.text_windows("abc", 1, 3, alphabet="abc", generator=None)


def test_characters_outside_the_alphabet_are_dropped():
    """Encoding keeps the order of the rest."""
    assert tasks.encode_text("a-b!a", "ab").tolist() == [0, 1, 0]
