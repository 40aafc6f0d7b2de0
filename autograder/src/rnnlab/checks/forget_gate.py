"""Check of chapter 4: opening the forget gate of a torch.nn.LSTM."""

import dataclasses

import torch
from torch import nn

from rnnlab.checks import drive, judge
from rnnlab.checks.case import Case
from rnnlab.checks.check import Check
from rnnlab.checks.lstm import CHAPTER
from rnnlab.layout import LSTM_GATES, gate_slices

_NO_BIAS = "the LSTM was built with bias=False"
_REFUSED = "raises a ValueError"
#: What is wrong when one of these answers is not all True.
_FLAGS = {
    "same parameters": (
        "Some parameters of the LSTM are new objects. An optimizer built "
        "before this call would go on training the old ones. Write into the "
        "parameters that are there."
    ),
    "parameters require grad": (
        "Some parameters no longer require a gradient, so they would never "
        "be trained. The call sets where the bias starts, not where it stays."
    ),
}
_ROWS = ("layer", "direction", "unit")
_AXES = {
    **{f"effective {gate} bias": _ROWS for gate in LSTM_GATES},
    "weight_hh": ("layer", "direction", "row", "column"),
}
_WIDTH = 3


def _sizes(num_layers, directions, hidden_size, bias):
    return {
        "num_layers": num_layers,
        "directions": directions,
        "hidden_size": hidden_size,
        "bias": bias,
    }


class OpenForgetGate(Check):
    """The effective forget bias of every layer and direction, and no more."""

    name = "open_forget_gate"
    equation = "eq-forget-bias"
    chapter = CHAPTER
    established = (
        "The effective forget bias is the one asked for in every layer and "
        "direction, and nothing else has changed (4 cases)."
    )
    hints = (
        "An LSTM of torch adds bias_ih and bias_hh. If you write the same "
        "number into both, what does the forget gate get?",
        "Which rows of a bias belong to the forget gate, and how many biases "
        "has an LSTM of two layers and two directions? named_parameters() "
        "lists them.",
        "eq-forget-bias: the two forget blocks must add up to bias in every "
        "layer and direction. Write inside torch.no_grad().",
    )
    standard = judge.Standard("what it should be", _AXES)
    public = (
        Case("the LSTM has one layer", _sizes(1, 1, 4, 3)),
        Case(
            "the LSTM is stacked and bidirectional",
            _sizes(2, 2, 2, 2),
            seed=1,
        ),
        Case(
            "the LSTM is float32",
            _sizes(1, 1, 3, 1),
            seed=2,
            dtype=torch.float32,
        ),
        Case(_NO_BIAS, _sizes(1, 1, 2, 1), seed=3),
    )

    def hidden_cases(self, seeds):
        """Return other depths, directions and biases, 0 and below too."""
        yield Case("the bias is 0", _sizes(1, 1, 3, 0), next(seeds))
        yield Case("the bias is negative", _sizes(2, 1, 4, -1.5), next(seeds))
        yield Case(
            "the LSTM has three layers", _sizes(3, 1, 1, 2.5), next(seeds)
        )
        yield Case(
            "the LSTM is bidirectional",
            _sizes(1, 2, 5, 4),
            next(seeds),
            torch.float32,
        )
        yield Case(_NO_BIAS, _sizes(2, 2, 3, 3), next(seeds))

    def drive(self, function, case):
        """Return what the LSTM is like after the call."""
        lstm = _lstm(case)
        before = dict(lstm.named_parameters())
        if case.kind == _NO_BIAS:
            return _refusal(function, lstm, case)
        returned = function(lstm, float(case.sizes["bias"]))
        if returned is not None:
            raise drive.Unusable(
                f"it returned {drive.a_type(returned)}. It changes the LSTM "
                "in place and returns None."
            )
        after = dict(lstm.named_parameters())
        if after.keys() != before.keys():
            raise drive.Unusable("the LSTM has other parameters than before.")
        return _anatomy(after, before, case.sizes)

    def oracle(self, case):
        """Return what the LSTM was like, with the forget bias asked for."""
        if case.kind == _NO_BIAS:
            return {_REFUSED: torch.tensor([True])}
        parameters = dict(_lstm(case).named_parameters())
        answer = _anatomy(parameters, parameters, case.sizes)
        forget = answer["effective forget bias"]
        asked = torch.full_like(forget, case.sizes["bias"])
        return {**answer, "effective forget bias": asked}

    def judge(self, report, case):
        """Return the first difference, in words where it is a flag."""
        finding = super().judge(report, case)
        if finding and finding.subject in _FLAGS:
            return dataclasses.replace(
                finding,
                sentence=_FLAGS[finding.subject],
                details=(),
                secret=f"not all {finding.subject}",
            )
        return finding


def _lstm(case):
    """Build an LSTM whose every parameter follows from the case."""
    sizes = case.sizes
    lstm = nn.LSTM(
        _WIDTH,
        sizes["hidden_size"],
        num_layers=sizes["num_layers"],
        bidirectional=sizes["directions"] == 2,
        bias=case.kind != _NO_BIAS,
        device="meta",
        dtype=case.dtype,
    ).to_empty(device=case.device)
    numbers = case.generator()
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.copy_(case.draw(numbers, *parameter.shape))
    return lstm


def _refusal(function, lstm, case):
    """Return that an LSTM without biases was refused with a message."""
    try:
        function(lstm, float(case.sizes["bias"]))
    except ValueError as error:
        if str(error).strip():
            return {_REFUSED: torch.tensor([True])}
        raise drive.Unusable(
            "the ValueError for bias=False has no message. Say what is "
            "missing."
        ) from error
    raise drive.Unusable(
        f"{_NO_BIAS}, so there is no forget bias to set, and nothing was "
        "raised. Raise a ValueError that says so."
    )


def _anatomy(parameters, before, sizes):
    """Return weights, effective biases and the state of the parameters."""
    ways = [
        name.removeprefix("bias_ih")
        for name in parameters
        if name.startswith("bias_ih")
    ]
    biases = torch.stack(
        [parameters[f"bias_ih{w}"] + parameters[f"bias_hh{w}"] for w in ways]
    )
    grid = sizes["num_layers"], sizes["directions"]
    biases = biases.unflatten(0, grid)
    recurrent = torch.stack([parameters[f"weight_hh{way}"] for way in ways])
    rows = gate_slices(sizes["hidden_size"])
    weights = [parameters[f"weight_ih{way}"].flatten() for way in ways]
    flags = (
        [parameters[name] is before[name] for name in before],
        [parameters[name].requires_grad for name in before],
    )
    return {
        **{
            f"effective {gate} bias": biases[..., rows[gate]]
            for gate in ("forget", "input", "cell", "output")
        },
        "weight_hh": recurrent.unflatten(0, grid),
        "weight_ih": torch.cat(weights),
        **{
            flag: torch.tensor(truths)
            for flag, truths in zip(_FLAGS, flags, strict=True)
        },
    }
