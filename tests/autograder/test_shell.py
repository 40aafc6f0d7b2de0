"""What the sandbox records is what nbclient would have recorded.

Each notebook is run by both and the outputs are compared, after what no two
runs have in common is taken out: addresses, process ids, temporary paths.
"""

import re
from itertools import groupby

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import outer, sandbox
from autograder.sandbox import Cell, Limits
from autograder.worker import Worker

MISSING = [p for p in sandbox.protections() if not p.given]
pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.filterwarnings("default"),  # nbclient's and zmq's own
]

NOTEBOOKS = {
    "prints": [
        "print('one')\nprint('two', end='')\nprint()",
        "print('é ∑ \\U0001F600')",
        "import sys\nsys.stdout.write('no newline')",
        "print('a\\rb\\bc\\x1b[31mred\\x1b[0m')",
        "",
        "# nothing",
        "print(sys.stdout.isatty(), sys.stdout.encoding)",
    ],
    "results": [
        "1 + 1",
        "None",
        "x = 3; x",
        "x;",
        "_, __, Out, _1",
        "'text', b'bytes', 1.5, {'a': [1, 2]}",
        "list(range(2000))",
        "import numpy as np\nnp.eye(3)",
        "import torch\ntorch.arange(6.).reshape(2, 3)",
        "torch.nn.LSTM(2, 3)",
        "for i in range(2):\n    i",
        "1\n2",
        "class R:\n"
        "    def _repr_html_(self): return '<b>r</b>'\n"
        "    def _repr_latex_(self): return '$r$'\n"
        "    def __repr__(self): return 'R!'\n"
        "R()",
        "In[1], len(In), get_ipython().execution_count",
    ],
    "errors": [
        "1 / 0",
        "def f(n):\n    return g(n)\ndef g(n):\n    raise ValueError(n)\nf(2)",
        "undefined_name",
        "x = (1,",
        "if True:\nprint(1)",
        "a b",
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n"
        "    raise KeyError('k') from e",
        "assert 1 == 2, 'not equal'",
        "class Own(Exception):\n"
        "    def _render_traceback_(self): return ['my', 'lines']\n"
        "raise Own('hidden')",
        "raise ExceptionGroup('many', [ValueError(1), TypeError(2)])",
        "def deep(): return deep()\ndeep()",
        "class Odd:\n    def __repr__(self): raise ValueError('no repr')\n"
        "Odd()",
        "print('still here')",
    ],
    "leaving": [
        "import sys\nsys.exit(3)",
        "raise SystemExit('bye')",
        "raise KeyboardInterrupt",
        "print('alive')",
    ],
    "displays": [
        "from IPython.display import HTML, JSON, Markdown, Math, display",
        "display(1, 'two', HTML('<i>3</i>'))\nprint('then')\ndisplay(4)",
        "display({'text/plain': 'raw', 'application/x+json': {'a': [1]}}, "
        "raw=True)",
        "JSON({'deep': {'er': [1, None, True]}})",
        "h = display('first', display_id='h')\nh.update('second')",
        "h.update('third')",
        "display(Math('x'), metadata={'text/latex': {'k': 1}})",
        "from IPython.display import clear_output\n"
        "print('gone')\nclear_output()\nprint('kept')",
        "print('gone')\nclear_output(wait=True)\nprint('kept')",
        "print('stays')\nclear_output(wait=True)",
        "from IPython.display import Image\n"
        "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(20), format='png')",
    ],
    "plots": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]);",
        "fig, ax = plt.subplots(figsize=(3, 2))\nax.set_title('t')",
        "fig",
        "for n in range(2):\n    plt.figure(figsize=(1, 1))\nprint('two')",
        "plt.figure(figsize=(1, 1)); plt.show(); print('after')",
        "%matplotlib inline\nplt.figure(figsize=(2, 1)); plt.plot([1]);",
        "%config InlineBackend.figure_formats = ['svg']\n"
        "plt.figure(figsize=(1, 1)); plt.show()",
        "plt.get_backend(), plt.get_fignums()",
    ],
    "warnings": [
        "import warnings\nwarnings.warn('careful')",
        "def w():\n    warnings.warn('deep', DeprecationWarning)\nw()",
        "warnings.warn('careful')\nwarnings.warn('careful')",
        "import numpy as np\nnp.float64(1) / 0",
        "'\\d'",
        "import logging\nlogging.warning('logged')",
    ],
    "magics": [
        "%who",
        "y = 1\n%who",
        "%%capture got\nprint('caught')\n1",
        "got.stdout, len(got.outputs)",
        "%%writefile here.txt\nline",
        "!cat here.txt; echo done",
        "lines = !printf 'a\\nb\\n'\nlines",
        "%cd -q /\n%pwd",
        "%env PAGER",
        "%no_such_magic",
        "%%no_such_cell_magic\n1",
        "%precision 2",
        "3.14159",
        "print?",
        "%%python\nprint('another process')",
        "%history -n 1-2",
    ],
    "processes": [
        "import os, subprocess, sys\nprint('a')\n"
        "subprocess.run(['echo', 'b']).returncode",
        "os.write(1, b'fd one\\n');",
        "os.write(2, b'fd two\\n');",
        "import ctypes\nctypes.CDLL(None).puts(b'from C')\n"
        "ctypes.CDLL(None).fflush(None);",
        "subprocess.run([sys.executable, '-c', 'import rnnlab, sys; "
        "print(sys.argv)'], capture_output=True, text=True).stdout",
        "subprocess.run('exit 3', shell=True)",
    ],
    "streams in turn": [
        "import sys\nfor n in range(3):\n"
        "    print('out', n, flush=True)\n"
        "    print('err', n, file=sys.stderr, flush=True)",
        "from IPython.display import display\n"
        "print('1')\ndisplay(2)\nprint('3')\n4",
        "print('before', flush=True)\n1 / 0",
    ],
    "input": [
        "input('name?')",
        "__import__('getpass').getpass('secret?')",
        "'goes on'",
    ],
    "waiting": [
        "import asyncio\nawait asyncio.sleep(0, 'awaited')",
        "async def f():\n    return 5\nawait f()",
        "asyncio.run(f())",
        "asyncio.get_running_loop() is not None",
        "task = asyncio.create_task(f())",
        "await task",
        "await asyncio.gather(f(), f())\nraise ValueError('after await')",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool:\n"
        "    print(list(pool.map(abs, [-1, -2])))",
    ],
    "names": [
        "__name__, __builtins__.__name__, '__file__' in globals()",
        "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))",
        "import __main__\n__main__.f()",
        "import pickle\npickle.loads(pickle.dumps(f))()",
        "import sys\nsys.path.index('') < "
        "min(i for i, p in enumerate(sys.path) if 'site-packages' in p)",
        "sorted(n for n in globals() if not n.startswith('_'))",
        "%reset -f",
        "'f' in globals()",
    ],
}

_TAKEN_OUT = (
    (re.compile(r"0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r"\S*/ipykernel_\d+/\d+\.py"), "CELL"),
    (re.compile(r"\b\d{5,}\.py"), "CELL"),
    (re.compile(r"\(most recent call last\)\s+"), "(most recent) "),
    (re.compile(r"(?s)<\?xml.*"), "SVG"),
)


@pytest.fixture(scope="module")
def worker():
    """A warm process, within walls where there are any."""
    limits = Limits(cell_seconds=30)
    with Worker(limits, walls=not MISSING) as one:
        yield one


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_same_as_nbclient(worker, name, tmp_path):
    """Cell by cell, the outputs are the same."""
    sources = NOTEBOOKS[name]
    cells = [Cell(str(n), source) for n, source in enumerate(sources)]
    transcript = worker.run(cells)
    assert transcript.state == sandbox.FINISHED
    for source, ours, theirs in zip(
        sources,
        transcript.outputs.values(),
        by_nbclient(sources, tmp_path),
        strict=True,
    ):
        assert normal(ours) == normal(theirs), source


def test_outputs_are_valid(worker):
    """What comes out can be written into a notebook."""
    for sources in NOTEBOOKS.values():
        cells = [Cell(str(n), source) for n, source in enumerate(sources)]
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell("", outputs=outputs)
                for outputs in worker.run(cells).outputs.values()
            ]
        )
        nbformat.validate(notebook)


def test_random_numbers_repeat(worker):
    """The same submission gives the same outputs, seeded or not."""
    source = (
        "import random, numpy as np, torch\n"
        "random.random(), np.random.rand(), torch.rand(()), hash('a')"
    )
    first, second = (worker.run([Cell("x", source)]) for _ in range(2))
    assert first.outputs["x"][0]["data"]["text/plain"].startswith("(0.8")
    assert first.outputs == second.outputs


def by_nbclient(sources, place):
    """Return the outputs of each source as nbclient records them."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources]
    )
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        allow_errors=True,
        timeout=60,
        resources={"metadata": {"path": str(place)}},
    )
    environment = outer.environment("", str(place))
    client.execute(env=environment, cwd=str(place))
    return [cell.outputs for cell in notebook.cells]


def normal(outputs):
    """Return outputs without what differs from run to run."""
    found = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            text = _plain(output["text"])
            if found and found[-1][:2] == [kind, output["name"]]:
                found[-1][2] += text
            else:
                found.append([kind, output["name"], text])
        elif kind == "error":
            # A recursion's depth depends on what is below it.
            frames = (frame for frame, _ in groupby(output["traceback"]))
            lines = _plain("\n".join(frames))
            value = _plain(output["evalue"])
            found.append([kind, output["ename"], value, _own(lines)])
        else:
            data = {
                name: "PICTURE" if "image" in name else _plain(value)
                for name, value in output["data"].items()
            }
            count = output.get("execution_count")
            found.append([kind, data, dict(output["metadata"]), count])
    return found


def _plain(value):
    if isinstance(value, str):
        for pattern, word in _TAKEN_OUT:
            value = pattern.sub(word, value)
    return value


def _own(lines):
    """Return a traceback's frames that lie in cells, for input() is ours."""
    if "StdinNotImplementedError" in lines:
        return "input"
    return lines
