"""Check of chapter 9: a bidirectional stack of RNN layers."""

from rnnlab.checks.judge import Standard
from rnnlab.checks.stacks import StackCheck, axes_of, torch_stack

_ENDINGS = ("", "_reverse")


class StackedBidirectional(StackCheck):
    """A stack whose layers read both directions of the layer below."""

    name = "stacked_bidirectional"
    equation = "eq-stack-bidirectional"
    endings = _ENDINGS
    first = "outputs"
    established = (
        "Outputs, last hidden states and gradients agree with "
        "torch.nn.RNN(num_layers=..., bidirectional=True) (4 cases)."
    )
    hints = (
        "How many columns has weight_ih of the second layer? What does each "
        "of its two directions read?",
        "The backward direction reads the sequence from its end. In which "
        "order are its states when it is done, and in which do you need them?",
        "eq-stack-bidirectional: flip what goes into the backward direction "
        "and flip what comes out, then join both along the last axis, "
        "forward first; the last hidden states stay as they are.",
    )
    standard = Standard("torch.nn.RNN", axes_of(_ENDINGS, "outputs"))

    def right(self, case):
        """Return torch's own stack behind the learner's signature."""
        return torch_stack(case, bidirectional=True)
