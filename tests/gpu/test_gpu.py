"""On CUDA everything gets the verdict that it gets on the CPU.

These tests need torch, numpy, matplotlib and pytest, nothing else, so they
run where a GPU is lent without the rest of the course: ``make gpu``.
"""

import re
from pathlib import Path

import pytest
import torch

from reference import fingerprint
from reference.mistakes import MISTAKES
from rnnlab import checks
from rnnlab.checks.check import on
from rnnlab.checks.outcome import Verdict

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((ROOT / "solutions").glob("[0-9]*/*.md"))
NONCE = "a nonce"

_CELL = re.compile(
    r"^```\{code-cell\} ipython3\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_OPTIONS = re.compile(
    r"\A(---\n.*?^---\n|(:\w.*\n)+\n?)", re.DOTALL | re.MULTILINE
)

cuda = pytest.param(
    "cuda",
    marks=[
        pytest.mark.gpu,
        pytest.mark.skipif(
            not torch.cuda.is_available(), reason="no CUDA device here"
        ),
    ],
)
every_check = pytest.mark.parametrize("name", checks.CHECKS)


def outcomes(name, function, device):
    """Return verdict and mistake of the visible and the hidden check."""
    check = checks.CHECKS[name]
    public = on(device, check.public)
    challenge = on(device, check.challenge(NONCE))
    seen = check.judge_visible(check.reports(function, public), public)
    fresh = check.judge_hidden(check.reports(function, challenge), challenge)
    return [(o.verdict, o.mistake) for o in (seen, fresh)]


def solved(path, device):
    """Run a solution's cells, but for those to look at; return its names."""
    names = {"torch": torch, "checks": checks, "device": torch.device(device)}
    for cell in _CELL.finditer(path.read_text("utf-8")):
        options = _OPTIONS.match(cell["body"])
        head = options[0] if options else ""
        code = cell["body"][len(head) :]
        looked_at = re.search(r"\b(explore|setup)\b", head)
        if not looked_at and "# grade: " not in code:
            exec(compile(code, path.name, "exec"), names)  # noqa: S102
    return names


@pytest.mark.parametrize("device", [cuda])
@every_check
def test_reference_passes_on_a_gpu(name, device):
    """Both checks pass, as on the CPU."""
    right = fingerprint.implementation(name)
    assert all(
        verdict is Verdict.PASSED
        for verdict, _ in outcomes(name, right, device)
    )


@pytest.mark.parametrize("device", [cuda])
@every_check
def test_mistakes_are_named_alike_on_a_gpu(name, device):
    """Each mistake gets the verdict and the name that the CPU gives it."""
    for mistake in MISTAKES:
        if mistake.check == name:
            there = outcomes(name, mistake.variant, device)
            here = outcomes(name, mistake.variant, "cpu")
            assert there == here, mistake.id


@pytest.mark.parametrize("device", [pytest.param("cpu"), cuda])
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_solution_passes_on_a_gpu(path, device):
    """Each graded function of a solution passes both of its checks."""
    names = solved(path, device)
    text = path.read_text("utf-8")
    graded = re.findall(r"^# grade: (\w+)$", text, re.MULTILINE)
    assert graded
    for name in graded:
        assert all(
            verdict is Verdict.PASSED
            for verdict, _ in outcomes(name, names[name], device)
        ), name
