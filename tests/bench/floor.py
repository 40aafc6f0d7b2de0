"""The floor: cells in a shell that is warm, in a process of its own.

    python tests/bench/floor.py FILE ROUNDS

FILE is JSON, a list of sources. The seconds of each round go to FILE. There
is no fork, no wall, no pipe and no verdict: what is left is IPython and the
cells.
"""

import json
import sys
import time
from pathlib import Path

import torch

import rnnlab.checks  # noqa: F401 - what the grader's warm process imports
from autograder.inside import outputs, shell


def main():
    """Run the cells again and again, the names gone each time."""
    torch.set_num_threads(1)
    path, rounds = Path(sys.argv[1]), int(sys.argv[2])
    sources = json.loads(path.read_text("utf-8"))
    kernel = shell.Shell.make()
    shell.rehearse(kernel)
    import asyncio  # noqa: PLC0415 - the loop of the rehearsal is closed

    asyncio.set_event_loop(asyncio.new_event_loop())
    seconds = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        for source in sources:
            kernel.outputs = outputs.Outputs(outputs.Budget(1 << 24, 1 << 26))
            kernel.run_one(source)
            if kernel.last_execution_result.error_in_exec is not None:
                sys.exit(f"a cell failed: {source}")
        seconds.append(time.perf_counter() - begin)
        kernel.reset(new_session=True)
    path.write_text(json.dumps(seconds[1:]), "utf-8")  # the first warms up


if __name__ == "__main__":
    main()
