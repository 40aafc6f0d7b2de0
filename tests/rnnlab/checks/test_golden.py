"""What the checks say to each mistake is what was reviewed, byte for byte.

The messages are kept in ``golden/``, each as a learner's kit puts it. After a
change of a sentence, a case or a layout, write them anew and read the
difference as the learner who failed:

    REGENERATE=1 pytest tests/rnnlab/checks/test_golden.py

The fingerprints that come with the kit name the mistakes; where these have
changed as well, ``make fingerprints`` comes first.
"""

import os
from pathlib import Path

import pytest

from reference.mistakes import MISTAKES
from rnnlab import checks

GOLDEN = Path(__file__).parent / "golden"
#: Some tasks inherit the mistakes of others; one message shows them all.
INHERITED = ("rnn-step-", "step-jacobian-", "lstm-step-")
SHOWN = {
    "rnn-step-weight-hh-not-transposed",
    "step-jacobian-slope-on-the-columns",
    "lstm-step-input-and-forget-gate-swapped",
}
KEPT = [
    mistake
    for mistake in MISTAKES
    if not mistake.id.startswith(INHERITED) or mistake.id in SHOWN
]


def lasting(mistake):
    """Return a mistake's message, without where in the catalogue it stands."""
    check = checks.CHECKS[mistake.check]
    reports = check.reports(mistake.variant, check.public)
    lines = check.judge_visible(reports, check.public).message.splitlines()
    lines = [line for line in lines if not line.startswith("  at  ")]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "mistake", KEPT, ids=lambda mistake: f"{mistake.check}-{mistake.id}"
)
def test_message_is_the_one_that_was_reviewed(mistake):
    """Byte for byte."""
    text = lasting(mistake)
    file = GOLDEN / mistake.check / f"{mistake.id}.txt"
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    assert file.read_bytes() == text.encode()


@pytest.mark.parametrize("name", checks.CHECKS)
def test_no_golden_message_is_left_over(name):
    """Each belongs to a mistake of the catalogue."""
    kept = {file.name for file in (GOLDEN / name).glob("*")}
    assert kept == {f"{m.id}.txt" for m in KEPT if m.check == name}
