"""The recorded runs of chapter 10 are those of the script beside them."""

import hashlib
import json
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[2] / "book" / "results"


def test_results_are_of_this_script():
    """Change the script, and the runs must be recorded anew."""
    recorded = json.loads((RESULTS / "translation.json").read_text("utf-8"))
    script = (RESULTS / "translation.py").read_bytes()
    assert recorded["script"] == hashlib.sha256(script).hexdigest()
    assert len(recorded["seeds"]) >= 3
    assert {"python", "torch"} <= recorded["versions"].keys()
    for name, runs in recorded.items():
        if name not in {"script", "seeds", "versions", "device"}:
            assert [run["seed"] for run in runs] == recorded["seeds"]
