"""What the catalogue owes: every mistake caught, and called by its name."""

import importlib
import json

from rnnlab.checks import CHECKS, fingerprints

_LEAST = 8
_NONCES = ("one", "two", "three")


def current(repository):
    """Yield checks whose shipped fingerprints are not the catalogue's."""
    make = importlib.import_module("reference.fingerprint")
    shipped = fingerprints.shipped()
    for name, check in CHECKS.items():
        rows = json.loads(json.dumps(make.rows(check)))
        known = shipped.get(name, [])
        same = len(rows) == len(known) and all(
            left["mistake"] == right["mistake"]
            and left["sentence"] == right["sentence"]
            and all(
                map(fingerprints.same, left["signatures"], right["signatures"])
            )
            for left, right in zip(rows, known, strict=False)
        )
        if not same:
            yield f"{name}: the fingerprints are old. Run make fingerprints."
    for name in shipped.keys() - CHECKS.keys():
        yield f"{name}: fingerprints of no check. Run make fingerprints."
    del repository


def named(repository):
    """Yield mistakes that a check misses or does not name."""
    catalogue = importlib.import_module("reference.mistakes").MISTAKES
    for name, check in CHECKS.items():
        mine = [mistake for mistake in catalogue if mistake.check == name]
        if len(mine) < _LEAST:
            yield f"{name} has {len(mine)} catalogued mistakes of {_LEAST}."
        for mistake in mine:
            reports = check.reports(mistake.variant, check.public)
            outcome = check.judge_visible(reports, check.public)
            if outcome.passed:
                yield (
                    f"{name} lets {mistake.id} pass. Add a public case that "
                    "shows it."
                )
            elif outcome.mistake != mistake.id:
                yield (
                    f"{name} catches {mistake.id} and calls it "
                    f"{outcome.mistake or 'nothing'}. Add a public case that "
                    "tells them apart, then make fingerprints."
                )
    del repository
