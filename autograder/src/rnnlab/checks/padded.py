"""What the checks of padded batches share: lengths, padding, wrappers."""

import torch

from rnnlab.checks import drive
from rnnlab.checks.functional import FunctionalCheck

CHAPTER = "08-bidirectional"


def sizes_of(seq_len, lengths, **others):
    """Return the sizes of a padded batch, in the order they are printed."""
    return {"seq_len": seq_len, "lengths": tuple(lengths), **others}


def lengths_of(case):
    """Return the lengths of a case, (batch,), int64."""
    return torch.tensor(case.sizes["lengths"], device=case.device)


def padding_of(case):
    """Return where the padding of a case is, (seq_len, batch, 1)."""
    steps = torch.arange(case.sizes["seq_len"], device=case.device)
    return (steps[:, None] >= lengths_of(case))[:, :, None]


class PaddedCheck(FunctionalCheck):
    """A check of a function of a padded batch and its lengths.

    The learner's function takes the batch first and the lengths second.
    """

    def drive(self, function, case):
        """Return values and gradients; the lengths must stay as they are."""
        lengths = lengths_of(case)

        def bound(batch, *others):
            return function(batch, lengths, *others)

        found = super().drive(bound, case)
        before, after = {"lengths": lengths_of(case)}, {"lengths": lengths}
        drive.require_unchanged(before, after, self.name)
        return found
