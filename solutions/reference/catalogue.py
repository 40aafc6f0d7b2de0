"""The catalogue of mistakes: wrong variants, each with its sentence."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """A wrong variant of a graded object.

    Attributes:
        check: Name of the check it is a mistake in.
        id: Its name, words joined by hyphens.
        sentence: What a learner who made it is told; ends with a full stop.
        variant: The wrong object itself, of the learner's signature.
    """

    check: str
    id: str
    sentence: str
    variant: object


#: All catalogued mistakes, in the order they are written down.
MISTAKES = []


def mistake(check, sentence):
    """Return a decorator that catalogues a function as a mistake.

    Args:
        check: Name of the check.
        sentence: What the learner is told.
    """

    def keep(variant):
        name = variant.__name__.strip("_").replace("_", "-")
        MISTAKES.append(Mistake(check, name, sentence, variant))
        return variant

    return keep
