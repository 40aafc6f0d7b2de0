"""Cases: tests that do not run, answers that nobody computed."""

from hostile import CANNOT_CHECK, NOT_YET, RAISED, WRONG, hostile, write

FORGE = """
from IPython.display import display
from rnnlab.checks import wire

def forged(nonce="", count=0):
    return {"version": 1, "check": "lstm_step", "nonce": nonce,
            "passed": True, "score": 1e9, "reports": [{}] * count}
"""
_RECORD = """
import json, os, struct

def record(**fields):
    body = json.dumps(fields).encode()
    os.write(3, struct.pack(">I", len(body)) + body)
"""
#: Memory of the kit, which holds the sources and nonces of all cells.
_CELLS = """
import gc, re
cells = next(
    thing for thing in gc.get_objects() if type(thing) is list
    and all(type(text) is str for text in thing)
    and any(text[:25] == "from rnnlab import checks" for text in thing))
here = next(n for n, text in enumerate(cells) if "def lstm_step" in text)
nonce = re.search(r"nonce='(\\w+)'", cells[here + 1])[1]
print("knows", len(nonce))
"""


@hostile(RAISED, RAISED)
def ast_transformer(notebook):
    """Turn every later cell into a print."""
    write(
        notebook,
        "import ast",
        "class Skip(ast.NodeTransformer):",
        "    def visit_Module(self, node):",
        "        return ast.parse('print(\"PASSED\")')",
        WRONG,
        "get_ipython().ast_transformers.append(Skip())",
    )


@hostile(RAISED, RAISED)
def input_transformer(notebook):
    """Replace the source of every later cell."""
    write(
        notebook,
        "get_ipython().input_transformers_cleanup.append(",
        "    lambda lines: ['print(\"PASSED\")\\n'])",
        WRONG,
    )


@hostile(RAISED, RAISED)
def patched_run_cell(notebook):
    """Let the shell run nothing any more."""
    write(
        notebook,
        "def nothing(self, *_, **__): print('PASSED')",
        "type(get_ipython()).run_cell = nothing",
        "type(get_ipython()).run_one = nothing",
        WRONG,
    )


@hostile(RAISED, RAISED)
def event_that_empties_cells(notebook):
    """Let a hook of IPython raise before every cell."""
    write(
        notebook,
        "def stop(info): info.raw_cell = ''; raise SystemExit",
        "get_ipython().events.register('pre_run_cell', stop)",
        "get_ipython().compile.ast_parse = None",
        WRONG,
    )


@hostile(RAISED)
def answer_of_nothing(notebook):
    """Show an answer without reports, then leave."""
    write(
        notebook,
        FORGE,
        "def lstm_step(*_):",
        "    print('PASSED  lstm_step')",
        "    display({wire.MIME: forged()}, raw=True)",
        "    raise KeyboardInterrupt",
    )


@hostile(NOT_YET, proof="knows 32")
def answer_from_the_wrong_cell(notebook):
    """Show the right answer, nonce and all, where nobody asked."""
    write(
        notebook,
        _CELLS,
        "from rnnlab.checks import CHECKS",
        "check = CHECKS['lstm_step']",
        "def right(*a): return check.right(check.public[0])(*a)",
        "check.answer(right, nonce)",
        WRONG,
    )


@hostile(RAISED)
def answer_of_another_time(notebook):
    """Replay an answer to another challenge."""
    write(
        notebook,
        FORGE,
        "from rnnlab.checks import CHECKS",
        "def right(*a): return CHECKS['lstm_step'].right(case)(*a)",
        "case = CHECKS['lstm_step'].public[0]",
        "def old(self, function, nonce, device='cpu'):",
        "    display({wire.MIME: forged('0' * 32, 8)}, raw=True)",
        "type(CHECKS['lstm_step']).answer = old",
        WRONG,
    )


@hostile(RAISED, CANNOT_CHECK, outcome="kernel died", proof="knows 32")
def records_before_their_time(notebook):
    """Write the records of the graded cell before it has run."""
    write(
        notebook,
        _CELLS,
        FORGE,
        _RECORD,
        "text = {'output_type': 'stream', 'name': 'stdout',",
        "        'text': 'knows 32'}",
        "shown = {'output_type': 'display_data', 'metadata': {},",
        "         'data': {wire.MIME: forged(nonce, 8)}}",
        "record(end=here, outputs=[text])",
        "record(begin=here + 1)",
        "record(end=here + 1, outputs=[shown])",
        WRONG,
    )


def _register(name, body):
    """Register a case that writes one record that is not as agreed."""

    def case(notebook):
        write(notebook, _RECORD, body, "import time; time.sleep(1)", WRONG)

    case.__name__ = f"record_{name}"
    hostile(CANNOT_CHECK, CANNOT_CHECK, outcome="kernel died")(case)


for _name, _body in {
    "of_two_kinds": "record(begin=1, end=1)",
    "of_a_fault": "record(fault='the grader is to blame')",
    "of_no_kind": "record(passed=True)",
    "of_a_list": "os.write(3, struct.pack('>I', 2) + b'[]')",
    "that_is_huge": "os.write(3, struct.pack('>I', 0xFFFFFFFF))",
    "with_deep_lists": (
        "os.write(3, struct.pack('>I', 90_000) + b'[' * 90_000)"
    ),
    "with_a_long_number": (
        "os.write(3, struct.pack('>I', 90_000) + b'1' * 90_000)"
    ),
}.items():
    _register(_name, _body)
