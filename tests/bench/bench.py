"""The bench: stock ``nbgrader autograde`` and ``autograder grade`` in turn.

    python tests/bench/bench.py [--rounds N] [--quick] [--json FILE]

Throughput is the steady state: the difference between a large class and a
small one, so that start-up falls out. The numbers depend on the machine; the
ratios much less. Each number is a list, one entry a round, and its median.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "autograder")]

import classes  # noqa: E402 - beside this file
import measures  # noqa: E402

from autograder import sandbox  # noqa: E402
from autograder.course import Course  # noqa: E402

_PACKAGES = ("torch", "nbgrader", "nbclient", "ipython", "sqlalchemy")
#: (stock small, stock large, ours small, ours large) by class.
SIZES = {"small": (1, 5, 20, 320), "04-lstm": (1, 3, 4, 40)}
QUICK = {"small": (1, 2, 1, 3)}
TARGETS = {
    "times_stock": ("small: >= 40, 04-lstm: >= 15", "x"),
    "jobs_2_over_1": (">= 1.8", "x"),
    "overhead": ("<= 0.1", "s"),
    "unchanged": ("<= 0.005", "s"),
    "writer": ("<= 0.015", "s"),
    "first_grade": ("<= 6", "s"),
}


def rounds_of(sizes, rounds, root):
    """Measure all classes in turn, round after round.

    Args:
        sizes: As in SIZES.
        rounds: How many rounds.
        root: Folder to work in.

    Yields:
        tuple: after each turn, by class: lists of numbers, one entry a
            round; durations of each submission in the last round.
    """
    makers = {"small": classes.small, "04-lstm": classes.exercise}
    made = {name: makers[name](root / name / "course") for name in sizes}
    numbers, last = {name: {} for name in sizes}, {}
    for turn in range(rounds):
        for name, chosen in sizes.items():
            place = root / name / str(turn)
            found = _turn(*made[name], chosen, place)
            last[name] = found.pop("durations")
            for key, value in found.items():
                numbers[name].setdefault(key, []).append(value)
            shutil.rmtree(place)
            tell(f"round {turn + 1} of {rounds}: {name} done")
            yield (
                {name: found for name, found in numbers.items() if found},
                last,
            )


def _turn(course, assignment, sizes, place):
    """Let stock and ours take a turn; return the numbers of it."""
    few, many, small, large = sizes

    def fresh(label, count):
        return classes.copy_with(course, assignment, place / label, count)

    seconds = [
        measures.stock(fresh(f"stock-{n}", n), assignment) for n in (few, many)
    ]
    steady = {"stock": (seconds[1] - seconds[0]) / (many - few)}
    runs = {}
    for jobs in (1, 2):
        for n in (small, large):
            folder = fresh(f"ours-{jobs}-{n}", n)
            runs[jobs, n] = measures.ours(folder, assignment, jobs)
        for kind, label in (("seconds", "jobs"), ("processor", "processor")):
            total = runs[jobs, large][kind] - runs[jobs, small][kind]
            steady[f"{label}_{jobs}"] = total / (large - small)
    again = [
        measures.ours(place / f"ours-1-{n}", assignment, 1)["seconds"]
        for n in (small, large)
    ]
    floor = measures.floor(course, assignment, place / "floor", 5)
    folder = Course(fresh("durations", small))
    spent = measures.Durations().of(folder, assignment)
    return {
        **{f"steady_{who}": value for who, value in steady.items()},
        "durations": vars(spent),
        "times_stock": steady["stock"] / steady["jobs_2"],
        "jobs_2_over_1": steady["jobs_1"] / steady["jobs_2"],
        "floor": floor,
        "overhead": steady["jobs_1"] - floor,
        "unchanged": (again[1] - again[0]) / (large - small),
        "writer": statistics.median(spent.writing),
        "writer_wall": statistics.median(spent.write),
        "flush": statistics.median(spent.flush),
        "judge": statistics.median(spent.judge),
        "run": statistics.median(spent.run),
        "first_grade": runs[2, large]["first"],
        "peak_bytes_small_class": runs[2, small]["peak_bytes"],
        "peak_bytes_large_class": runs[2, large]["peak_bytes"],
        "load": os.getloadavg()[0],
    }


def machine():
    """Describe where this runs, without names or paths."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "torch_threads": torch.get_num_threads(),
        "torch_capability": torch.backends.cpu.get_cpu_capability(),
        "walls": sandbox.walls(trust=True),
        "packages": {n: importlib.metadata.version(n) for n in _PACKAGES},
    }


def scripts():
    """Return the hash of the files that measured."""
    digest = hashlib.sha256()
    for file in sorted(HERE.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def show(results):
    """Print medians and spread, with the targets."""
    for name, numbers in results["classes"].items():
        print(f"\n{name}, sizes {results['sizes'][name]}")
        for key, values in numbers.items():
            middle = statistics.median(values)
            spread = f"{min(values):.4g} to {max(values):.4g}"
            target, _ = TARGETS.get(key, ("", ""))
            print(f"  {key:<24}{middle:>12.4g}  ({spread})  {target}")
    print("\nmemory, in MB:")
    for number, found in results["memory"].items():
        each = (f"{k[:-6]} {v / 1e6:.0f}" for k, v in found.items())
        print(f"  after {number} submissions: {', '.join(each)}")


def tell(text):
    """Say how far it is."""
    print(text, file=sys.stderr, flush=True)


def main(arguments=None):
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a smoke test")
    parser.add_argument("--json", type=Path, default=HERE / "results.json")
    parser.add_argument("--only", choices=SIZES, help="one class")
    options = parser.parse_args(arguments)
    sizes = QUICK if options.quick else SIZES
    sizes = {n: sizes[n] for n in sizes if options.only in (None, n)}
    rounds = 1 if options.quick else options.rounds
    results = {
        "script": scripts(),
        "machine": machine(),
        "sizes": sizes,
        "memory": {},
        "classes": {},
        "durations": {},
    }

    def write():
        text = json.dumps(results, indent=1) + "\n"
        options.json.write_text(text, "utf-8")

    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        numbers = rounds_of(sizes, rounds, Path(place))
        for results["classes"], results["durations"] in numbers:
            write()
        points = [3, 6] if options.quick else [10, 100, 250, 500, 750, 1000]
        folder = classes.many(Path(place) / "many", points[-1])
        results["memory"] = measures.memory(folder, "ps1", points)
    write()
    show(results)


if __name__ == "__main__":
    main()
