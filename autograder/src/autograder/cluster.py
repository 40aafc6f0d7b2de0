"""Cluster: the same runs on many machines, by dask.distributed.

    thread of the pool --job, JSON--> scheduler --> remote.run on a worker
                       <------------transcript, JSON-------------+

Rebuilding, judging and recording stay here. What a submission put out comes
back as text and is read as strictly as from a worker of this machine. Dask
itself pickles what its processes tell each other, so scheduler, workers and
grader have to trust each other; a submission reaches none of them.
"""

import contextlib
import json

from autograder import key, records, remote, sandbox
from autograder.errors import UsageError
from autograder.worker import SandboxError

_CONNECT_SECONDS = 30
_STATES = {
    sandbox.FINISHED,
    sandbox.TIMED_OUT,
    sandbox.OUT_OF_MEMORY,
    sandbox.DIED,
}


class Cluster:
    """The workers of a scheduler; use it as a context.

    Args:
        address: Address of the scheduler.
        limits: What a submission may use.
        trust: Whether to run without walls where there are none.

    Raises:
        UsageError: there is no such scheduler, it has no worker, or one of
            its workers refuses.
    """

    def __init__(self, address, limits, *, trust=False):
        self.address = address
        self._about = {
            "kit": key.kit().hex(),
            "trust": trust,
            "limits": list(limits),
        }

    def __enter__(self):
        self._client = _connect(self.address)
        try:
            self._insist()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_):
        # A worker that is gone has nothing to release.
        with contextlib.suppress(Exception):
            self._client.run(remote.release, on_error="ignore")
        self._client.close()

    @property
    def jobs(self):
        """How many runs keep all workers busy: one waits for each thread."""
        return 2 * sum(self._client.nthreads().values())

    @contextlib.contextmanager
    def open_run(self):
        """Open what runs the cells of one submission after another.

        Yields:
            function: of cells and files; returns a Transcript.
        """
        yield self._run

    def _run(self, cells, files=None):
        job = json.dumps({**self._about, "cells": cells, "files": files or {}})
        # The same cells twice are two runs: a nonce is never answered twice.
        future = self._client.submit(remote.run, job, pure=False)
        try:
            answer = json.loads(future.result())
        except Exception as error:
            raise SandboxError(
                f"The cluster gave no answer: {error}"
            ) from error
        if "refused" in answer:
            self._insist()
            raise UsageError(f"A worker refuses: {answer['refused']}")
        if "fault" in answer:
            raise SandboxError(str(answer["fault"]))
        return transcript(answer)

    def _insist(self):
        """Insist that every worker there is now can be trusted to run."""
        about = self._about
        found = self._client.run(remote.refusal, about["kit"], about["trust"])
        for place, why in found.items():
            if why:
                why = why.rstrip(".")  # noqa: PLW2901 - a sentence follows
                raise UsageError(
                    f"The worker at {place} refuses: {why}. Mend it there, "
                    "or stop that worker."
                )


def transcript(answer):
    """Return the transcript that an answer holds.

    Args:
        answer: Object of a worker; what a submission put out is in it.

    Raises:
        SandboxError: it is not of the agreed form.
    """
    try:
        [state] = _STATES & {answer["state"]}
        outputs = {
            name: records.outputs({"outputs": found})
            for name, found in answer["outputs"].items()
        }
        seconds = float(answer["seconds"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SandboxError(f"An answer of the cluster: {error!r}") from error
    return sandbox.Transcript(state, outputs, seconds)


def _connect(address):
    """Return a client of a scheduler that has a worker."""
    try:
        import dask  # noqa: PLC0415 - an extra
        import distributed  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "--scheduler needs dask: run pip install '.[grader,cluster]' in "
            "the folder of this course."
        ) from None
    # A job carries the course's extra files; that is meant.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        client = distributed.Client(
            address, timeout=_CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"No scheduler answers at {address} ({error}). `dask scheduler` "
            "starts one and says its address."
        ) from None
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        raise UsageError(
            f"The scheduler at {address} has no workers. `dask worker "
            f"{address}` starts one; book/about/many-machines.md says more."
        ) from None
    return client
