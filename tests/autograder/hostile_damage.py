"""Cases: bombs, kills and things that are no files; small and bounded."""

from hostile import (
    CANNOT_CHECK,
    PASSED,
    RAISED,
    WRONG,
    hostile,
    prepend,
    write,
)

_DEAD = {
    "step": CANNOT_CHECK,
    "gate": CANNOT_CHECK,
    "outcome": "kernel died",
}


def _runs(name, *lines, **expected):
    """Register a case that runs code above an answer that is right."""

    def case(notebook):
        prepend(notebook, "import os, sys, time\n" + "\n".join(lines))

    case.__name__ = name
    hostile(**{"step": PASSED, **expected})(case)


@hostile(RAISED)
def endless_loop(notebook):
    """Never come back."""
    write(notebook, "def lstm_step(*_):\n    while True: pass")


@hostile(CANNOT_CHECK, CANNOT_CHECK, outcome="timed out", seconds=12)
def endless_loop_that_does_not_listen(notebook):
    """Never come back, and catch whatever says stop."""
    write(
        notebook,
        "def lstm_step(*_):",
        "    while True:",
        "        try:",
        "            while True: sum(range(1000))",
        "        except BaseException: pass",
    )


@hostile(CANNOT_CHECK, CANNOT_CHECK, outcome="timed out", seconds=12)
def signals_ignored(notebook):
    """Ignore every signal there is and sleep."""
    write(
        notebook,
        "import signal, time",
        "def lstm_step(*_):",
        "    for number in signal.valid_signals():",
        "        try: signal.signal(number, signal.SIG_IGN)",
        "        except (OSError, ValueError): pass",
        "    while True: time.sleep(60)",
    )


@hostile(RAISED)
def memory_bomb(notebook):
    """Ask for more memory than there may be."""
    write(notebook, "def lstm_step(*_): return bytearray(1 << 34)")


@hostile(RAISED)
def memory_bomb_that_grows(notebook):
    """Keep asking, a little at a time."""
    write(
        notebook,
        "def lstm_step(*_):",
        "    held = []",
        "    while True: held.append(bytearray(b'x') * (1 << 24))",
    )


@hostile(RAISED)
def recursion_without_end(notebook):
    """Call itself for ever."""
    write(notebook, "def lstm_step(*a): return lstm_step(*a)")


@hostile(**_DEAD)
def crash(notebook):
    """Read where nothing is."""
    write(notebook, "import ctypes", "ctypes.string_at(0)")


@hostile(**_DEAD)
def kills_everyone(notebook):
    """Send SIGKILL to every process, oneself last."""
    write(
        notebook,
        "import os",
        "for number in (os.getppid(), 1, 2, 3, -1, os.getpid()):",
        "    try: os.kill(number, 9)",
        "    except OSError: pass",
        "os.abort()",
    )


@hostile(CANNOT_CHECK, CANNOT_CHECK, outcome="timed out", seconds=14)
def stops_itself(notebook):
    """Stop, as with Ctrl-Z, where a shell would wait for ever."""
    write(
        notebook,
        "import signal",
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
        "while True: signal.sigtimedwait([signal.SIGUSR1], 60)",
    )


@hostile(**_DEAD)
def hangs_up(notebook):
    """Close every descriptor."""
    write(notebook, "import os", "os.closerange(0, 64)", WRONG)


_runs(
    "fork_bomb",
    "started = []",
    "try:",
    "    for _ in range(500):",
    "        pid = os.fork()",
    "        if not pid: time.sleep(60); os._exit(0)",
    "        started.append(pid)",
    "except OSError: print('bounded', len(started) < 64)",
    proof="bounded True",
)
_runs(
    "threads",
    "import threading",
    "try:",
    "    for _ in range(500):",
    "        threading.Thread(target=time.sleep, args=(60,),",
    "                         daemon=True).start()",
    "except RuntimeError: print('bounded')",
    proof="bounded",
)
_runs(
    "daemons",
    "if not os.fork():",
    "    os.setsid()",
    "    if os.fork(): os._exit(0)",
    "    import signal",
    "    signal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "    for n in range(600):",
    "        print('still here'); time.sleep(0.1)",
    "    os._exit(0)",
)
_runs(
    "disk_bomb",
    "try:",
    "    with open('bomb', 'wb') as file:",
    "        for _ in range(500): file.write(b'x' * (1 << 20))",
    "except OSError as error: print('bounded', error.errno)",
    "try: os.remove('bomb')",
    "except OSError: pass",
    proof="bounded",
)
_runs(
    "many_files",
    "try:",
    "    for n in range(30_000): open(f'f{n}', 'w').close()",
    "except OSError: print('bounded')",
    proof="bounded",
    seconds=10,
)
_runs(
    "open_files",
    "held = []",
    "try:",
    "    for n in range(5000): held.append(open('/dev/null'))",
    "except OSError: print('bounded', len(held) < 300)",
    "held.clear()",
    proof="bounded True",
)
_runs("flood_of_text", "for _ in range(300): print('x' * 100_000)")
_runs("flood_of_lines", "for _ in range(20_000): print('x')")
_runs("flood_below_python", "os.system('yes | head -c 9000000')")
_runs(
    "flood_of_pictures",
    "from IPython.display import display",
    "for _ in range(40):",
    "    display({'image/png': 'A' * 200_000}, raw=True)",
)
_runs("flood_on_stderr", "print('e' * 9_000_000, file=sys.stderr)")
_runs(
    "no_streams",
    "sys.stdout = sys.stderr = sys.__stdout__ = None",
    step=(PASSED, RAISED, CANNOT_CHECK),
    gate=(PASSED, RAISED, CANNOT_CHECK),
    outcome=("graded", "kernel died"),
)
_runs(
    "everything_deleted",
    "import shutil",
    "for top in ('/kit', '/etc', '/tmp', '/private', os.getcwd()):",
    "    try: shutil.rmtree(top, ignore_errors=True)",
    "    except RecursionError: pass",
    seconds=12,
)
_runs(
    "links_left",
    "for n, to in enumerate(('/', '/proc/self/root', '..', '/kit')):",
    "    os.symlink(to, f'link{n}')",
    "os.mkfifo('fifo')",
)
