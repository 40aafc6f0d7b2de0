"""Drive: run a learner's object on one case and keep plain numbers.

This is the only part of a check that runs learner code. Whatever that code
does short of killing the process ends in a :class:`Report`.
"""

import contextlib
import io
import linecache
import sysconfig
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import torch

RETURNED = "returned"
RAISED = "raised"
NOT_ATTEMPTED = "not attempted"
UNUSABLE = "unusable"

#: No tensor of an answer is larger.
MAX_BYTES = 4_000_000

_PLAIN = {
    *(torch.float16, torch.float32, torch.float64),
    *(torch.int32, torch.int64, torch.bool),
}
_LIBRARIES = tuple(
    str(Path(place).resolve())
    for place in {
        *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib")),
        Path(torch.__file__).parents[1],
        Path(__file__).parents[2],
    }
)


class Unusable(Exception):  # noqa: N818 - it is a sentence, not an error
    """What the learner's object gave back cannot be compared."""


@dataclass(frozen=True)
class Report:
    """What came of one case: plain data, fit to cross a process boundary.

    Attributes:
        status: RETURNED, RAISED, NOT_ATTEMPTED or UNUSABLE.
        tensors: Numpy arrays by name, in the order they are judged.
        problem: The sentence of UNUSABLE, or "Type: text" of RAISED.
        where: The learner's own frames of RAISED, innermost last.
        unwritten: Of NOT_ATTEMPTED, the helper that is not written, or ""
            where it is the learner's object itself.
        printed: Number of lines the learner's code printed.
        warned: Number of warnings it gave.
    """

    status: str
    tensors: dict = field(default_factory=dict)
    problem: str = ""
    where: tuple = ()
    unwritten: str = ""
    printed: int = 0
    warned: int = 0


def observe(drive, *arguments):
    """Call ``drive(*arguments)`` and report what happened.

    Args:
        drive: Function that runs the learner's object and returns a dict of
            tensors by name.
        *arguments: What it is called with.

    Returns:
        Report: never raises, but for KeyboardInterrupt.
    """
    said = io.StringIO()
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        warnings.simplefilter("always")
        try:
            tensors = drive(*arguments)
            outcome = {"status": RETURNED, "tensors": to_arrays(tensors)}
        except Unusable as error:
            outcome = {"status": UNUSABLE, "problem": str(error)}
        except NotImplementedError as error:
            outcome = {
                "status": NOT_ATTEMPTED,
                "unwritten": _unwritten(error),
            }
        except (Exception, SystemExit) as error:  # noqa: BLE001 - theirs
            outcome = {
                "status": RAISED,
                "problem": _one_line(error),
                "where": _learner_frames(error),
            }
    return Report(
        printed=len(said.getvalue().splitlines()),
        warned=len(warned),
        **outcome,
    )


def to_arrays(tensors):
    """Turn a dict of tensors into a dict of numpy arrays."""
    arrays = {}
    for name, tensor in tensors.items():
        if tensor is None:
            continue
        require_tensor(tensor, name)
        if tensor.dtype not in _PLAIN:
            dtype = str(tensor.dtype).removeprefix("torch.")
            raise Unusable(f"{name} has dtype {dtype}; keep the inputs'.")
        if tensor.numel() * tensor.element_size() > MAX_BYTES:
            shape = tuple(tensor.shape)
            raise Unusable(f"{name} is far too large: its shape is {shape}.")
        arrays[name] = tensor.detach().cpu().contiguous().numpy()
    return arrays


def require_tensor(value, name):
    """Refuse whatever is not a plain tensor, with a sentence.

    Raises:
        Unusable: says what it is and what to return instead.
    """
    if value is None:
        raise Unusable(f"{name} is None. Does your function return it?")
    if type(value) is not torch.Tensor:
        raise Unusable(
            f"{name} is {a_type(value)}, not a torch.Tensor. "
            "Return a plain tensor."
        )


def a_type(value):
    """Return a value's type with its article: "a list", "an int", "None"."""
    if value is None:
        return "None"
    name = type(value).__name__
    # An initialism is spelled out: an LSTM, an RNN, an ndarray.
    spelled = name[:2].isupper() or name[:2] == "nd"
    vowels = "AEFHILMNORSX" if spelled else "AEIO"
    return f"{'an' if name[:1].upper() in vowels else 'a'} {name}"


def require_function(value, name):
    """Refuse what cannot be called, with a sentence.

    Raises:
        Unusable: says what it is.
    """
    if not callable(value):
        raise Unusable(
            f"{name} is {a_type(value)}, not a function. "
            f"Define it with `def {name}(...)`."
        )


def require_unchanged(before, after, name):
    """Refuse a function that wrote into its arguments.

    Args:
        before: Tensors by argument name, copied before the call.
        after: The tensors that the function was given.
        name: Name of the function.

    Raises:
        Unusable: names the argument.
    """
    for argument, tensor in after.items():
        same = tensor.shape == before[argument].shape and torch.equal(
            tensor.nan_to_num(), before[argument].nan_to_num()
        )
        if not same:
            raise Unusable(
                f"{name} changed its input {argument} in place. Make a new "
                "tensor instead: `a = a + b`, not `a += b`."
            )


def _one_line(error):
    text = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {text}"[:200] if text else name


def _unwritten(error):
    frames = _own(error)
    return frames[-1].name if len(frames) > 1 else ""


def _learner_frames(error):
    return tuple(
        f"line {frame.lineno} in {frame.name}: "
        f"{linecache.getline(frame.filename, frame.lineno).strip()}"[:120]
        for frame in _own(error)[-3:]
    )


def _own(error):
    """Return the frames that are not a library's."""
    return [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not str(Path(frame.filename).resolve()).startswith(_LIBRARIES)
    ]
