"""Tokens: pieces of words that a text repeats, found by counting pairs."""

import re
from collections import Counter
from itertools import pairwise

import torch

PADDING, START, END = 0, 1, 2
_SPECIAL = ("<padding>", "<start>", "<end>")
_SPACE = "_"


class Vocabulary:
    """All tokens of a translator, one list for all languages.

    Args:
        texts: Lines to learn the pieces from.
        merges: How many times the most frequent pair of neighbours becomes
            a piece of its own; 0 leaves single characters.
        languages: Codes; each gets a token that asks for the language.
    """

    def __init__(self, texts, merges, languages=()):
        pieces = _learn(texts, merges)
        marks = [f"<{code}>" for code in languages]
        self.tokens = [*_SPECIAL, *marks, *pieces]
        self.index = {token: k for k, token in enumerate(self.tokens)}
        longest_first = sorted(pieces, key=len, reverse=True)
        self._cut = re.compile("|".join(map(re.escape, longest_first)))

    def __len__(self):
        return len(self.tokens)

    def split(self, text):
        """Return a text's pieces, the longest that fit, from the left.

        Example:
            >>> Vocabulary(["aab"], 1).split("aabaa")
            ['aa', 'b', 'aa']
        """
        return self._cut.findall(text.replace(" ", _SPACE))

    def encode(self, text, language=""):
        """Return a text's token indices, the language's first, END last."""
        marks = [f"<{language}>"] if language else []
        tokens = [*marks, *self.split(text)]
        return [*(self.index[token] for token in tokens), END]

    def decode(self, indices):
        """Return the text of token indices, up to the first END."""
        tokens = []
        for index in indices:
            if index == END:
                break
            if index >= len(_SPECIAL):
                tokens.append(self.tokens[index])
        return "".join(tokens).replace(_SPACE, " ")


def stack(sequences, device="cpu"):
    """Return sequences of indices side by side, time-major, padded.

    Returns:
        Tensor: (longest, batch), int64.
    """
    return torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(sequence) for sequence in sequences],
        padding_value=PADDING,
    ).to(device)


def _learn(texts, merges):
    """Return all characters and the pieces that merging makes of them.

    Source:
        Sennrich et al. 2016, byte pair encoding. Departs from it: merges may
        not cross a space, and a text is cut by the longest piece that fits.
    """
    counts = Counter(
        word
        for text in texts
        for word in re.findall(
            rf"{_SPACE}?[^{_SPACE}]+", text.replace(" ", _SPACE)
        )
    )
    words = {word: list(word) for word in counts}
    pieces = sorted({letter for word in words for letter in word})
    for _ in range(merges):
        pairs = Counter()
        for word, parts in words.items():
            for pair in pairwise(parts):
                pairs[pair] += counts[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        pieces.append("".join(best))
        for word, parts in words.items():
            words[word] = _merge(parts, best)
    return list(dict.fromkeys(pieces))


def _merge(parts, pair):
    merged = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged
