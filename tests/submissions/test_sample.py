"""Every student of the sample class gets exactly what is expected."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from recipes import CLASS

from autograder import release

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def test_every_recipe_has_its_expected_grades_and_no_others():
    """The files beside the recipes are those of the class."""
    found = {path.parent.name: path for path in HERE.glob("*/expected.json")}
    assert found.keys() == CLASS.keys()
    for student, path in found.items():
        assert json.loads(path.read_text()).keys() == CLASS[student].keys()


@pytest.mark.slow
def test_the_sample_class_gets_what_is_expected(tmp_path):
    """Outcome, score, verdict and named mistake of every task."""
    course = tmp_path / "course"
    release.generate(ROOT, course)
    done = subprocess.run(
        [sys.executable, HERE / "sample.py", course],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 unexpected grades" in done.stdout
