"""The life of one run, from its fork to its end; it never returns."""

import base64
import json
import os
import random
import resource
import tempfile

from . import channel, outputs, shell, streams, walls

OUT, SOURCE = 3, 4


class _Played:
    """A cell that ran."""

    def __init__(self, found):
        self.outputs = found
        self.amended = False


def live(kernel, options, out, source, place):
    """Run the cells of a job and end the process.

    Args:
        kernel: The shell.
        options: Limits of the run, whether there are walls.
        out: Descriptor to write records to.
        source: Descriptor to read the job from.
        place: Working directory where there are no walls.
    """
    try:
        os.setsid()
        _keep_only(out, source)
        if options["walls"]:
            walls.enter(options)
            place = walls.WORK
        else:
            walls.limit(options)
        cells = _prepare(kernel, options, place)
    except BaseException as error:  # noqa: BLE001 - reported, then it ends
        fault = {"fault": f"{type(error).__name__}: {error}"}
        channel.write(OUT, json.dumps(fault).encode())
        os._exit(1)
    try:
        _play(kernel, options, cells)
    finally:
        os._exit(0)


def _keep_only(out, source):
    """Keep the two descriptors of the run as OUT and SOURCE, no other."""
    for target, wanted in ((10_000, out), (10_001, source)):
        os.dup2(wanted, target, inheritable=False)
    nothing = os.open(os.devnull, os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(nothing, target)
    os.dup2(10_000, OUT, inheritable=False)
    os.dup2(10_001, SOURCE, inheritable=False)
    os.closerange(SOURCE + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[1])


def _prepare(kernel, options, place):
    """Make this process a fresh kernel; return the cells it shall run."""
    with os.fdopen(SOURCE, "rb") as file:
        job = json.loads(file.read())
    os.chdir(place)
    _lay_out(job["files"])
    os.environ.update(HOME=place, PWD=place, NBGRADER_EXECUTION="autograde")
    if not options["walls"]:
        os.environ["TMPDIR"] = place
    elif os.access(walls.USUAL_TEMPORARY, os.W_OK):
        del os.environ["TMPDIR"]
    tempfile.tempdir = None
    os.environ.pop("MPLCONFIGDIR", None)
    os.environ.pop("IPYTHONDIR", None)
    kernel.streams = streams.Streams(
        lambda: kernel.outputs, tempfile.gettempdir()
    )
    _seed()
    shell.settle_in(kernel)
    return job["cells"]


def _lay_out(files):
    """Write the job's files into the working folder, as the run itself."""
    while files:
        name, content = files.popitem()
        folder = os.path.dirname(name)  # noqa: PTH120 - pathlib is slow here
        if folder:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        # No mode came along; what is a script may be started as one.
        handle = os.open(name, flags, 0o700)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64decode(content))


def _seed():
    """Give every run the same random numbers, so that a grade repeats."""
    import numpy as np  # noqa: PLC0415 - imported long since
    import torch  # noqa: PLC0415

    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the state that learners use
    torch.default_generator.manual_seed(0)


def _play(kernel, options, cells):
    """Run the cells one after the other and record each."""
    way = channel.Channel(OUT)
    budget = outputs.Budget(options["cell_output"], options["notebook_output"])
    kernel.past = []
    for index, source in enumerate(cells):
        played = _Played(outputs.Outputs(budget))
        kernel.outputs = played.outputs
        way.send("begin", index)
        kernel.run_one(source)
        kernel.streams.settle()
        for earlier, past in enumerate(kernel.past):
            if past.amended:
                past.amended = False
                way.send("amend", earlier, past.outputs.encoded())
        kernel.past.append(played)
        way.send("end", index, played.outputs.encoded())
        if kernel.exit_now:
            break
