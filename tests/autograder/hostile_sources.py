"""Cases: solutions that no parser likes."""

import json

from hostile import PASSED, RAISED, find, hostile, text


def _source(name, source):
    """Register a solution that no parser likes."""

    def case(notebook):
        find(notebook).source = f"# solution: lstm_step\n{source}"

    case.__name__ = f"source_{name}"
    hostile(RAISED)(case)


for _name, _bad in {
    "with_zero_bytes": "x = '\0'",
    "with_many_brackets": "x = " + "(" * 90_000,
    "with_many_signs": "x = " + "-" * 90_000 + "1",
    "with_many_sums": "x = 1" + " + 1" * 50_000,
    "with_many_dots": "x = a" + ".a" * 50_000,
    "with_a_long_number": "x = " + "9" * 100_000,
}.items():
    _source(_name, _bad)


@hostile(PASSED)
def half_a_character(notebook):
    """Use a code unit that UTF-8 has no form for."""
    data = json.loads(text(notebook))
    for cell in data["cells"]:
        if "# solution: lstm_step" in "".join(cell["source"]):
            cell["source"] = ["# \ud800\n", *cell["source"]]
    return json.dumps(data)
