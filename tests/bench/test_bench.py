"""The bench runs, and what it writes tells of no machine by name."""

import getpass
import itertools
import json
import math
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import simulate

HERE = Path(__file__).resolve().parent
KEPT = HERE / "results.json"
NUMBERS = {
    "times_stock",
    "jobs_2_over_1",
    "overhead",
    "unchanged",
    "writer",
    "first_grade",
    "peak_bytes_large_class",
}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_quick_bench_measures_everything(tmp_path):
    """Tiny sizes; the numbers mean nothing but are there."""
    report = tmp_path / "results.json"
    options = ["--quick", "--only", "small", "--json", report]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", HERE / "bench.py", *options],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(report.read_text("utf-8"))
    found = results["classes"]["small"]
    assert found.keys() >= NUMBERS
    assert all(map(math.isfinite, itertools.chain(*found.values())))
    assert 0 < found["floor"][0] < 5
    assert 0 < found["writer"][0] < 5
    assert found["first_grade"][0] > 0
    assert all(f"  {name}" in done.stdout for name in NUMBERS)
    assert results["memory"]["6"]["sandbox_bytes"] > 1e8
    lines = "\n".join(simulate.table(results["durations"]["small"], 100, 2))
    assert "write" in lines
    _names_nothing(report.read_text("utf-8"))


def test_the_simulation_plays_the_pool():
    """Bounded by runs, then by judging, then by the one writer."""
    durations = {"run": [1.0], "judge": [0.2], "write": [0.01]}
    few, _ = simulate.simulate(durations, 1000, workers=1, cores=4)
    assert few == pytest.approx(1000.21)
    judged, busy = simulate.simulate(durations, 1000, workers=100, cores=1)
    assert judged == pytest.approx(1 + 1000 * 0.2 + 0.01)
    assert busy["judge"] == pytest.approx(1, abs=0.01)
    written, busy = simulate.simulate(durations, 10_000, 10_000, cores=5000)
    assert written == pytest.approx(1 + 0.2 + 10_000 * 0.01, rel=0.01)
    assert busy["write"] > 0.98


def test_the_kept_results_name_no_machine():
    """Neither a host nor a path nor a user."""
    _names_nothing(KEPT.read_text("utf-8"))


def test_the_readme_quotes_the_kept_results():
    """Each number is the median of the rounds, as it is written there."""
    classes = json.loads(KEPT.read_text("utf-8"))["classes"]
    readme = (HERE.parents[1] / "README.md").read_text("utf-8")
    for key, form in {
        "times_stock": "{:.0f}",
        "jobs_2_over_1": "{:.2f}",
        "overhead": "{:.3f}",
        "first_grade": "{:.1f}",
    }.items():
        cells = [
            form.format(statistics.median(classes[name][key]))
            for name in ("small", "04-lstm")
        ]
        assert f"| {' | '.join(cells)} |" in readme, key
    writer = [
        f"{1e3 * statistics.median(classes[name]['writer']):.1f}"
        for name in ("small", "04-lstm")
    ]
    assert f"| {' | '.join(writer)} |" in readme
    single = classes["04-lstm"]["jobs_2_over_1"]
    assert f"{min(single):.2f} to {max(single):.2f} times" in readme


def test_the_page_quotes_the_simulation():
    """The hours are those that the kept durations give."""
    durations = json.loads(KEPT.read_text("utf-8"))["durations"]
    page = HERE.parents[1] / "book/about/many-machines.md"
    rows = page.read_text("utf-8")
    for workers, label in ((1, "1"), (2, "2"), (4, "4 and more")):
        hours = [
            simulate.simulate(durations[name], 100_000, workers, 8)[0] / 3600
            for name in ("small", "04-lstm")
        ]
        row = " | ".join(f"{number:.2f} hours" for number in hours)
        assert f"| {label} | {row} |" in rows


def _names_nothing(text):
    for name in (platform.node(), str(Path.home()), str(HERE.parents[2])):
        if len(name) > 1:
            assert name not in text
    assert f'"{getpass.getuser()}"' not in text
