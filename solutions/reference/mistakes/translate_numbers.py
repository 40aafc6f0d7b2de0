"""Mistakes in translate_numbers."""

from reference.catalogue import mistake
from reference.number_rules import german


@mistake(
    "translate_numbers",
    "You return the English names as they came.",
)
def untranslated(sources):
    """Return the sources."""
    return list(sources)


@mistake(
    "translate_numbers",
    "Every sentence gets the translation of the first one: take one column of "
    "tokens for each.",
)
def first_for_all(sources):
    """Decode one column."""
    return [german(sources[0])] * len(sources)


@mistake(
    "translate_numbers",
    "Your translations come in the opposite order of the sentences.",
)
def opposite_order(sources):
    """Reverse the batch."""
    return [german(source) for source in reversed(sources)]


@mistake(
    "translate_numbers",
    "Your translations still carry <end>; vocabulary.decode stops there.",
)
def end_left_in(sources):
    """Join the tokens without looking."""
    return [f"{german(source)}<end>" for source in sources]


@mistake(
    "translate_numbers",
    "Spaces are left between the pieces; vocabulary.decode joins them.",
)
def spaced(sources):
    """Put spaces between pieces, here between all letters."""
    return [" ".join(german(source)) for source in sources]


@mistake(
    "translate_numbers",
    "Your translations are cut after 8 letters. Is max_len too small?",
)
def cut_short(sources):
    """Stop early."""
    return [german(source)[:8] for source in sources]


@mistake(
    "translate_numbers",
    "All your translations are empty. Does the loop start behind END, or with "
    "an END?",
)
def empty(sources):
    """Return nothing."""
    return [""] * len(sources)


@mistake(
    "translate_numbers",
    "The letters of your translations run backwards.",
)
def backwards(sources):
    """Reverse each text."""
    return [german(source)[::-1] for source in sources]


@mistake(
    "translate_numbers",
    "You return one text with all translations; return a list, one str for "
    "each sentence.",
)
def one_text(sources):
    """Join them."""
    return ["\n".join(german(source) for source in sources)]


@mistake(
    "translate_numbers",
    "Your translations lack their first letter: START is no token of the "
    "result, so nothing is to be cut off.",
)
def first_letter_lost(sources):
    """Cut off what is not there."""
    return [german(source)[1:] for source in sources]
