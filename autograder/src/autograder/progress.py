"""Progress: what a run of ``autograder grade`` tells while it runs."""

import collections
import contextlib
import os
import sys

from tqdm import tqdm


@contextlib.contextmanager
def reporting(total, *, quiet=False, stream=None):
    """Report results as they come: a bar on a terminal, lines elsewhere.

    Args:
        total: How many results there will be.
        quiet: Whether to say nothing.
        stream: Where to; stderr if None.

    Yields:
        function: of a Result.
    """
    stream = stream or sys.stderr
    if quiet:
        yield lambda _: None
    elif stream.isatty():
        with _Bar(total, stream) as bar:
            yield bar.add
    else:
        yield lambda result: print(line(result), file=stream, flush=True)


def line(result):
    """Return one line about a result."""
    return f"{result.student}: {result.outcome}"


class _Bar:
    """A bar with rate, time left and counts by outcome."""

    def __init__(self, total, stream):
        self._counts = collections.Counter()
        # A terminal that does not know its width says 0.
        known = os.get_terminal_size(stream.fileno()).columns > 0
        self._bar = tqdm(
            total=total,
            file=stream,
            unit="submission",
            dynamic_ncols=known,
            ncols=None if known else 79,
            smoothing=0.1,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._bar.close()

    def add(self, result):
        """Count a result; what went wrong stays above the bar as a line."""
        if result.outcome != "graded":
            self._bar.write(line(result), file=self._bar.fp)
        kind = "unchanged" if self._unchanged(result) else result.outcome
        self._counts[kind] += 1
        found = ", ".join(f"{n} {kind}" for kind, n in self._counts.items())
        self._bar.set_postfix_str(found, refresh=False)
        self._bar.update()

    @staticmethod
    def _unchanged(result):
        return result.outcome == "graded" and not result.fresh
