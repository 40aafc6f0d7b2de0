"""Pool: work in parallel, results one by one.

    tasks --lock--> thread 1 + its own resource --+
                    thread 2 + its own resource --+--bounded queue--> caller
                    ...

The caller is the only one who writes. Tasks are drawn when a thread is free
and results wait in a short queue, so memory does not grow with their number.
"""

import queue
import threading

_DONE = object()


def stream(tasks, open_resource, work, jobs):
    """Yield what ``work(resource, task)`` returns, as each is ready.

    Args:
        tasks: Iterable of tasks, drawn lazily.
        open_resource: Function that returns a context manager; entered once
            in each thread.
        work: Function of a resource and a task; should not raise.
        jobs: Number of threads.

    Yields:
        object: results, in the order they are ready.

    Raises:
        Exception: the first one that a thread met; the others stop.
    """
    tasks = iter(tasks)
    lock, stop = threading.Lock(), threading.Event()
    ready = queue.Queue(maxsize=2 * jobs)

    def draw():
        with lock:
            return next(tasks, _DONE)

    def run():
        try:
            with open_resource() as resource:
                while not stop.is_set():
                    task = draw()
                    if task is _DONE:
                        break
                    _put(ready, work(resource, task), stop)
        except BaseException as error:  # noqa: BLE001 - raised by the caller
            _put(ready, _Failure(error), stop)
        finally:
            _put(ready, _DONE, stop)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    try:
        yield from _results(ready, jobs)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _results(ready, running):
    """Yield results until every thread said that it is done."""
    while running:
        result = ready.get()
        if result is _DONE:
            running -= 1
        elif isinstance(result, _Failure):
            raise result.error
        else:
            yield result


class _Failure:
    def __init__(self, error):
        self.error = error


def _put(ready, result, stop):
    """Hand a result over, unless nobody waits for it any more."""
    while not stop.is_set():
        try:
            ready.put(result, timeout=0.1)
        except queue.Full:
            continue
        return
