"""Checks of chapter 8: final states and encodings of whole sentences."""

import torch

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.padded import CHAPTER, PaddedCheck, padding_of, sizes_of

_FORBIDDEN = ("bidirectional", "pack_padded_sequence", "pad_packed_sequence")


def _states(seq_len, lengths, size):
    return sizes_of(seq_len, lengths, size=size)


class _HiddenStatesCheck(PaddedCheck):
    """A check of a function of hidden states and lengths."""

    chapter = CHAPTER
    forbidden = _FORBIDDEN

    def arguments(self, case):
        """Return hidden states; the case says what stands at the padding."""
        seq_len, lengths, size = case.sizes.values()
        drawn = case.draw(case.generator(), seq_len, len(lengths), size)
        value = _padding_value(case)
        return {"hidden_states": drawn.masked_fill(padding_of(case), value)}

    def call(self, function, arguments):
        """Call with the hidden states; ``drive`` adds the lengths."""
        return function(*arguments.values())


def _padding_value(case):
    """Return what the padding of a case is filled with."""
    if "NaN" in case.kind:
        return torch.nan
    return 3.0 if "large" in case.kind else 0.0


class FinalStates(_HiddenStatesCheck):
    """The state that each direction ends with."""

    name = "final_states"
    equation = "eq-bidirectional-final"
    established = (
        "Values and gradients are right: the numbers that torch calls h_n "
        "(float64 and float32, 3 cases)."
    )
    hints = (
        "Which was the last word that the forward RNN read? And which the "
        "backward RNN's?",
        "hidden_states[-1] is padding for every sequence but the longest, and "
        "its backward half has read one word. Take each half where its "
        "direction ends.",
        "eq-bidirectional-final: the forward half at step lengths - 1 of each "
        "sequence, which takes a second index for the sequences, and the "
        "backward half at step 0.",
    )
    standard = Standard(
        "the right ones",
        {
            "final_states": ("batch", "unit"),
            "gradient of hidden_states": ("time step", "batch", "unit"),
        },
    )
    public = (
        Case("the lengths differ", _states(4, (3, 4, 2), 6)),
        Case("nothing is padded", _states(3, (3, 3), 4), 1),
        Case(
            "the hidden states are float32",
            _states(5, (2, 5), 4),
            2,
            torch.float32,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one step, much padding, strides, float32."""
        yield Case(
            "the batch holds one sequence", _states(5, (4,), 6), next(seeds)
        )
        yield Case(
            "the sequences have one step",
            _states(1, (1, 1, 1), 4),
            next(seeds),
        )
        yield Case(
            "every sequence is padded, the longest one too",
            _states(6, (2, 4, 1, 3), 2),
            next(seeds),
        )
        yield Case(
            "the padding holds large numbers",
            _states(4, (1, 3), 4),
            next(seeds),
        )
        yield Case(
            "the hidden states do not lie in memory row by row",
            _states(4, (3, 1, 4), 6),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the hidden states are float32",
            _states(7, (7, 3, 5), 8),
            next(seeds),
            torch.float32,
        )

    def outputs(self, returned):
        """Return both final states, side by side."""
        if isinstance(returned, (tuple, list)):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}. Return one "
                "tensor: both final states side by side."
            )
        drive.require_tensor(returned, "what it returns")
        return {"final_states": returned}

    def right(self, case):
        """Pick one number after the other."""
        half = case.sizes["size"] // 2

        def pick(hidden_states, lengths):
            rows = [
                torch.cat(
                    [
                        hidden_states[end - 1, n, :half],
                        hidden_states[0, n, half:],
                    ]
                )
                for n, end in enumerate(lengths.tolist())
            ]
            return torch.stack(rows)

        return pick


class EncodeSentence(_HiddenStatesCheck):
    """Element-wise maximum and mean over the steps of each sentence."""

    name = "encode_sentence"
    equation = "eq-encoding-max"
    chapter = CHAPTER
    established = (
        "Both encodings and their gradients are right, whatever stands at "
        "the padding (float64 and float32, 4 cases)."
    )
    hints = (
        "A sentence of two words stands in a batch of length five. If all "
        "states of a unit are negative, what is the maximum over the five?",
        "What may you put at the padding so that it never wins a maximum? And "
        "what so that it adds nothing to a sum? By how much do you divide?",
        "eq-encoding-max and eq-encoding-mean run over t = 1 to T_n only. "
        "masked_fill replaces a NaN; a product with 0 does not.",
    )
    standard = Standard(
        "the right one",
        {
            "encoding by maximum": ("batch", "unit"),
            "encoding by mean": ("batch", "unit"),
            "gradient of hidden_states": ("time step", "batch", "unit"),
        },
    )
    public = (
        Case("the padding is 0", _states(4, (3, 4, 1), 4)),
        Case("the padding holds large numbers", _states(3, (1, 3), 3), 1),
        Case(
            "the hidden states are float32",
            _states(5, (2, 4), 3),
            2,
            torch.float32,
        ),
        Case("the padding holds NaN", _states(4, (2, 4), 3), 3),
    )

    def hidden_cases(self, seeds):
        """Return one row, one step, much padding, strides, float32."""
        yield Case(
            "the batch holds one sequence", _states(5, (4,), 6), next(seeds)
        )
        yield Case(
            "the sequences have one step",
            _states(1, (1, 1, 1), 4),
            next(seeds),
        )
        yield Case(
            "every sequence is padded with large numbers, the longest one too",
            _states(6, (2, 4, 1, 3), 2),
            next(seeds),
        )
        yield Case(
            "every sequence is padded with NaN",
            _states(5, (2, 3), 4),
            next(seeds),
        )
        yield Case(
            "the hidden states do not lie in memory row by row",
            _states(4, (3, 1, 4), 6),
            next(seeds),
            contiguous=False,
        )
        yield Case(
            "the hidden states are float32",
            _states(7, (7, 3, 5), 5),
            next(seeds),
            torch.float32,
        )

    def outputs(self, returned):
        """Return both encodings."""
        if type(returned) is not tuple or len(returned) != 2:
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}, not a pair. "
                "Return the encoding by maximum and the one by mean."
            )
        by_max, by_mean = returned
        drive.require_tensor(by_max, "the encoding by maximum")
        drive.require_tensor(by_mean, "the encoding by mean")
        return {"encoding by maximum": by_max, "encoding by mean": by_mean}

    def right(self, case):
        """Encode one sentence after the other, without its padding."""
        del case

        def encode(hidden_states, lengths):
            sentences = [
                hidden_states[:end, n]
                for n, end in enumerate(lengths.tolist())
            ]
            return (
                torch.stack([one.max(dim=0).values for one in sentences]),
                torch.stack([one.mean(dim=0) for one in sentences]),
            )

        return encode
