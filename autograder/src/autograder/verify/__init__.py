"""Verify: the course proves itself.

Each part is a function of the repository that yields problems, sentences
that end with what to do; no problem is the proof.
"""

import sys
from pathlib import Path

from autograder.verify import book, cells, grades, leaks, mistakes

#: What is proved, in the order it is tried: cheap things first.
PARTS = {
    "every graded cell has points, checks, hints, a label and a link": (
        cells.complete
    ),
    "exercises equal a fresh generation": cells.current,
    "fingerprints equal the catalogue's": mistakes.current,
    "every catalogued mistake is caught by name": mistakes.named,
    "equation labels in code and book match": book.labels,
    "every claim is on its page": book.claims,
    "every claim is shown, and done where it says so": book.evidence,
    "no solution text in wheel, sdist or exercises": leaks.shipped,
    "solutions earn everything, untouched notebooks nothing": grades.ours,
    "stock nbgrader says the same": grades.stock,
}


def verify(repository, report=print):
    """Try every part.

    Args:
        repository: Path of the repository.
        report: Called with a line for each part and each problem.

    Returns:
        int: number of problems.
    """
    repository = Path(repository).resolve()
    sys.path.insert(0, str(repository / "solutions"))
    count = 0
    for name, part in PARTS.items():
        problems = list(part(repository))
        count += len(problems)
        report(f"{'FAILED' if problems else 'ok':<7} {name}")
        for problem in problems:
            report(f"        {problem}")
    return count
