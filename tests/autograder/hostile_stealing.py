"""Cases: looking for what is not the learner's.

Secrets are texts that begin with "planted-" and go on with 16 characters
that only the test knows. Each case prints all that it finds, and a word
that shows that it looked.
"""

from hostile import PASSED, hostile, prepend

_HUNT = """
import os, re

def hunt(data, place):
    if isinstance(data, str):
        data = data.encode(errors="replace")
    for found in set(re.findall(rb"planted-[0-9a-f]{16}", data)):
        print("FOUND", found.decode(), place)

def look(path):
    try:
        with open(path, "rb") as file:
            hunt(file.read(1 << 20), path)
    except OSError:
        return 0
    return 1
"""


def _steal(name, *lines):
    """Register a case that looks in a place; its answer is right."""

    def case(notebook):
        prepend(notebook, "\n".join([_HUNT, *lines]))

    case.__name__ = f"steals_{name}"
    hostile(PASSED, proof="looked", seconds=8)(case)


_steal(
    "files",
    "seen = 0",
    "skip = ('/proc', '/sys', '/usr', '/lib', '/dev')",
    "for folder, folders, files in os.walk('/', followlinks=True):",
    "    folders[:] = [f for f in folders if f not in (",
    "        'site-packages', 'dist-packages', 'lib', 'share')]",
    "    if folder.startswith(skip):",
    "        folders.clear()",
    "        continue",
    "    seen += sum(look(os.path.join(folder, f)) for f in files)",
    "    if seen > 3000: break",
    "print('looked', seen)",
)
_steal(
    "files_by_name",
    "names = ['gradebook.db', 'source', 'submitted', 'solutions', '.git']",
    "places = ['.', '..', '/', '/root', '/home', '/tmp', '/work', '/mnt']",
    "seen = [os.path.join(p, n) for p in places for n in names",
    "        if os.path.exists(os.path.join(p, n))]",
    "hunt(repr(seen), 'names')",
    "assert not seen, seen",
    "print('looked')",
)
_steal(
    "environment",
    "hunt(repr(dict(os.environ)), 'environ')",
    "numbers = [n for n in os.listdir('/proc') if n.isdigit()]",
    "seen = sum(look(f'/proc/{n}/{name}') for n in numbers",
    "           for name in ('environ', 'cmdline', 'maps', 'mountinfo'))",
    "print('looked', seen)",
    "assert numbers == [str(os.getpid())], numbers",
)
_steal(
    "own_memory",
    "with open('/proc/self/maps') as file: maps = file.read().split('\\n')",
    "seen = 0",
    "with open('/proc/self/mem', 'rb', 0) as memory:",
    "    for line in maps:",
    "        if ' rw' not in line or '.so' in line: continue",
    "        low, high = (int(x, 16) for x in line.split()[0].split('-'))",
    "        for at in range(low, min(high, low + (64 << 20)), 1 << 22):",
    "            try:",
    "                memory.seek(at)",
    "                piece = memory.read(min(1 << 22, high - at))",
    "            except (OSError, OverflowError): break",
    "            hunt(piece, 'memory')",
    "            seen += len(piece)",
    "assert seen > 1 << 24",
    "print('looked')",
)
_steal(
    "frames",
    "import sys, threading",
    "frame, seen = sys._getframe(), 0",
    "while frame:",
    "    hunt(repr(frame.f_locals)[:1 << 20], frame.f_code.co_name)",
    "    frame, seen = frame.f_back, seen + 1",
    "print('looked', seen)",
)
_steal(
    "objects",
    "import gc",
    "seen = 0",
    "gc.unfreeze()",
    "for thing in gc.get_objects():",
    "    if type(thing) in (dict, list, tuple):",
    "        each = thing.values() if type(thing) is dict else thing",
    "        for text in list(each):",
    "            if type(text) in (str, bytes): hunt(text, 'gc')",
    "            seen += 1",
    "assert seen > 10_000",
    "print('looked')",
)
_steal(
    "history",
    "shell = get_ipython()",
    "hunt(repr((In, Out, shell.history_manager.input_hist_raw)), 'In')",
    "try: hunt(repr(list(shell.history_manager.search('*'))), 'sqlite')",
    "except Exception as error: print(type(error).__name__)",
    "assert len(In) < 6, In",
    "import linecache",
    "hunt(repr(linecache.cache), 'linecache')",
    "print('looked')",
)
_steal(
    "what_a_neighbour_left",
    "seen = 0",
    "for top in ('/tmp', '/dev/shm', '/private', '/var/tmp', '.'):",
    "    for folder, _, files in os.walk(top):",
    "        seen += sum(look(os.path.join(folder, f)) for f in files)",
    "assert not os.path.exists('left-behind'), 'a neighbour was here'",
    "open('left-behind', 'w').write('for the next')",
    "open('/tmp/left-behind', 'w').write('for the next')",
    "import multiprocessing.shared_memory as shared",
    "try: hunt(bytes(shared.SharedMemory('course').buf), 'shared')",
    "except OSError: pass",
    "print('looked', seen)",
)
_steal(
    "descriptors",
    "kinds = {}",
    "for n in range(64):",
    "    try: kinds[n] = os.readlink(f'/proc/self/fd/{n}')",
    "    except OSError: pass",
    "for n in kinds:",
    "    if n > 3: look(f'/proc/self/fd/{n}')",
    "sockets = [k for k in kinds.values() if 'socket' in k]",
    "assert len(sockets) <= 2, kinds  # the event loop's own pair",
    "print('looked', len(kinds))",
)
_steal(
    "network",
    "import socket, urllib.request",
    "for address in (('127.0.0.1', 22), ('1.1.1.1', 53), ('::1', 80)):",
    "    try: socket.create_connection(address, timeout=1)",
    "    except OSError: continue",
    "    print('CONNECTED', address)",
    "    raise SystemError",
    "try: urllib.request.urlopen('http://example.com', timeout=1)",
    "except OSError: print('looked')",
)
_steal(
    "other_processes",
    "import ctypes",
    "libc = ctypes.CDLL(None, use_errno=True)",
    "for number in (0, 1, os.getppid(), 2, 3):",
    "    assert libc.ptrace(16, number, 0, 0) == -1",
    "    if number: look(f'/proc/{number}/root/etc/passwd')",
    "print('looked')",
)
_steal(
    "source_of_the_kit",
    "import rnnlab, inspect, sys",
    "for module in list(sys.modules.values()):",
    "    if module.__name__.startswith(('rnnlab', 'inside')):",
    "        try: hunt(inspect.getsource(module), module.__name__)",
    "        except (OSError, TypeError): pass",
    "for name in ('reference', 'autograder', 'solutions'):",
    "    try: __import__(name)",
    "    except ImportError: continue",
    "    raise SystemError(name)",
    "print('looked')",
)
