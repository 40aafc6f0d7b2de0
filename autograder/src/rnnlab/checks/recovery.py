"""Check of chapter 3: training that goes back to its last checkpoint."""

import dataclasses
import operator

import torch

from rnnlab.checks import drive, judge, recovery_case
from rnnlab.checks.check import Check
from rnnlab.checks.judge import Finding, Standard
from rnnlab.checks.recovery_case import SIZE, RecoveryCase

_SEEN, _FINAL, _BACK = "parameters seen", "final parameters", "steps"
# Whoever clips by norm + 1e-6, as torch does, drifts a little at each step.
_TOLERANCE = {"float64": (1e-5, 1e-5), "float32": (1e-4, 1e-4)}
# A learner who never moves on is stopped after so many calls a batch.
_PATIENCE = 4


class TrainWithRecovery(Check):
    """A training loop that survives Inf and NaN."""

    name = "train_with_recovery"
    equation = "eq-recovery"
    chapter = "03-exploding-gradients"
    established = (
        "At every step loss_fn saw the right parameters: losses and "
        "gradients that are NaN or Inf, an overflow after a giant step, a "
        "bad first step, SGD with momentum and Adam."
    )
    hints = (
        "When the loss of step 5 is NaN, which step did the harm? From when "
        "are the parameters that you want back, and what else changed then?",
        "state_dict() refers to the live tensors. What must you do to keep "
        "them as they were? And which gradients are left on the parameters "
        "when you skip a step?",
        "At each step: clear the gradients, loss, backward. Loss or norm not "
        "finite: load both checkpoints, note the step, go on. Otherwise: "
        "copy both states, clip if it ever went back, step.",
    )
    standard = Standard(
        "the right ones",
        {_SEEN: ("entry",), _FINAL: ("entry",)},
        _TOLERANCE,
    )
    public = (
        RecoveryCase("nothing goes wrong", steps=5),
        RecoveryCase(
            "a loss is NaN",
            seed=1,
            steps=8,
            events=((3, recovery_case.NAN_LOSS),),
        ),
        RecoveryCase(
            "a gradient is NaN though its loss is finite",
            seed=2,
            events=((2, recovery_case.NAN_GRADIENT),),
        ),
        RecoveryCase(
            "a giant step makes the next loss overflow",
            seed=3,
            events=((2, recovery_case.GIANT),),
        ),
        RecoveryCase(
            "the first step is bad, and later two in a row",
            seed=4,
            steps=8,
            events=(
                (0, recovery_case.INF_LOSS),
                (2, recovery_case.INF_GRADIENT),
                (3, recovery_case.INF_LOSS),
            ),
            adam=True,
            generator_given=True,
        ),
    )

    def hidden_cases(self, seeds):
        """Return long runs, bad ends, float32, no batch at all."""
        bad = recovery_case
        yield RecoveryCase(
            "several steps are bad",
            seed=next(seeds),
            steps=12,
            events=(
                (1, bad.INF_GRADIENT),
                (4, bad.NAN_LOSS),
                (5, bad.NAN_LOSS),
                (8, bad.NAN_GRADIENT),
            ),
        )
        yield RecoveryCase(
            "the last step is bad",
            seed=next(seeds),
            events=((6, bad.INF_LOSS),),
            adam=True,
        )
        yield RecoveryCase(
            "a giant gradient comes after it went back",
            seed=next(seeds),
            events=((1, bad.INF_LOSS), (3, bad.GIANT)),
            generator_given=True,
        )
        yield RecoveryCase(
            "everything is float32",
            seed=next(seeds),
            dtype=torch.float32,
            events=((3, bad.GIANT),),
        )
        yield RecoveryCase(
            "every step is bad",
            seed=next(seeds),
            steps=3,
            events=tuple((step, bad.NAN_GRADIENT) for step in range(3)),
        )
        yield RecoveryCase(
            "there is no batch",
            seed=next(seeds),
            steps=0,
            generator_given=True,
        )

    def drive(self, function, case):
        """Train a scripted model; return all that loss_fn saw."""
        model, seen = case.model(), []
        limit = _PATIENCE * (case.steps + 1)

        def loss_fn(model, batch):
            vector = recovery_case.vector_of(model)
            seen.append(vector.detach().clone())
            if len(seen) > limit:
                raise drive.Unusable(
                    f"{self.name} called loss_fn {len(seen)} times for "
                    f"{case.steps} batches, and was stopped there. Call it "
                    "once for each batch."
                )
            return recovery_case.loss_of(vector, batch)

        optimizer, batches = case.optimizer(model), case.batches()
        if case.generator_given:
            batches = (batch for batch in batches)
        returned = function(model, optimizer, batches, loss_fn, case.threshold)
        empty = torch.zeros(0, SIZE, dtype=case.dtype)
        return {
            _BACK: _steps(returned),
            _SEEN: torch.stack(seen) if seen else empty,
            _FINAL: recovery_case.vector_of(model),
        }

    def oracle(self, case):
        """Return what follows from the script."""
        path = torch.from_numpy(case.trajectory()).to(case.dtype)
        back = torch.tensor(case.bad_steps(), dtype=torch.int64)
        return {_BACK: back, _SEEN: path[:-1], _FINAL: path[-1]}

    def judge(self, report, case):
        """Judge calls, then steps, then parameters from the first step."""
        right = self.expected(case)
        tensors = report.tensors
        for name in right:
            if name not in tensors or tensors[name].ndim != right[name].ndim:
                return Finding(name, "The answer is not complete.")
        calls = len(tensors[_SEEN])
        if calls != case.steps:
            return _wrong_calls(calls, case)
        back, expected = tensors[_BACK].tolist(), right[_BACK].tolist()
        if back != expected:
            return _wrong_steps(back, expected)
        for step in range(case.steps):
            given = tensors[_SEEN][step]
            finding = self._entries(_SEEN, given, right[_SEEN][step])
            if finding:
                return _at(finding, f"At step {step} loss_fn sees")
        finding = self._entries(_FINAL, tensors[_FINAL], right[_FINAL])
        return finding and _at(finding, "After the last step the model has")

    def _entries(self, name, given, right):
        report = drive.Report(drive.RETURNED, {name: given})
        return judge.compare(report, {name: right}, self.standard)


def _steps(returned):
    """Return the list of steps as a tensor, or refuse it."""
    if type(returned) is not list:
        raise drive.Unusable(
            f"what it returns is {drive.a_type(returned)}, not a list. "
            "Return the list of steps at which it went back."
        )
    try:
        steps = [operator.index(step) for step in returned]
        return torch.tensor(steps, dtype=torch.int64)
    except (TypeError, RuntimeError, OverflowError):
        raise drive.Unusable(
            "what it returns is a list that holds other things than whole "
            "numbers. Put in the step's index, counted from 0."
        ) from None


def _wrong_calls(calls, case):
    sentence = (
        f"loss_fn was called {calls} times for {case.steps} batches. Each "
        "batch gets one call, also the batches after a bad one."
    )
    return Finding("batches", sentence, (), "loss_fn is not called once each")


def _wrong_steps(back, expected):
    sentence = (
        f"It went back at {_listed(back)}; loss or gradient are not finite "
        f"at {_listed(expected)}."
    )
    return Finding("steps", sentence, (), "it goes back at other steps")


def _listed(steps):
    shown = [*map(str, steps[:8]), *(["..."] if len(steps) > 8 else [])]
    many = "s" if len(steps) > 1 else ""
    return f"step{many} {', '.join(shown)}" if steps else "no step"


def _at(finding, start):
    """Say when the parameters went wrong in place of which tensor did."""
    what = "wrong parameters"
    if "finite" in finding.secret:
        what = "parameters that are not finite"
    return dataclasses.replace(
        finding,
        subject="parameters",
        sentence=f"{start} {what}.",
        details=finding.details[:1],
        secret=f"{start.lower()} {what}",
    )
