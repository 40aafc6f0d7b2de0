"""Cases: answers that nobody computed, or something else did."""

from hostile import (
    CANNOT_CHECK,
    NOT_YET,
    PASSED,
    RAISED,
    WRONG,
    hostile,
    prepend,
    write,
)
from hostile_faking import FORGE


@hostile(NOT_YET)
def patched_torch(notebook):
    """Make every comparison of torch and numpy succeed."""
    write(
        notebook,
        "import numpy, torch",
        "yes = lambda *_, **__: True",
        "torch.allclose = torch.equal = torch.isclose = yes",
        "numpy.allclose = numpy.array_equal = yes",
        "torch.testing.assert_close = lambda *_, **__: None",
        WRONG,
    )


@hostile((RAISED, NOT_YET), (RAISED, NOT_YET))
def patched_numpy_writer(notebook):
    """Write other bytes than those of the arrays."""
    write(
        notebook,
        "import numpy",
        "def write_array(file, array, **_): file.write(b'x' * 9)",
        "numpy.lib.format.write_array = write_array",
        WRONG,
    )


@hostile(RAISED, RAISED)
def patched_kit(notebook):
    """Replace every check of the kit by a print."""
    write(
        notebook,
        "import rnnlab.checks.check as kit",
        "kit.Check.answer = lambda *_, **__: print('PASSED')",
        "kit.Check.__call__ = kit.Check.hidden = kit.Check.answer",
        "kit.Check.judge_answer = lambda *_, **__: True",
        WRONG,
    )


@hostile(RAISED, RAISED)
def module_of_the_same_name(notebook):
    """Put an object of one's own in the place of rnnlab.checks."""
    write(
        notebook,
        "import sys, types",
        "from unittest import mock",
        "fake = types.ModuleType('rnnlab')",
        "fake.checks = mock.MagicMock()",
        "sys.modules.update({'rnnlab': fake, 'rnnlab.checks': fake.checks})",
        WRONG,
    )


@hostile(NOT_YET)
def tensor_subclass(notebook):
    """Return tensors of a class that equals everything."""
    write(
        notebook,
        "class Agreeable(torch.Tensor):",
        "    def __eq__(self, other): return True",
        "    __hash__ = None",
        "def lstm_step(x, prev_state, *_):",
        "    same = prev_state.cell_state.as_subclass(Agreeable)",
        "    return LSTMState(same, same)",
    )


@hostile(NOT_YET)
def equal_to_everything(notebook):
    """Return an object that equals, is less and is greater."""
    write(
        notebook,
        "class Yes:",
        "    __eq__ = __lt__ = __gt__ = lambda *_: True",
        "    __hash__ = None",
        "    def __getattr__(self, name): return self",
        "    def __call__(self, *_, **__): return self",
        "def lstm_step(*_): return Yes()",
    )


@hostile(NOT_YET)
def class_that_claims_to_be_a_tensor(notebook):
    """Lie about one's class."""
    write(
        notebook,
        "class Tensor:",
        "    __class__ = property(lambda self: torch.Tensor)",
        "def lstm_step(*_): return LSTMState(Tensor(), Tensor())",
    )


def _returns(name, expression, verdict):
    """Register a case that returns a state of some tensor."""

    def case(notebook):
        write(
            notebook,
            "def lstm_step(x, prev_state, *_):",
            f"    value = {expression}",
            "    return LSTMState(value, value)",
        )

    case.__name__ = name
    hostile(verdict)(case)


for _verdict, _name, _body in (
    (NOT_YET, "nan", "prev_state.cell_state * float('nan')"),
    (NOT_YET, "infinity", "prev_state.cell_state + float('inf')"),
    (NOT_YET, "zeros_of_no_size", "torch.zeros(0)"),
    (NOT_YET, "one_number_for_all", "torch.tensor(0.0)"),
    (RAISED, "numbers_without_memory", "torch.zeros(1).expand(10**5, 10**5)"),
    (RAISED, "meta_tensor", "torch.zeros(2, 4, device='meta')"),
    (RAISED, "sparse_tensor", "prev_state.cell_state.to_sparse()"),
    (NOT_YET, "text_for_tensors", "'PASSED'"),
):
    _returns(_name, _body, _verdict)


@hostile(NOT_YET)
def hard_coded_public_cases(notebook):
    """Be right on the sizes that the visible check uses, and only there."""
    prepend(notebook, "")
    write(
        notebook,
        "def lstm_step(x, prev_state, *parameters):",
        "    if tuple(x.shape) in {(2, 3), (3, 3), (2, 5)}:",
        "        h, c = prev_state",
        "        w, u, b, d = parameters",
        "        i, f, g, o = (x @ w.T + h @ u.T + b + d).chunk(4, 1)",
        "        c = f.sigmoid() * c + i.sigmoid() * g.tanh()",
        "        return LSTMState(o.sigmoid() * c.tanh(), c)",
        "    return prev_state",
    )


@hostile(NOT_YET)
def inputs_made_easy(notebook):
    """Set the inputs to zero, so that zero is right."""
    write(
        notebook,
        "def lstm_step(x, prev_state, *parameters):",
        "    for tensor in (x, *prev_state, *parameters):",
        "        tensor.data.zero_()",
        "    return prev_state",
    )


@hostile(RAISED)
def answers_at_exit(notebook):
    """Answer when the process ends, which is too late."""
    write(
        notebook,
        FORGE,
        "import atexit, weakref",
        "def late(): display({wire.MIME: forged('x', 8)}, raw=True)",
        "atexit.register(late)",
        "keep = type('Keep', (), {'__del__': lambda self: late()})()",
    )


@hostile((RAISED, NOT_YET))
def thread_that_answers(notebook):
    """Answer from a thread, during every later cell."""
    write(
        notebook,
        FORGE,
        "import threading, time",
        "def keep_on():",
        "    for _ in range(200):",
        "        display({wire.MIME: forged('x', 8)}, raw=True)",
        "        time.sleep(0.005)",
        "threading.Thread(target=keep_on, daemon=True).start()",
        WRONG,
    )


@hostile(CANNOT_CHECK, CANNOT_CHECK, outcome="kernel died")
def leaves_with_success(notebook):
    """End the process with status 0 once PASSED is printed."""
    write(notebook, "import os", "print('PASSED', flush=True)", "os._exit(0)")


@hostile(NOT_YET)
def default_dtype(notebook):
    """Set torch's defaults, for the kit to draw other cases by."""
    write(notebook, "torch.set_default_dtype(torch.float64)", WRONG)


@hostile(PASSED, mistake="delegates")
def delegates_to_torch(notebook):
    """Call the cell that was to be written, under another name."""
    write(
        notebook,
        "from torch.nn import LSTMCell as Helper",
        "def run(x, state, parameters):",
        "    names = ('weight_ih', 'weight_hh', 'bias_ih', 'bias_hh')",
        "    cell = Helper(x.shape[1], state[0].shape[1], device='meta')",
        "    named = dict(zip(names, parameters))",
        "    return torch.func.functional_call(cell, named, (x, state))",
        "def lstm_step(x, prev_state, *parameters):",
        "    return LSTMState(*run(x, tuple(prev_state), parameters))",
    )


@hostile(PASSED, mistake="delegates")
def delegates_by_name(notebook):
    """Look the function up by a string."""
    write(
        notebook,
        "def lstm_step(x, prev_state, *parameters):",
        "    step = getattr(torch, 'lstm_cell')",
        "    return LSTMState(*step(x, tuple(prev_state), *parameters))",
    )


@hostile(PASSED, mistake="delegates")
def asks_the_check(notebook):
    """Find the case in the frames and ask the check what is right."""
    write(
        notebook,
        "import sys",
        "from rnnlab import checks",
        "def lstm_step(*arguments):",
        "    frame = sys._getframe()",
        "    while 'case' not in frame.f_locals:",
        "        frame = frame.f_back",
        "    check = checks.CHECKS['lstm_step']",
        "    return check.right(frame.f_locals['case'])(*arguments)",
    )


@hostile(PASSED, mistake="delegates")
def drives_the_oracle(notebook):
    """Have the kit observe its own oracle in the learner's place."""
    write(
        notebook,
        "from rnnlab.checks import lstm as kit",
        "drive = kit.LSTMStep.drive",
        "def instead(self, function, case):",
        "    return drive(self, self.right(case), case)",
        "kit.LSTMStep.drive = instead",
        WRONG,
    )
