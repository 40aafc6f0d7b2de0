"""Results come one by one, each task is done once, failures stop the rest."""

import contextlib
import threading
import time

import pytest

from autograder import pool


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_every_task_is_done_once(jobs):
    """Whatever the number of threads."""
    opened = []

    @contextlib.contextmanager
    def resource():
        opened.append(threading.get_ident())
        yield 10

    results = list(pool.stream(range(50), resource, lambda r, t: r + t, jobs))
    assert sorted(results) == [10 + task for task in range(50)]
    assert len(opened) == jobs


def test_tasks_are_drawn_lazily():
    """A slow reader is not overrun: few tasks wait at any time."""
    drawn = []

    def tasks():
        for task in range(1000):
            drawn.append(task)
            yield task

    stream = pool.stream(
        tasks(), lambda: contextlib.nullcontext(None), lambda _, t: t, 2
    )
    next(stream)
    time.sleep(0.3)
    assert len(drawn) < 20
    stream.close()


def test_a_failing_resource_is_raised_to_the_caller():
    """A worker that cannot start is no silence."""

    @contextlib.contextmanager
    def broken():
        raise OSError("no room")
        yield

    with pytest.raises(OSError, match="no room"):
        list(pool.stream(range(3), broken, lambda _, t: t, 2))


def test_closing_early_closes_the_resources():
    """When the reader leaves, every thread leaves its resource."""
    closed = []

    @contextlib.contextmanager
    def resource():
        try:
            yield
        finally:
            closed.append(1)

    stream = pool.stream(range(100), resource, lambda _, t: t, 3)
    next(stream)
    stream.close()
    assert len(closed) == 3
