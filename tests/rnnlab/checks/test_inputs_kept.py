"""A function leaves its inputs alone; if not, a check names the input."""

import itertools

import pytest
from trying import refusal, writing

from rnnlab import checks

#: How many tensors a function is handed where others come inside a function.
HANDED = {"bidirectional_rnn": 1, "decoder_step": 5}
#: Every tensor that the function of some check is handed, by its name.
INPUTS = [
    (name, place, argument)
    for name, check in checks.CHECKS.items()
    if hasattr(check, "arguments")
    for place, argument in itertools.islice(
        enumerate(check.arguments(check.public[0])), HANDED.get(name)
    )
]


@pytest.mark.parametrize(
    ("name", "place", "argument"),
    INPUTS,
    ids=[f"{name}-{argument}" for name, _, argument in INPUTS],
)
def test_writing_into_an_input_is_named(name, place, argument):
    """The sentence says which input was changed."""
    said = refusal(name, writing(name, place))
    assert f"changed its input {argument} in place" in said
