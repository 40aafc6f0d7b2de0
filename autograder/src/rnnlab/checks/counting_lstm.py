"""Check of chapter 6: an LSTM with weights set by hand that counts.

What comes back is judged by what it does: torch.nn.LSTM runs with the
learner's parameters over strings, and each verdict must be right.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from rnnlab import counting
from rnnlab.checks import drive, fingerprints, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.counting_strings import (
    PUBLIC,
    UNITS,
    dtype_of,
    hidden_strings,
)
from rnnlab.checks.parameter_count import CHAPTER
from rnnlab.layout import LSTM_GATES

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
READOUT = ("readout_weight", "readout_bias")
_BLOCKS = len(LSTM_GATES)
_LETTERS = len(counting.LETTERS)
_AXES = {
    "weight_ih": ("row", "letter"),
    "weight_hh": ("row", "unit"),
    "bias_ih": ("row",),
    "bias_hh": ("row",),
    "readout_weight": ("unit",),
}
_SOUND = judge.Standard("any finite number", _AXES)


@dataclass(frozen=True)
class StringsCase(Case):
    """Strings to judge.

    Attributes:
        strings: Words over a and b.
    """

    strings: tuple = ()

    def describe(self):
        """Return what the strings are like."""
        dtype = str(self.dtype).removeprefix("torch.")
        count = len(self.strings)
        return f"{count} string{'s' if count > 1 else ''}, {dtype}"


class CountingLSTM(Check):
    """Parameters with which an LSTM accepts a^n b^n and nothing else."""

    name = "counting_lstm"
    equation = "eq-counter-accept"
    equations = {"the count": "eq-counter-step"}  # noqa: RUF012 - not changed
    chapter = CHAPTER
    established = (
        "torch.nn.LSTM with your parameters accepts a^n b^n up to n = 1,000 "
        "and rejects what lacks a letter, has one too many, has them in "
        "another order, or is empty."
    )
    hints = (
        "What has to be remembered besides the count? Which of aba, abab, "
        "ba, abb and the empty string would a counter alone accept?",
        "Let one unit count (+1 for an a, -1 for a b, forget gate full). Let "
        "others start at 0 and begin to move when something forbidden "
        "happens: an a after a b, a b when the count is 0. Which gate can "
        "read both the letter and a hidden state?",
        "tanh(0) is 0 and tanh(1) is 0.76: a large weight on that hidden "
        "state and a bias in between make an input gate that is open or "
        "shut. eq-counter-accept: a b was seen, and nothing else is on.",
    )
    forbidden = ("Adam", "SGD", "backward", "fit_counter")
    public = tuple(
        StringsCase(kind, strings=strings, dtype=dtype_of(kind))
        for kind, strings in PUBLIC
    )

    def hidden_cases(self, seeds):
        """Return longer strings, up to n = 10,000, and other orders."""
        for kind, strings in hidden_strings(seeds):
            yield StringsCase(
                kind, {}, next(seeds), torch.float32, strings=strings
            )

    def drive(self, function, case):
        """Return the learner's parameters."""
        returned = function(case.dtype)
        if not isinstance(returned, dict):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}. Return a dict "
                "with " + ", ".join((*NAMES, *READOUT)) + "."
            )
        for name in (*NAMES, *READOUT):
            if name not in returned:
                raise drive.Unusable(f"your dict has no {name}.")
            drive.require_tensor(returned[name], name)
        return {name: returned[name] for name in (*NAMES, *READOUT)}

    def judge(self, report, case):
        """Return what is wrong with the parameters, or with a verdict."""
        units = _units(report.tensors)
        if not 1 <= units <= UNITS:
            return judge.Finding(
                "weight_hh",
                f"weight_hh must have 4 * hidden_size rows and hidden_size "
                f"columns, with 1 to {UNITS} units.",
                secret="weight_hh has the wrong shape",  # noqa: S106 - none
            )
        right = _sound(report.tensors, units, case.dtype)
        finding = judge.compare(report, right, _SOUND)
        return finding or _verdict(report.tensors, units, case)

    def signature(self, report):
        """Condense parameters to which strings they accept."""
        units = _units(report.tensors)
        if units:
            dtype = report.tensors["weight_hh"].dtype
        if not 1 <= units <= UNITS or judge.compare(
            report, _sound(report.tensors, units, dtype), _SOUND
        ):
            return fingerprints.signature(report)
        accepted = [
            (readouts_of(report.tensors, units, case.strings) > 0).numpy()
            for case in self.public
        ]
        return fingerprints.signature(
            drive.Report(
                drive.RETURNED, {"accepted": np.concatenate(accepted)}
            )
        )


def readouts_of(tensors, units, strings):
    """Run torch.nn.LSTM with the parameters over strings."""
    weight, bias = (torch.from_numpy(tensors[n].copy()) for n in READOUT)
    lstm = nn.LSTM(_LETTERS, units, device="meta", dtype=weight.dtype)
    lstm = lstm.to_empty(device="cpu")
    with torch.no_grad():
        for name in NAMES:
            parameter = getattr(lstm, f"{name}_l0")
            parameter.copy_(torch.from_numpy(tensors[name].copy()))
    return counting.readouts(lstm, weight, bias, strings)


def _verdict(tensors, units, case):
    """Return the first string that is judged wrongly, or None."""
    found = readouts_of(tensors, units, case.strings)
    for string, readout in zip(case.strings, found, strict=True):
        right = counting.is_balanced(string)
        if bool(readout > 0) == right:
            continue
        verb = "rejects" if right else "accepts"
        return judge.Finding(
            "a verdict",
            f"Your LSTM {verb} {_short(string)}; it must "
            f"{'accept' if right else 'reject'} it.",
            (("readout", f"{readout:.3g} (accepted when above 0)"),),
            secret=f"it {verb} one of them",
        )
    return None


def _short(string):
    """Write a string of a and b so that it fits a line."""
    if not string:
        return "the empty string"
    if len(string) <= 12:
        return string
    runs, start = [], 0
    for place in range(1, len(string) + 1):
        if place == len(string) or string[place] != string[start]:
            runs.append(f"{string[start]}^{place - start}")
            start = place
    text = " ".join(runs)
    return text if len(text) <= 40 else f"{text[:36]} ..."


def _units(tensors):
    """Return the hidden size that weight_hh has, or 0."""
    weight = tensors.get("weight_hh")
    if weight is None or weight.ndim != 2:
        return 0
    rows, columns = weight.shape
    return columns if rows == _BLOCKS * columns else 0


def _sound(tensors, units, dtype):
    """Return the parameters themselves, mended: any finite number will do."""
    shapes = {
        "weight_ih": (_BLOCKS * units, _LETTERS),
        "weight_hh": (_BLOCKS * units, units),
        "bias_ih": (_BLOCKS * units,),
        "bias_hh": (_BLOCKS * units,),
        "readout_weight": (units,),
        "readout_bias": (),
    }
    dtype = np.dtype(str(dtype).removeprefix("torch."))
    right = {}
    for name, shape in shapes.items():
        given = tensors.get(name)
        fits = (
            given is not None and given.shape == shape and given.dtype == dtype
        )
        right[name] = (
            np.where(np.isfinite(given), given, 0)
            if fits
            else np.zeros(shape, dtype)
        )
    return right
