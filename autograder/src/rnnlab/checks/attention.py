"""Check of chapter 10: attention over a padded source."""

import functools
import types
from dataclasses import dataclass

import torch
from torch.nn.functional import scaled_dot_product_attention

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard

CHAPTER = "10-translation"
AXES = {
    "context": ("batch", "unit"),
    "attention_weights": ("source position", "batch"),
    "gradient of query": ("batch", "unit"),
    "gradient of keys": ("source position", "batch", "unit"),
    "gradient of values": ("source position", "batch", "unit"),
}


@dataclass(frozen=True)
class PaddedCase(Case):
    """A case with sources of different lengths.

    Attributes:
        shortest: Positions of the shortest source; the first row of the
            batch has them all, unless it is the only one.
        scale: What the numbers are multiplied by.
    """

    shortest: int = 1
    scale: float = 1.0

    def is_padding(self):
        """Return where there is no source, (source_len, batch)."""
        longest, batch = self.sizes["source_len"], self.sizes["batch"]
        spread = max(longest - self.shortest, 1)
        lengths = [longest - (3 * row) % (spread + 1) for row in range(batch)]
        if self.shortest == longest:
            lengths = [longest] * batch
        elif batch == 1:
            lengths = [self.shortest]
        positions = torch.arange(longest, device=self.device)
        return positions[:, None] >= torch.tensor(lengths, device=self.device)


def sizes_of(batch, source_len, size):
    """Return the sizes of a case, in the order they are printed."""
    return {"batch": batch, "source_len": source_len, "size": size}


class Attention(FunctionalCheck):
    """Scores, weights that leave padding out, and the weighted mean."""

    name = "attention"
    equation = "eq-attention-weights"
    equations = types.MappingProxyType({"context": "eq-attention-context"})
    chapter = CHAPTER
    established = (
        "Values and gradients agree with torch's "
        "scaled_dot_product_attention (float64 and float32, 3 cases)."
    )
    hints = (
        "Over which axis must the weights of one sentence add up to 1? And "
        "which shape have the scores: one number for what?",
        "exp(s) is 0 for one s only. Which score must a padded position have "
        "before the softmax, so that it gets no weight and the others still "
        "add up to 1?",
        "eq-attention-scores: multiply keys by query, sum over the last axis, "
        "divide by the square root of its length. masked_fill(is_padding, "
        "-torch.inf), then eq-attention-weights over axis 0.",
    )
    standard = Standard("scaled_dot_product_attention", AXES)
    forbidden = (
        "scaled_dot_product_attention",
        "MultiheadAttention",
        "multi_head_attention_forward",
    )
    public = (
        PaddedCase("no source is padded", sizes_of(2, 4, 3), shortest=4),
        PaddedCase("sources are padded", sizes_of(3, 5, 4), seed=1),
        PaddedCase(
            "the inputs are float32",
            sizes_of(4, 4, 2),
            seed=2,
            dtype=torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one position, strides, huge scores, float32."""
        yield PaddedCase(
            "the batch holds one row",
            sizes_of(1, 6, 4),
            next(seeds),
            shortest=4,
        )
        yield PaddedCase(
            "there is one source position", sizes_of(3, 1, 4), next(seeds)
        )
        yield PaddedCase("every size is 1", sizes_of(1, 1, 1), next(seeds))
        yield PaddedCase(
            "the inputs do not lie in memory row by row",
            sizes_of(4, 6, 3),
            next(seeds),
            contiguous=False,
        )
        yield PaddedCase(
            "scores are in the thousands",
            sizes_of(3, 5, 6),
            next(seeds),
            scale=60.0,
        )
        yield PaddedCase(
            "the inputs are float32",
            sizes_of(5, 9, 8),
            next(seeds),
            torch.float32,
        )

    def arguments(self, case):
        """Return the query, the keys and the values."""
        numbers = case.generator()
        batch, source_len, size = case.sizes.values()
        shape = source_len, batch, size
        return {
            "query": case.scale * case.draw(numbers, batch, size),
            "keys": case.scale * case.draw(numbers, *shape),
            "values": case.draw(numbers, *shape),
        }

    def drive(self, function, case):
        """Return values and gradients; the padding is the case's."""
        bound = functools.partial(_with_padding, function, case)
        return super().drive(bound, case)

    def call(self, function, arguments):
        """Call the learner's attention, bound to a padding."""
        return function(*arguments.values())

    def outputs(self, returned):
        """Return the context and the weights, or say what came instead."""
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return context, attention_weights."
            )
        context, weights = returned
        drive.require_tensor(context, "context")
        drive.require_tensor(weights, "attention_weights")
        return {"attention_weights": weights, "context": context}

    def right(self, case):
        """Return torch's own attention behind the learner's signature."""
        del case
        return torch_attention


def torch_attention(query, keys, values, is_padding):
    """Attend with torch; the weights are what an identity lets through."""
    takes_part = ~is_padding.T[:, None, None]
    rows = query[:, None, None]
    columns = keys.transpose(0, 1)[:, None]
    length = len(keys)
    one_hot = torch.eye(length, dtype=query.dtype, device=query.device)
    contexts, weights = (
        scaled_dot_product_attention(rows, columns, each, takes_part)[:, 0, 0]
        for each in (
            values.transpose(0, 1)[:, None],
            one_hot.expand(len(query), 1, length, length),
        )
    )
    return contexts, weights.T


def _with_padding(function, case, *tensors):
    return function(*tensors, case.is_padding())
