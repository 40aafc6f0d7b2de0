"""Checks of functions that are given a helper and must call it so often."""

import dataclasses

import torch

from rnnlab.checks import drive
from rnnlab.checks.functional import FunctionalCheck


class Counted(FunctionalCheck):
    """A function that is given a helper and must call it so many times.

    Attributes:
        helper: Name of the helper.
    """

    helper = ""

    @property
    def calls(self):
        """Name of the number of calls among the outputs."""
        return f"calls of {self.helper}"

    def help_with(self, *arguments):
        """Do what the helper does."""
        raise NotImplementedError

    def allowed(self, case):
        """Return how many calls are right."""
        raise NotImplementedError

    def sentence(self, found, case):
        """Say what is wrong with a number of calls."""
        raise NotImplementedError

    def call(self, function, arguments):
        """Call the learner's function with a helper that counts."""
        count = 0

        def helper(*given):
            nonlocal count
            count += 1
            return self.help_with(*given)

        return function(*arguments.values(), helper), count

    def outputs(self, returned):
        """Return the hidden states and the number of calls."""
        hidden_states, count = returned
        drive.require_tensor(hidden_states, "what it returns")
        return {
            "hidden_states": hidden_states,
            self.calls: torch.tensor(count),
        }

    def oracle(self, case):
        """Return the right values and gradients, and the number of calls."""
        tensors = super().oracle(case)
        return {**tensors, self.calls: torch.tensor(self.allowed(case))}

    def judge(self, report, case):
        """Return the first finding; too many calls get a sentence."""
        finding = super().judge(report, case)
        if finding is None or finding.subject != self.calls:
            return finding
        given = report.tensors.get(self.calls)
        if given is None or given.shape:
            return finding
        return dataclasses.replace(
            finding,
            sentence=self.sentence(int(given), case),
            details=(),
            secret=f"it calls {self.helper} too often or not often enough",
        )
