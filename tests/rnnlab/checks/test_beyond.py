"""The checks of linear recurrences and of text to text: what they say."""

import pytest
import torch
from trying import changed, flat, hidden, refusal, visible

from reference import beyond
from rnnlab import recurrence
from rnnlab.checks import linear_recurrence
from rnnlab.checks.outcome import Verdict


def test_autograd_is_off_where_a_formula_is_asked_for():
    """A gradient that is left to autograd raises."""

    def lazy(gates):
        values = torch.zeros_like(gates).requires_grad_()
        state = recurrence.loop(gates, values, torch.zeros_like(gates[0]))[-1]
        return torch.autograd.grad(state.sum(), values)[0]

    outcome = visible("linear_recurrence_gradient", lazy)
    assert outcome.verdict is Verdict.RAISED


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        (list, "is a list, not a pair"),
        (lambda pair: (*pair, pair[0]), "is a tuple of 3, not a pair"),
        (lambda pair: pair[0], "is a Tensor, not a pair"),
        (lambda pair: (pair[0], 0.5), "value of what it returns is a float"),
        (lambda _: None, "is None, not a pair"),
    ],
)
def test_what_combine_returns_must_be_a_pair(returned, says):
    """Each sentence says what came back."""
    assert says in refusal("combine", changed("combine", returned))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("shape", [(1,), (2, 3), (4, 1, 2)])
def test_matrices_compose_two_steps(seed, shape):
    """What judges is what applying both steps to a state gives."""
    generator = torch.Generator().manual_seed(seed)
    a, b, c, d, state = torch.randn(
        5, *shape, generator=generator, dtype=torch.float64
    )
    gate, value = linear_recurrence.compose((a, b), (c, d))
    torch.testing.assert_close(
        gate * state + value, c * (a * state + b) + d, rtol=1e-12, atol=1e-14
    )


def called_with(*given):
    """Return a scan that gives combine something odd."""

    def function(gates, values, initial_state, combine):
        combine(*given)
        return beyond.parallel_scan(gates, values, initial_state, combine)

    return function


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((None, None), "the earlier pair is None, not a pair"),
        (((torch.ones(1),) * 2, 3), "the later pair is an int, not a pair"),
        ((torch.ones(1),) * 4, "calls combine with 4 arguments"),
        (([1, 2], (1, 2)), "the earlier pair is a list, not a pair"),
    ],
)
def test_odd_arguments_of_combine_get_a_sentence(given, says):
    """The sentence says which of the two is odd, and what it is."""
    function = called_with(*given)

    def after_the_first_step(gates, *rest):
        if len(gates) == 1:
            return beyond.parallel_scan(gates, *rest)
        return function(gates, *rest)

    assert says in refusal("parallel_scan", after_the_first_step)


def test_one_more_call_of_combine_is_counted():
    """A right answer in too many rounds is not yet right."""

    def wasteful(gates, values, initial_state, combine):
        combine((gates, values), (gates, values))
        return beyond.parallel_scan(gates, values, initial_state, combine)

    assert "in 3 calls of combine. For 4 steps 2 are enough" in refusal(
        "parallel_scan", wasteful
    )
    outcome = hidden("parallel_scan", wasteful)
    assert "calls combine too often or not often enough" in flat(outcome)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "calls scan with 0 arguments"),
        ((1.0, 2.0, 3.0), "gives scan a float as gates"),
    ],
)
def test_odd_arguments_of_scan_get_a_sentence(given, says):
    """The sentence says which argument is odd."""

    def function(*arguments):
        return arguments[-1](*given)

    assert says in refusal("min_gru", function)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda pair: pair[0], "is a str, not a pair"),
        (list, "is a list, not a pair"),
        (lambda pair: (pair[0], 3), "target text is an int, not a str"),
        (lambda pair: (None, pair[1]), "input text is None, not a str"),
        (lambda pair: (pair[0] + " ", pair[1]), "input text is another one"),
        (lambda pair: (pair[0], ""), "target text is another one"),
        (lambda pair: (pair[0], "\u00e9" * 9999), "target text is another"),
        (lambda pair: (pair[0], "\ud800"), "target text is another one"),
    ],
)
def test_odd_texts_get_a_sentence(change, says):
    """What is no text, an empty one, a huge one and half a character."""
    said = refusal("as_text_to_text", changed("as_text_to_text", change))
    assert says in said
    assert said.isascii()


def test_changing_the_fields_is_named():
    """The caller's dict stays as it is."""

    def writing(task, fields, target, labels=()):
        returned = beyond.as_text_to_text(task, fields, target, labels)
        fields.clear()
        return returned

    assert "changed its argument fields" in refusal("as_text_to_text", writing)
