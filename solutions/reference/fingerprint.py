"""Fingerprints: what each catalogued mistake does on the public cases."""

import json
import pkgutil
from importlib import import_module
from pathlib import Path

import reference
from reference.mistakes import MISTAKES
from rnnlab.checks import CHECKS, fingerprints


def rows(check):
    """Run the mistakes of a check and condense what they do.

    Args:
        check: One of ``rnnlab.checks.CHECKS``.

    Returns:
        list[dict]: for each mistake its id, its sentence and one signature a
            public case; plain data, no code.
    """
    return [
        {
            "mistake": mistake.id,
            "sentence": mistake.sentence,
            "signatures": [
                check.signature(report)
                for report in check.reports(mistake.variant, check.public)
            ],
        }
        for mistake in MISTAKES
        if mistake.check == check.name
    ]


def right(check):
    """Return the signatures of the reference on the public cases."""
    reports = check.reports(implementation(check.name), check.public)
    return [check.signature(report) for report in reports]


def implementation(name):
    """Return the reference implementation of a graded function.

    Raises:
        LookupError: no module of the reference defines it.
    """
    for module in pkgutil.iter_modules(reference.__path__):
        found = import_module(f"reference.{module.name}")
        function = getattr(found, name, None)
        if getattr(function, "__module__", "") == found.__name__:
            return function
    raise LookupError(f"no reference implementation of {name}")


def main():
    """Write the fingerprints of all checks where the kit keeps them."""
    packed = {
        name: fingerprints.pack(rows(check), right(check))
        for name, check in CHECKS.items()
    }
    path = Path(fingerprints.__file__).with_suffix(".json")
    path.write_text(_lines(packed), "utf-8")
    count = sum(len(one["mistakes"]) for one in packed.values())
    print(f"{count} mistakes in {len(packed)} checks: {path}")


def _lines(packed):
    """Return JSON with one mistake a line, so that a diff can be read."""
    checks = []
    for name, one in packed.items():
        mistakes = ",\n  ".join(map(json.dumps, one["mistakes"]))
        checks.append(
            f'{json.dumps(name)}: {{"right": {json.dumps(one["right"])},\n'
            f'  "mistakes": [\n  {mistakes}]}}'
        )
    return "{\n" + ",\n".join(checks) + "\n}\n"


if __name__ == "__main__":
    main()
