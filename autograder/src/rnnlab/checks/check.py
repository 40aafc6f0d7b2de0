"""A check: cases, drive and judge, put together.

``check(function)`` is the visible check, ``check.hidden(function)`` the
hidden one; both print when passed and raise :class:`CheckFailed` otherwise.
``check.answer(function, nonce)`` only drives and emits the answers; who
grades judges them elsewhere with ``check.judge_answer``.
"""

import dataclasses
import hashlib
import secrets
import types

from rnnlab.checks import (
    drive,
    fingerprints,
    judge,
    message,
    saying,
    seen,
    wire,
)
from rnnlab.checks.outcome import CheckFailed


class Check:
    """Base of all checks; a subclass is one task.

    Attributes:
        name: Name of the learner's object and of the check.
        equation: Label of the equation that the task writes as code.
        equations: Labels of others, by the subject of a finding.
        chapter: Page of the book, without suffix.
        hints: From a question to the line of the equation.
        established: What is known when the visible check passes.
        standard: What the numbers are compared by.
        public: Cases of the visible check.
        forbidden: Names that do what the learner is to write.
    """

    name = ""
    equation = ""
    equations = types.MappingProxyType({})
    chapter = ""
    hints = ()
    established = ""
    standard = judge.Standard("the right ones")
    public = ()
    forbidden = ()

    # What a task defines.

    def hidden_cases(self, seeds):
        """Return harder cases with the given seeds.

        Args:
            seeds: Iterator of fresh seeds.
        """
        raise NotImplementedError

    def drive(self, function, case):
        """Run the learner's object; return tensors by name."""
        raise NotImplementedError

    def oracle(self, case):
        """Return the right tensors by name, from torch alone."""
        raise NotImplementedError

    # What the others call.

    def __call__(self, function, device="cpu"):
        """Check an object on the public cases and say what came of it.

        Args:
            function: The learner's object.
            device: Device to compute on.

        Raises:
            CheckFailed: the message is the paragraph to read.
        """
        cases = on(device, self.public)
        reports = self.reports(function, cases)
        _say(seen.note(self.judge_visible(reports, cases)))

    def hidden(self, function, device="cpu"):
        """Check an object on fresh, harder cases.

        Args:
            function: The learner's object.
            device: Device to compute on.

        Raises:
            CheckFailed: tells the property that fails, no numbers.
        """
        cases = on(device, self.challenge(secrets.token_hex(16)))
        _say(self.judge_hidden(self.reports(function, cases), cases))

    def hint(self, number=1):
        """Print a hint; each one narrows more than the one before.

        Args:
            number: Which one, from 1.
        """
        number = min(max(int(number), 1), len(self.hints))
        lines = [f"Hint {number} of {len(self.hints)}: "]
        lines[0] += self.hints[number - 1]
        if number < len(self.hints):
            lines.append(
                f'Another one: checks.hint("{self.name}", {number + 1})'
            )
        print(message.compose(f"HINT  {self.name}", lines))

    def answer(self, function, nonce, device="cpu"):
        """Drive an object on public and challenged cases; emit the answers.

        Args:
            function: The learner's object.
            nonce: The challenge.
            device: Device to compute on.
        """
        from IPython.display import display  # noqa: PLC0415 - kernels only

        cases = on(device, [*self.public, *self.challenge(nonce)])
        reports = self.reports(function, cases)
        answer = wire.encode(self.name, nonce, reports)
        display({wire.MIME: answer}, raw=True)

    def judge_answer(self, answer, nonce, rows=None):
        """Judge what came back from a challenge.

        Args:
            answer: Parsed JSON, from an untrusted process.
            nonce: The challenge.
            rows: Catalogue of mistakes; the shipped one by default.

        Returns:
            Outcome: of the visible cases first, then of the hidden ones.

        Raises:
            wire.BadAnswerError: it is not an answer to this challenge.
        """
        hidden = self.challenge(nonce)
        count = len(self.public)
        reports = wire.decode(answer, self.name, nonce, count + len(hidden))
        outcome = self.judge_visible(reports[:count], self.public, rows)
        if outcome.passed:
            verdict = self.judge_hidden(reports[count:], hidden)
            outcome = outcome if verdict.passed else verdict
        return outcome

    def challenge(self, nonce):
        """Return the hidden cases that follow from a nonce."""
        return list(self.hidden_cases(_seeds(f"{self.name}:{nonce}")))

    def reports(self, function, cases):
        """Drive an object on some cases."""
        return [drive.observe(self._drive, function, case) for case in cases]

    def expected(self, case):
        """Return the right numpy arrays by name, computed on the CPU.

        A fused LSTM on a GPU rounds to fewer digits than a judge needs.
        """
        (case,) = on("cpu", [case])
        return drive.to_arrays(self.oracle(case))

    def judge(self, report, case):
        """Return the first finding about a report that returned, or None."""
        return judge.compare(report, self.expected(case), self.standard)

    def signature(self, report):
        """Condense a report to what a mistake is recognised by."""
        return fingerprints.signature(report)

    def judge_visible(self, reports, cases, rows=None):
        """Return the outcome of the public cases, with numbers."""
        for index, (report, case) in enumerate(
            zip(reports, cases, strict=True)
        ):
            if report.status == drive.NOT_ATTEMPTED:
                return saying.unwritten(self, report)
            finding = self._finding(report, case)
            if finding:
                signatures = [self.signature(r) for r in reports]
                row = fingerprints.identify(self.name, signatures, index, rows)
                return saying.not_yet(self, report, case, finding, row)
        return saying.passed(self, reports, self.name, self.established)

    def judge_hidden(self, reports, cases):
        """Return the outcome of hidden cases: properties, no numbers."""
        for report, case in zip(reports, cases, strict=True):
            if report.status == drive.NOT_ATTEMPTED:
                return saying.unwritten(self, report)
            finding = self._finding(report, case)
            if finding:
                return saying.hidden_not_yet(self, report, case, finding)
        return saying.passed(
            self,
            reports,
            f"{self.name}: hidden check",
            f"Right on {len(cases)} fresh cases of other kinds too.",
        )

    def _drive(self, function, case):
        drive.require_function(function, self.name)
        return self.drive(function, case)

    def _finding(self, report, case):
        return judge.unusual(report, self.name) or self.judge(report, case)


def on(device, cases):
    """Return the cases, moved to a device."""
    return [dataclasses.replace(case, device=str(device)) for case in cases]


def _say(outcome):
    if not outcome.passed:
        raise CheckFailed(outcome)
    print(outcome.message)


def _seeds(text):
    """Yield seeds that nobody knows before the text is known."""
    counter = 0
    while True:
        digest = hashlib.sha256(f"{text}:{counter}".encode()).digest()
        yield int.from_bytes(digest[:6], "big")
        counter += 1
