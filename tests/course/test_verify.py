"""The course proves itself; ``make verify`` runs the same parts by hand."""

import sys
from pathlib import Path

import pytest

from autograder import verify

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # stock nbgrader's own
@pytest.mark.parametrize("name", verify.PARTS)
def test_the_course_proves_itself(name, monkeypatch):
    """No part finds a problem."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "solutions"), *sys.path])
    assert list(verify.PARTS[name](ROOT)) == []
