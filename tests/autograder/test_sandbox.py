"""The sandbox holds: one attack, at least, for each line it covers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder import outer, sandbox
from autograder.errors import UsageError
from autograder.sandbox import Cell, Limits
from autograder.worker import SandboxError, Worker


def namespaces():
    """Return whether bubblewrap works here at all, whatever we make of it."""
    if not shutil.which("bwrap"):
        return False
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    return not subprocess.run(command, check=False).returncode


pytestmark = [
    pytest.mark.skipif(
        not (namespaces() or os.environ.get("REQUIRE_SYSTEM")),
        reason="NO SANDBOX TESTS: bubblewrap does not work",
    ),
    pytest.mark.timeout(60),
]

LIMITS = Limits(
    cell_seconds=2,
    notebook_seconds=8,
    cpu_seconds=20,
    memory=256 << 20,
    processes=16,
    open_files=64,
    disk=16 << 20,
    cell_output=400_000,
    notebook_output=1_600_000,
)
MARK = "known-to-the-grader-only"


@pytest.fixture(scope="module")
def worker():
    """One warm process for all attacks: none may harm it."""
    os.environ["GRADER_TOKEN"] = MARK
    with Worker(LIMITS) as one:
        pid = one.process.pid
        yield one
        assert one.process.pid == pid
        assert one.process.poll() is None
    del os.environ["GRADER_TOKEN"]


def play(worker, *sources):
    """Run sources; afterwards, the next run must be as good as new."""
    cells = [Cell(str(n), source) for n, source in enumerate(sources)]
    transcript = worker.run(cells)
    after = worker.run([Cell("x", "print(sorted(globals().keys())[:0], 7)")])
    assert after.state == sandbox.FINISHED
    assert after.outputs["x"] == [
        {"output_type": "stream", "name": "stdout", "text": "[] 7\n"}
    ]
    return transcript


def said(transcript, key="0"):
    """Return all text of a cell: streams, results and errors."""
    texts = []
    for output in transcript.outputs.get(key, []):
        texts.append(output.get("text", ""))
        texts.append(output.get("data", {}).get("text/plain", ""))
        texts.append(f"{output.get('ename', '')}: {output.get('evalue', '')}")
    return "\n".join(texts)


def refused(worker, source, errors=("OSError", "PermissionError")):
    """Return what was said by code that must end in one of the errors."""
    transcript = play(worker, source)
    names = [o.get("ename") for o in transcript.outputs["0"]]
    assert names, said(transcript)
    assert names[-1] in errors, said(transcript)
    return said(transcript)


def test_protections_are_seen_to_hold():
    """Where bubblewrap works, doctor finds every protection."""
    found = sandbox.protections()
    assert len(found) == 6
    assert all(protection.given for protection in found), found


@pytest.mark.parametrize(
    "source",
    [
        "socket.create_connection(('localhost', PORT), 2)",
        "socket.create_connection(('127.0.0.1', PORT), 2)",
        "socket.create_connection(('::1', PORT), 2)",
        "socket.socket(socket.AF_VSOCK)",
        "socket.socket(socket.AF_NETLINK)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    ],
)
def test_network(worker, source):
    """There is no way out and no way to a server on the same machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = source.replace("PORT", str(server.getsockname()[1]))
        refused(worker, f"import socket\n{source}", ("OSError", "gaierror"))


def test_network_abstract_sockets(worker):
    """A socket that has a name instead of a path cannot be reached."""
    with socket.socket(socket.AF_UNIX) as server:
        name = f"\0rnnlab-{os.getpid()}"
        server.bind(name)
        server.listen()
        refused(
            worker,
            f"import socket\nsocket.socket(socket.AF_UNIX).connect({name!r})",
            ("ConnectionRefusedError",),
        )


def test_files_of_the_grader_are_not_there(worker, tmp_path):
    """Neither the repository nor a home nor a course can be read."""
    gradebook = tmp_path / f"gradebook-{os.getpid()}.db"
    gradebook.write_text(MARK)
    here = str(Path(__file__).resolve().parent)
    paths = [
        str(gradebook),
        here,
        str(outer.SHOWN["inside"].parent / "grade.py"),
        "/etc/passwd",
        "/etc/shadow",
        "/var",
        str(Path.home() / ".ssh"),
        str(Path.home() / ".bashrc"),
        "/proc/1/root" + here,
        "/proc/self/root" + here,
        "/proc/self/cwd/../../../.." + here,
    ]
    found = said(
        play(
            worker,
            f"import os\n[p for p in {paths!r} if os.path.lexists(p)]",
        )
    )
    assert "[]" in found


def test_files_anywhere(tmp_path):
    """A walk through all there is finds no file of the grader or a course."""
    own = tmp_path / f"gradebook-{os.urandom(8).hex()}.db"
    own.write_text(MARK)
    walk = (
        "import os\n"
        "names = {n for _, ds, fs in os.walk('/') for n in ds + fs}\n"
        f"print(len(names), names & {{{own.name!r}, 'referee.py', "
        "'lstm.md', 'exploding-gradients.md'})"
    )
    with Worker(LIMITS._replace(cell_seconds=30, notebook_seconds=40)) as one:
        found = said(play(one, walk))
    count, names = found.split(maxsplit=1)
    assert int(count) > 1000
    assert names.startswith("set()")


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/usr/x",
        "/kit/x",
        "/kit/rnnlab/x",
        "/kit/inside/x",
        "/dev/x",
        "/proc/sys/kernel/hostname",
        "/proc/sysrq-trigger",
        sys.prefix + "/x",
        "/proc/1/oom_score_adj_",
    ],
)
def test_files_outside_cannot_be_written(worker, path):
    """Nothing but the run's own folder can be written."""
    refused(
        worker,
        f"open({path!r}, 'w').write('1')",
        ("OSError", "PermissionError", "FileNotFoundError"),
    )


def test_files_of_a_run_are_private_and_gone_afterwards(worker):
    """A run starts in an empty folder, whatever the one before left."""
    leave = (
        "import os, tempfile\n"
        "folders = ['.', os.environ['HOME'], tempfile.gettempdir()]\n"
        "for folder in [*folders, '/dev/shm']:\n"
        "    print(sorted(os.listdir(folder)))\n"
        "    open(folder + '/left', 'w').write('behind')\n"
    )
    first, second = play(worker, leave), play(worker, leave)
    # The home is the folder that the run begins in.
    assert said(first).count("[]") == 3
    assert said(first) == said(second)


def test_environment(worker):
    """None of the grader's variables is there, nor its command line."""
    found = said(
        play(
            worker,
            "import os\n"
            "print(dict(os.environ))\n"
            "for name in os.listdir('/proc'):\n"
            "    for file in ('environ', 'cmdline'):\n"
            "        if name.isdecimal():\n"
            "            print(open(f'/proc/{name}/{file}').read())\n",
        )
    )
    assert "learner" in found
    assert MARK not in found
    assert "pytest" not in found


def test_processes_of_others_are_not_seen(worker):
    """It sees its own processes only and can signal no other."""
    found = said(
        play(
            worker,
            "import os\n"
            "print([n for n in os.listdir('/proc') if n.isdecimal()])\n"
            "print(os.getpid(), os.getppid())\n",
        )
    )
    assert "['1']\n1 0\n" in found
    refused(
        worker,
        f"import os\nos.kill({worker.process.pid}, 9)",
        ("ProcessLookupError",),
    )


def test_processes_kill_everyone(worker):
    """kill(-1) reaches nobody but the run's own children."""
    transcript = play(
        worker,
        "import os, signal\n"
        "try:\n    os.kill(-1, signal.SIGKILL)\n"
        "except ProcessLookupError:\n    print('nobody')\n",
    )
    assert "nobody" in said(transcript)


def test_processes_left_behind_are_dead(worker):
    """Neither setsid nor a double fork nor an ignored signal helps."""
    daemon = (
        "import os, signal, time\n"
        "if not os.fork():\n"
        "    os.setsid()\n"
        "    for number in range(1, 32):\n"
        "        if number not in (signal.SIGKILL, signal.SIGSTOP):\n"
        "            signal.signal(number, signal.SIG_IGN)\n"
        "    if not os.fork():\n"
        "        time.sleep(1000)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "print('left')\n"
    )
    before = _children(worker)
    assert "left" in said(play(worker, daemon))
    assert _children(worker) == before


def _children(worker):
    """Return how many processes the sandbox holds."""
    with subprocess.Popen(
        ["ps", "-e", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True
    ) as process:
        pairs = [line.split() for line in process.stdout]
    found, new = set(), {str(worker.process.pid)}
    while new:
        found |= new
        new = {pid for pid, parent in pairs if parent in new} - found
    return len(found)


@pytest.mark.parametrize(
    "call",
    [
        "libc.ptrace(0, 0, 0, 0)",
        "libc.unshare(0x10000000)",
        "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "libc.umount2(b'/proc', 2)",
        "libc.setns(0, 0)",
        "libc.chroot(b'/tmp')",
        "libc.syscall(250, 0, -4, 0)",
        "libc.syscall(321, 0, 0, 0)",
        "libc.syscall(425, 8, 0)",
        "libc.shmget(0, 1 << 30, 0o1600)",
        "libc.memfd_create(b'x', 0)",
        "libc.setgroups(0, None)",
        "libc.syscall(56, 0x10000011, 0, 0, 0, 0)",
        "libc.syscall(435, 0, 0)",
        "libc.syscall(0x40000000 + 39)",
    ],
)
def test_privileges(worker, call):
    """System calls that attacks need are refused."""
    if os.uname().machine != "x86_64" and "syscall" in call:
        pytest.skip("the number is of another machine")
    found = said(
        play(
            worker,
            "import ctypes, os\n"
            "libc = ctypes.CDLL(None, use_errno=True)\n"
            f"result = {call}\n"
            "print(result, os.strerror(ctypes.get_errno()))",
        )
    )
    assert found.startswith("-1 "), found
    assert "not permitted" in found or "not implemented" in found


def test_privileges_status(worker):
    """No capability is left and none can be gained, by programs neither."""
    found = said(
        play(
            worker,
            "!grep -E 'Cap|NoNewPrivs|Seccomp:' /proc/self/status\n"
            "import os\nprint('user', os.getuid())",
        )
    )
    values = dict(
        line.split(":\t") for line in found.splitlines() if ":\t" in line
    )
    caps = {v.strip("0\r") for n, v in values.items() if n.startswith("Cap")}
    assert caps == {""}
    assert values["NoNewPrivs"].strip() == "1"
    assert values["Seccomp"].strip() == "2"
    if not os.geteuid():
        assert "user 0" not in found


def test_memory_of_one_process(worker):
    """A list that never ends is a MemoryError; the next cell runs."""
    transcript = play(worker, "b = []\nwhile True: b.append(' ' * 10**7)", "8")
    assert "MemoryError" in said(transcript)
    assert "8" in said(transcript, "1")


@pytest.mark.parametrize(
    "source",
    [
        # Shared memory counts for no process's own limit.
        "import mmap\nm = mmap.mmap(-1, 2**30)\n"
        "for i in range(0, 2**30, 4096): m[i] = 1\n",
        # Nor do many processes that each keep within it.
        "import os, time\n"
        "for _ in range(8):\n"
        "    if not os.fork():\n"
        "        b = bytearray(os.urandom(1000)) * 100_000\n"
        "        time.sleep(5)\n"
        "        os._exit(0)\n"
        "time.sleep(5)\n",
    ],
)
def test_memory_of_all_together(worker, source):
    """Memory that is shared or spread ends the run; the rest counts."""
    transcript = play(worker, "5", source, "6")
    assert transcript.state == sandbox.OUT_OF_MEMORY
    assert "5" in said(transcript)
    assert "2" not in transcript.outputs


def test_process_count(worker):
    """There are as many processes as allowed and no more."""
    source = (
        "import os, time\n"
        "started = 0\n"
        "try:\n"
        "    for _ in range(40):\n"
        "        if not os.fork():\n"
        "            time.sleep(9)\n"
        "            os._exit(0)\n"
        "        started += 1\n"
        "except BlockingIOError as error: print(error)\n"
        f"0 < started < {LIMITS.processes}"
    )
    transcript = play(worker, source)
    assert "temporarily unavailable" in said(transcript)
    assert "True" in said(transcript)


def test_process_bomb(worker):
    """A fork bomb runs out of processes and out of time."""
    begin = time.monotonic()
    transcript = play(
        worker,
        "1",
        "import os\n"
        "while True:\n"
        "    try:\n        os.fork()\n"
        "    except BlockingIOError:\n        pass\n",
    )
    assert transcript.state == sandbox.TIMED_OUT or "TimeLimit" in said(
        transcript, "1"
    )
    assert "1" in said(transcript)
    assert time.monotonic() - begin < 12


def test_open_files(worker):
    """Files run out, and are there again for the next cell."""
    source = (
        "import os\n"
        "opened = []\n"
        "try:\n    while True: opened.append(os.dup(1))\n"
        "except OSError as error: print(error)\n"
        "for n in opened: os.close(n)\n"
        f"0 < len(opened) <= {LIMITS.open_files}"
    )
    transcript = play(worker, source)
    assert "Too many open files" in said(transcript)
    assert "True" in said(transcript)


def test_disk(worker):
    """The disk is full soon, for one file and for many, and inodes end."""
    refused(worker, "open('big', 'wb').write(bytes(17 << 20))")
    refused(
        worker,
        "for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(2 << 20))",
    )
    refused(worker, "for n in range(10**6): open(str(n), 'w').close()")


def test_processor_seconds():
    """Processor time is bounded where wall time would allow more."""
    limits = LIMITS._replace(
        cpu_seconds=1, cell_seconds=20, notebook_seconds=20
    )
    with Worker(limits) as one:
        transcript = play(one, "1", "while True: pass")
    assert transcript.state == sandbox.TIMED_OUT
    assert transcript.seconds < 10
    assert "1" in said(transcript)


def test_wall_seconds_of_a_cell(worker):
    """A loop is interrupted and says so; the following cells run."""
    transcript = play(worker, "while True: pass", "3 + 4")
    assert transcript.state == sandbox.FINISHED
    assert "TimeLimit" in said(transcript)
    assert "7" in said(transcript, "1")


@pytest.mark.parametrize(
    "source",
    [
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True: pass",
        "while True:\n"
        "    try:\n        while True: pass\n"
        "    except BaseException: pass",
        "import os, signal\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\n"
        "import ctypes\nctypes.CDLL(None).sleep(100)",
    ],
)
def test_wall_seconds_of_who_does_not_listen(worker, source):
    """Who ignores the interrupt is ended; what answered before counts."""
    transcript = play(worker, "1", source, "2")
    assert "1" in said(transcript)
    if "2" in transcript.outputs:  # the interrupt reached it after all
        assert "TimeLimit" in said(transcript, "1")
    else:
        assert transcript.state == sandbox.TIMED_OUT
        assert list(transcript.outputs) == ["0"]


def test_wall_seconds_of_the_notebook(worker):
    """Many slow cells end together at the notebook's limit."""
    slow = "import time\ntime.sleep(1.5)"
    transcript = play(worker, *[slow] * 10)
    assert transcript.state == sandbox.TIMED_OUT
    assert 4 <= len(transcript.outputs) <= 6
    assert transcript.seconds < 11


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x' * 1000)",
        "print('x' * 10**8)",
        "print('\\0\\N{GRINNING FACE}' * 10**7)",
        "import os\nfor _ in range(1000): os.write(1, b'y' * 10_000)",
        "!timeout 1 yes",
        "raise ValueError('z' * 10**8)",
        "from IPython.display import display, HTML\n"
        "for _ in range(100): display(HTML('h' * 10**5))",
    ],
)
def test_output(worker, source):
    """A flood is cut, and an answer after it still comes through."""
    answer = (
        "from IPython.display import display\n"
        "display({'text/plain': 'answer'}, raw=True)"
    )
    transcript = play(worker, source, answer)
    assert transcript.state == sandbox.FINISHED
    assert "answer" in said(transcript, "1")
    assert len(said(transcript)) < LIMITS.cell_output


def test_output_of_many_cells(worker):
    """What the notebook prints is bounded as well."""
    transcript = play(worker, *["print('x' * 90_000)"] * 20, "1")
    total = sum(len(said(transcript, str(n))) for n in range(20))
    assert total < LIMITS.notebook_output / 2
    assert "1" in said(transcript, "20")


FORGE = """
import os, struct
def send(body):
    os.write(3, struct.pack('>I', len(body)) + body)
"""


@pytest.mark.parametrize(
    "body",
    [
        "os.close(3)",
        "os.closerange(0, 1000)",
        'for _ in range(10**4): send(b\'{"amend": 0, "outputs": [\'\n'
        '    b\'{"output_type": "stream", "name": "stdout", \'\n'
        '    b\'"text": "1"}]}\')',
        "os.write(3, b'\\xff' * 100_000)",
        "send(b'not json')",
        "send(b'[1]')",
        "send(b'{}')",
        'send(b\'{"end": 7, "outputs": []}\')',
        'send(b\'{"end": 1, "outputs": [{"output_type": "x"}]}\')',
        'send(b\'{"end": 1, "outputs": [{"output_type": []}]}\')',
        "send(b'{\"end\": 1, \"outputs\": ' + b'[' * 10**5 + b']' * 10**5)",
        "send(b'{\"end\": NaN}')",
        'send(b\'{"fault": "of the grader"}\')',
        "send(b'{\"begin\": 0}')",
        "send(b'{\"begin\": 1e400}')",
    ],
)
def test_records_that_are_forged(worker, body):
    """A bad record ends its own run; what came before is kept."""
    transcript = play(worker, "1", f"{FORGE}\n{body}", "2")
    assert "1" in said(transcript)
    assert transcript.state == sandbox.DIED
    assert "2" not in transcript.outputs


def test_records_with_halves_of_characters(worker):
    """A text that is no Unicode can still be written to a file."""
    transcript = play(
        worker,
        f"{FORGE}\nprint('\\ud800')\n"
        'send(b\'{"end": 0, "outputs": [{"output_type": "stream", \'\n'
        '     b\'"name": "stdout", "text": "\\\\ud800"}]}\')',
    )
    said(transcript).encode()


def test_neighbours_leave_nothing_in_memory():
    """No text of a submission is in the memory of the next run's process."""
    mark = "marker-" + os.urandom(8).hex()
    half = len(mark) // 2
    search = (
        f"mark = ({mark[:half]!r}, {mark[half:]!r})\n"
        "found = 0\n"
        "with open('/proc/self/maps') as maps, "
        "open('/proc/self/mem', 'rb') as memory:\n"
        "    for line in maps:\n"
        "        ends, rights = line.split()[:2]\n"
        "        low, high = (int(e, 16) for e in ends.split('-'))\n"
        "        if rights.startswith('rw') and '[v' not in line:\n"
        "            memory.seek(low)\n"
        "            data = memory.read(high - low)\n"
        "            found += data.count((mark[0] + mark[1]).encode())\n"
        "            del data\n"
        "found"
    )
    roomy = LIMITS._replace(memory=1 << 30, cell_seconds=20)
    with Worker(roomy) as one:
        play(one, f"x = {mark!r}\nprint(x)")
        # The search itself makes the mark, a few times at most; what counts
        # is that a neighbour's mark adds nothing to that.
        other = "marker-" + os.urandom(8).hex()
        with_neighbour = int(said(play(one, search)).split()[0])
        search = search.replace(mark[:half], other[:half])
        search = search.replace(mark[half:], other[half:])
        without = int(said(play(one, search)).split()[0])
    assert with_neighbour <= without


def test_neighbours_have_other_users(worker):
    """Two runs are two users where there is a user to give."""
    users = {said(play(worker, "import os\nos.getuid()")) for _ in range(2)}
    assert len(users) == (1 if os.geteuid() else 2)


def test_neighbours_at_the_same_time(worker):
    """A bomb in one sandbox takes nothing from a run in another."""
    bomb = (
        "import os\n"
        "while True:\n"
        "    try:\n        os.fork()\n"
        "    except BlockingIOError:\n        pass\n"
    )
    honest = (
        "import subprocess, time\n"
        "time.sleep(1)\n"
        "subprocess.run(['true']).returncode + len(bytes(10**7))"
    )
    with ThreadPoolExecutor() as pool, Worker(LIMITS) as other:
        bombed = pool.submit(worker.run, [Cell("0", bomb)])
        transcript = play(other, honest)
        assert not bombed.done()
        assert "10000000" in said(transcript)
        bombed.result()


def test_the_warm_process_has_one_thread(worker):
    """What is forked has started no thread: none would be in the fork."""
    assert worker.hello["threads"] == 1


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "import os, signal\nos.abort()",
        "import ctypes\nctypes.string_at(0)",
        "exit()",
        "import ctypes\nctypes.CDLL(None).strlen(0)",
    ],
)
def test_ends_early(worker, source):
    """A run that ends itself has died; what came before is kept."""
    transcript = play(worker, "1", source, "2")
    assert transcript.state == sandbox.DIED
    assert "1" in said(transcript)
    assert "2" not in transcript.outputs


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (
            "import sys\nsys.setrecursionlimit(200)\ndef f(): return f()\nf()",
            "RecursionError",
        ),
        ("raise SystemExit(1)", "SystemExit"),
        ("import sys\nsys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise BaseException", "BaseException"),
    ],
)
def test_does_not_end_early(worker, source, name):
    """These are errors of a cell; the next one runs."""
    transcript = play(worker, source, "2")
    assert transcript.state == sandbox.FINISHED
    assert name in said(transcript)
    assert "2" in said(transcript, "1")


def test_a_fork_that_goes_on(worker):
    """A fork of the run does not run the rest of the notebook again."""
    transcript = play(worker, "import os\npid = os.fork()", "print('once')")
    assert transcript.state == sandbox.FINISHED
    assert said(transcript, "1").count("once") == 1


def test_a_warm_process_that_is_gone_is_our_fault():
    """It is an error of the sandbox, not a grade, and the next run works."""
    with Worker(LIMITS) as one:
        one.process.send_signal(signal.SIGKILL)
        one.process.wait()
        with pytest.raises(SandboxError):
            one.run([Cell("x", "1")])
        assert play(one, "1").state == sandbox.FINISHED


def test_the_sandbox_ends_with_its_worker():
    """Nothing is left when the context is left."""
    with Worker(LIMITS) as one:
        pid = one.process.pid
        assert play(one, "1").state == sandbox.FINISHED
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_walls_it_runs_all_the_same():
    """Who trusts the submissions gets the limits that need no wall."""
    with Worker(LIMITS, walls=False) as one:
        assert "7" in said(play(one, "3 + 4"))
        assert "TimeLimit" in said(play(one, "while True: pass"))
        assert "MemoryError" in said(play(one, "b = bytes(2**30)"))
        assert play(one, "import os; os._exit(1)").state == sandbox.DIED


def test_where_there_is_no_bubblewrap(monkeypatch):
    """It is said, with what to install."""
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    [missing] = sandbox.protections()
    assert not missing.given
    assert "bubblewrap" in missing.detail
    with pytest.raises(UsageError, match="--trust-submissions"):
        sandbox.walls()
    assert sandbox.walls(trust=True) is False


def test_trust_does_not_take_the_walls_down():
    """Trusted submissions run within the walls where there are any."""
    assert sandbox.walls(trust=True) is True
