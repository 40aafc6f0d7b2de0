"""What one writer allows: 100,000 submissions on more and more workers.

    python tests/bench/simulate.py [FILE] [--submissions N] [--cores N]

FILE is what the bench wrote; it holds the seconds that each submission of a
class spent at each station. The simulation draws from them, in a fixed order,
and plays the way of a class: a worker runs it, one of the grader's cores
judges it, the one writer records it. Nothing is measured here.
"""

import argparse
import heapq
import json
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def simulate(durations, submissions, workers, cores):
    """Return the wall seconds of a class, and how busy each station was.

    Args:
        durations: Lists of seconds by station: run, judge, write.
        submissions: Size of the class.
        workers: How many runs there are at a time.
        cores: How many submissions are judged at a time.

    Returns:
        tuple: seconds, dict of the busy share by station.
    """
    generator = random.Random(0)
    stations = {"run": workers, "judge": cores, "write": 1}
    free = {name: [0.0] * count for name, count in stations.items()}
    busy = dict.fromkeys(stations, 0.0)
    end = 0.0
    for _ in range(submissions):
        index = generator.randrange(len(durations["run"]))
        ready = 0.0
        for name, places in free.items():
            seconds = durations[name][index % len(durations[name])]
            ready = max(ready, places[0]) + seconds
            heapq.heapreplace(places, ready)
            busy[name] += seconds
        end = max(end, ready)
    shares = {n: busy[n] / (end * stations[n]) for n in stations}
    return end, shares


def table(durations, submissions, cores):
    """Yield the lines of a table, one number of workers a line."""
    for name in ("run", "judge", "write"):
        mean = sum(durations[name]) / len(durations[name])
        yield f"{name:<6}{1e3 * mean:8.1f} ms a submission on average"
    yield f"{'workers':>8}{'hours':>9}{'run':>7}{'judge':>7}{'write':>7}"
    for workers in WORKERS:
        end, busy = simulate(durations, submissions, workers, cores)
        shares = "".join(f"{share:7.0%}" for share in busy.values())
        yield f"{workers:>8}{end / 3600:9.2f}{shares}"


def main(arguments=None):
    """Print a table for each class of the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kept = HERE / "results.json"
    parser.add_argument("file", type=Path, nargs="?", default=kept)
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--cores", type=int, default=8)
    options = parser.parse_args(arguments)
    found = json.loads(options.file.read_text("utf-8"))["durations"]
    for name, durations in found.items():
        print(f"{name}: {options.submissions:,} submissions, ", end="")
        print(f"{options.cores} cores judge; share of the time each is busy")
        for line in table(durations, options.submissions, options.cores):
            print(f"  {line}")


if __name__ == "__main__":
    main()
