"""What a check says: a verdict with the paragraph that explains it."""

from rnnlab.checks import drive, message
from rnnlab.checks.outcome import Outcome, Verdict


def passed(check, reports, about, established):
    """Say what is known now, and what the object did beside its task."""
    lines = [established]
    printed = sum(report.printed for report in reports)
    warned = sum(report.warned for report in reports)
    if printed or warned:
        lines.append(
            f"It printed {printed} lines and gave {warned} warnings on the "
            "way; that costs nothing."
        )
    text = message.compose(f"PASSED  {about}", lines)
    return Outcome(check.name, Verdict.PASSED, text)


def unwritten(check, report):
    """Say that the object, or another one that it calls, is not written."""
    if not report.unwritten:
        text = message.compose(
            f"NOT ATTEMPTED  {check.name}",
            [f"{check.name} is not written yet.", _see(check)],
        )
        return Outcome(check.name, Verdict.NOT_ATTEMPTED, text)
    text = message.compose(
        f"CANNOT CHECK  {check.name}",
        [
            f"{check.name} calls {report.unwritten}, which is not written "
            f"yet. Write that first, then check {check.name} again."
        ],
    )
    return Outcome(check.name, Verdict.CANNOT_CHECK, text)


def not_yet(check, report, case, finding, row):
    """Say what is wrong on a public case, and which mistake does that.

    Args:
        check: The check.
        report: What the object did.
        case: What it was given.
        finding: What is wrong.
        row: The mistake's row in the catalogue, or None.
    """
    verdict, head = _raised_or_not(report)
    about = f"{check.name}: {finding.subject}".removesuffix(": ")
    details = [*finding.details, ("inputs", case.describe())]
    tail = [row["sentence"]] if row else []
    text = message.compose(
        f"{head}  {about}",
        [finding.sentence],
        details,
        [*tail, _see(check, finding.subject)],
    )
    mistake = row["mistake"] if row else ""
    return Outcome(check.name, verdict, text, mistake)


def hidden_not_yet(check, report, case, finding):
    """Say of what kind a hidden case is that fails, without its numbers."""
    verdict, head = _raised_or_not(report)
    text = message.compose(
        f"{head}  {check.name}: hidden check",
        [
            f"Your {check.name} fails when {case.kind}: "
            f"{finding.secret.rstrip('.')}.",
            "Call it on inputs of that kind and look at what comes back.",
        ],
        tail=[_see(check, finding.subject)],
    )
    return Outcome(check.name, verdict, text)


def _see(check, subject=""):
    equation = check.equations.get(subject, check.equation)
    number = check.chapter.partition("-")[0].lstrip("0")
    return (
        f"See {equation} in chapter {number}, or call "
        f'checks.hint("{check.name}").'
    )


def _raised_or_not(report):
    if report.status == drive.RAISED:
        return Verdict.RAISED, "RAISED"
    return Verdict.NOT_YET, "NOT YET"
