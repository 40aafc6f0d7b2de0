"""Number names as parallel text, and which of them are kept for testing."""

import functools
from typing import NamedTuple

import torch

#: Every number that leaves this remainder is for testing, never for training.
MODULUS, REMAINDER = 7, 3


class Sentence(NamedTuple):
    """One line of the parallel text.

    Attributes:
        number: The number that both sides name.
        source: Its name in English.
        target: Its name in the other language.
        language: Code of that language, e.g. "de".
    """

    number: int
    source: str
    target: str
    language: str


def is_held_out(number):
    """Return whether a number is kept for testing.

    Seven shares no factor with ten, so every digit occurs in every place on
    both sides of the rule.
    """
    return number % MODULUS == REMAINDER


def draw(count, digits, *, held_out, generator):
    """Draw different numbers; each length is as likely as any other.

    Args:
        count: How many.
        digits: The most digits that a number has.
        held_out: Whether to draw from those kept for testing, or from all
            the others.
        generator: Source of the numbers.

    Returns:
        list[int]: in random order, without doubles.

    Raises:
        ValueError: there are not so many.
    """
    places = 10**digits
    share = places // MODULUS
    if count > (share if held_out else places - share) // 2:
        raise ValueError(f"{count} numbers are too many for {digits} digits.")
    found = {}
    while len(found) < count:
        length = int(torch.randint(1, digits + 1, (), generator=generator))
        low = 10 ** (length - 1) if length > 1 else 0
        number = int(torch.randint(low, 10**length, (), generator=generator))
        if is_held_out(number) == held_out:
            found[number] = True
    return list(found)


@functools.lru_cache(maxsize=200_000)
def name(number, language):
    """Return a number's name in a language.

    Raises:
        ModuleNotFoundError: num2words is missing; says how to install it.
    """
    try:
        from num2words import num2words  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "The parallel text needs num2words: pip install num2words"
        ) from error
    return num2words(number, lang=language)


def sentences(numbers, languages):
    """Return the parallel text of some numbers.

    Args:
        numbers: Integers.
        languages: Codes of the target languages.

    Returns:
        list[Sentence]: one for each number and language.
    """
    return [
        Sentence(number, name(number, "en"), name(number, code), code)
        for number in numbers
        for code in languages
    ]
