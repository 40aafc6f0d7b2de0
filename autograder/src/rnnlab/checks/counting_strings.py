"""The strings of chapter 6's counting task."""

import torch

#: Most units that an LSTM may have.
UNITS = 16

_LENGTHS = (1, 2, 3, 5, 10, 30, 100, 300, 1000)

#: Kind of a case, and its strings; the ones that a mistake is known by.
PUBLIC = (
    (
        "a string is a^n b^n",
        tuple("a" * n + "b" * n for n in _LENGTHS),
    ),
    (
        "a b is missing",
        ("a", *("a" * (n + 1) + "b" * n for n in (1, 2, 7, 30, 999))),
    ),
    (
        "there is a b too many",
        ("b", *("a" * n + "b" * (n + 1) for n in (1, 2, 7, 30, 999))),
    ),
    (
        "there are far more of one letter",
        ("aaaa", "bbbb", "aaaaab", "abbbbb", "a" * 40 + "b", "a" + "b" * 40),
    ),
    (
        "the letters come in another order",
        (
            "ba",
            "aba",
            "abab",
            "abba",
            "baab",
            "bbaa",
            "aabbab",
            "aababb",
            "abaabb",
            "aaabbabb",
        ),
    ),
    ("the string is empty", ("",)),
    (
        "the parameters are float64",
        ("ab", "aab", "abb", "a" * 50 + "b" * 50, "abab"),
    ),
)


def hidden_strings(seeds):
    """Yield kinds and strings that follow from seeds, up to n = 10,000."""
    numbers = torch.Generator().manual_seed(next(seeds))

    def draw(low, high):
        return int(torch.randint(low, high, (), generator=numbers))

    far = 10_000
    yield (
        "n is 10,000",
        tuple("a" * far + "b" * m for m in (far - 1, far, far + 1)),
    )
    some = [draw(1001, 5000) for _ in range(3)]
    yield (
        "a string is a^n b^n with n above 1,000",
        tuple("a" * n + "b" * n for n in some),
    )
    some = [draw(2, 400) for _ in range(8)]
    yield (
        "a b is missing or too many",
        tuple("a" * n + "b" * m for n in some for m in (n - 1, n + 1, n + 2)),
    )
    yield "a string has one letter", ("a", "b")
    yield "a string is one run", ("a" * draw(2, 50), "b" * draw(2, 50))
    yield "a string is empty", ("",)
    shuffled = []
    for _ in range(40):
        half = draw(2, 12)
        order = torch.randperm(2 * half, generator=numbers)
        word = "".join("ab"[int(k) % 2] for k in order)
        if word != "a" * half + "b" * half:
            shuffled.append(word)
    yield (
        "there are as many a as b, in another order",
        tuple(shuffled),
    )
    blocks = []
    for _ in range(20):
        n, m = draw(1, 9), draw(1, 9)
        blocks += ["a" * n + "b" * n + "a" * m + "b" * m]
        blocks += ["a" * n + "b" * (n + m) + "a" * m]
    yield "a string goes on after a^n b^n", tuple(blocks)


def dtype_of(kind):
    """Return the dtype of the parameters in a case of this kind."""
    return torch.float64 if "float64" in kind else torch.float32
