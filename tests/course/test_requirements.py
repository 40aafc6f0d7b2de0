"""One set of requirements, said three times and the same each time."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
COLAB = Path(__file__).with_name("colab-pip-freeze.gpu.txt")


def requirements():
    """Return every requirement of pyproject.toml, extras included, once."""
    project = PROJECT["project"]
    groups = (
        project["dependencies"],
        *project["optional-dependencies"].values(),
    )
    return list(dict.fromkeys(one for group in groups for one in group))


def environment():
    """Return the lines of environment.yml that name packages."""
    text = (ROOT / "environment.yml").read_text("utf-8")
    return re.findall(r"^ *- ([^\s:]+(?: [^\s:]+)*)$", text, re.MULTILINE)


def test_environment_says_the_same_as_pyproject():
    """Conda users install the very requirements that pip users do."""
    lines = environment()
    assert lines[:3] == [
        "conda-forge",
        f"python{PROJECT['project']['requires-python']}",
        "pip",
    ]
    assert lines[3:-1] == requirements()
    assert lines[-1] == "--no-deps --editable ."


def test_constraints_satisfy_the_requirements():
    """What is pinned is allowed by what is required."""
    pins = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pins[name] = version
    assert "torch" in pins
    for requirement in map(Requirement, requirements()):
        if requirement.name in pins:
            assert requirement.specifier.contains(pins[requirement.name])


def colab():
    """Return the versions that Colab's GPU runtime has."""
    lines = COLAB.read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line)
    return {name.lower(): Version(version) for name, version in pairs}


@pytest.mark.parametrize("line", PROJECT["project"]["dependencies"])
def test_the_kit_changes_no_package_of_colab(line):
    """Colab satisfies each requirement of the kit as it is."""
    requirement = Requirement(line)
    assert requirement.specifier.contains(colab()[requirement.name])


def test_the_kit_needs_four_packages_and_no_nbgrader():
    """A learner installs torch, numpy, matplotlib and tqdm, no more."""
    names = {Requirement(r).name for r in PROJECT["project"]["dependencies"]}
    assert names == {"torch", "numpy", "matplotlib", "tqdm"}
