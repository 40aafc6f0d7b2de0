"""German number names from English ones by rule, without any learning.

It stands in for a trained translator where the check itself is tested.
"""

import re

_UNITS = {
    "zero": "null",
    "one": "ein",
    "two": "zwei",
    "three": "drei",
    "four": "vier",
    "five": "fünf",
    "six": "sechs",
    "seven": "sieben",
    "eight": "acht",
    "nine": "neun",
    "ten": "zehn",
    "eleven": "elf",
    "twelve": "zwölf",
    "thirteen": "dreizehn",
    "fourteen": "vierzehn",
    "fifteen": "fünfzehn",
    "sixteen": "sechzehn",
    "seventeen": "siebzehn",
    "eighteen": "achtzehn",
    "nineteen": "neunzehn",
}
_TENS = {
    "twenty": "zwanzig",
    "thirty": "dreißig",
    "forty": "vierzig",
    "fifty": "fünfzig",
    "sixty": "sechzig",
    "seventy": "siebzig",
    "eighty": "achtzig",
    "ninety": "neunzig",
}


def translate_numbers(sources):
    """Return the German names of numbers up to four digits.

    Args:
        sources: English names.

    Returns:
        list[str]: one for each.
    """
    return [german(source) for source in sources]


def german(source):
    """Return one German name.

    Args:
        source: An English name of a number below 10,000.
    """
    words = re.findall(r"[a-z]+", source)
    name = ""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word in _TENS:
            one = f"{_UNITS[after]}und" if after in _UNITS else ""
            name += one + _TENS[word]
        elif word in _UNITS:
            name += _UNITS[word] if not name.endswith("ig") else ""
        elif word != "and":
            name += {"hundred": "hundert", "thousand": "tausend"}[word]
    return f"{name}s" if name.endswith("ein") else name
