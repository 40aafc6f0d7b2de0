"""Judge: compare a report with what is right, never by broadcasting.

Shape before dtype before finiteness before value before gradient.
"""

from dataclasses import dataclass, field

import numpy as np

from rnnlab.checks import drive

#: Names that begin so are judged after all values.
GRADIENT = "gradient of "


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong.

    Attributes:
        subject: The tensor it is about, or "".
        sentence: What is wrong; may carry numbers.
        details: (label, text) pairs for the indented lines.
        secret: The same without numbers, for a hidden case; completes
            "fails when <kind>: ...".
    """

    subject: str
    sentence: str
    details: tuple = ()
    secret: str = ""


@dataclass(frozen=True)
class Standard:
    """How close is close enough, and what the axes are called.

    Attributes:
        source: Where the right numbers come from, e.g. "torch.nn.LSTMCell".
        axes: Axis names by tensor name.
        tolerance: Relative and absolute tolerance by dtype name.
    """

    source: str
    axes: dict = field(default_factory=dict)
    tolerance: dict = field(default_factory=lambda: {"float64": (1e-6, 1e-8)})

    def allowed(self, dtype):
        """Return the relative and the absolute tolerance of a dtype."""
        return self.tolerance.get(dtype, (1e-4, 1e-5))


def compare(report, expected, standard):
    """Compare what came back with what is right.

    Args:
        report: Report of the learner's object on a case; RETURNED.
        expected: Numpy arrays by name.
        standard: Standard to compare by.

    Returns:
        Finding or None: the first difference.
    """
    values = [name for name in expected if not name.startswith(GRADIENT)]
    gradients = [name for name in expected if name.startswith(GRADIENT)]
    for names in (values, gradients):
        for step in (_missing, _shape, _dtype, _finite, _value):
            for name in names:
                finding = step(
                    name, report.tensors.get(name), expected[name], standard
                )
                if finding:
                    return finding
    return None


def unusual(report, name):
    """Return the finding of a report that did not return, or None."""
    if report.status == drive.UNUSABLE:
        return Finding(
            "what it returns",
            _sentence(report.problem),
            secret=report.problem,
        )
    if report.status == drive.RAISED:
        kind = report.problem.partition(":")[0]
        return Finding(
            "",
            f"{name} raised {report.problem}",
            tuple(("at", frame) for frame in report.where),
            secret=f"it raised {kind}",
        )
    return None


def _missing(name, given, right, standard):
    del right, standard
    if given is not None:
        return None
    if name.startswith(GRADIENT):
        target = name.removeprefix(GRADIENT)
        return Finding(
            name,
            f"No gradient reaches {target}. Something on the way cuts the "
            "graph: .detach(), .data, .item(), numpy or torch.no_grad().",
            secret=f"no gradient reaches {target}",
        )
    return Finding(name, f"{name} is missing.", secret=f"{name} is missing")


def _shape(name, given, right, standard):
    if given.shape == right.shape:
        return None
    axes = ", ".join(standard.axes.get(name, ()))
    meaning = f" ({axes})" if axes else ""
    return Finding(
        name,
        f"{name} has shape {_tuple(given.shape)}, expected "
        f"{_tuple(right.shape)}{meaning}.",
        secret=f"{name} has the wrong shape",
    )


def _dtype(name, given, right, standard):
    del standard
    if given.dtype == right.dtype:
        return None
    return Finding(
        name,
        f"{name} is {given.dtype}, expected {right.dtype} like the inputs.",
        secret=f"{name} has another dtype than the inputs",
    )


def _finite(name, given, right, standard):
    if not np.issubdtype(given.dtype, np.floating):
        return None
    wrong = ~np.isfinite(given) & np.isfinite(right)
    if not wrong.any():
        return None
    index = np.unravel_index(np.argmax(wrong), wrong.shape)
    place = _place(name, index, standard).removesuffix(": ")
    return Finding(
        name,
        f"{name} holds {given[index]} where a finite number is right.",
        (("first at", place),) if place else (),
        secret=f"{name} is not finite",
    )


def _value(name, given, right, standard):
    relative, absolute = standard.allowed(str(right.dtype))
    if np.issubdtype(right.dtype, np.floating):
        wrong = ~np.isclose(
            given, right, rtol=relative, atol=absolute, equal_nan=True
        )
    else:
        wrong = given != right
    count = int(np.count_nonzero(wrong))
    if not count:
        return None
    index = np.unravel_index(np.argmax(wrong), wrong.shape)
    yours, expected = given[index], right[index]
    details = [
        (
            "first at" if index else "value",
            f"{_place(name, index, standard)}{_both(yours, expected)}",
        )
    ]
    if wrong.size > 1 and np.issubdtype(right.dtype, np.floating):
        with np.errstate(invalid="ignore"):
            gap = np.nan_to_num(np.abs(given - right), nan=0.0)
        largest = np.unravel_index(np.argmax(gap), gap.shape)
        details.append(
            (
                "largest",
                f"{_place(name, largest, standard)}off by "
                f"{_short(gap[largest])} (allowed {relative:.0e} relative)",
            )
        )
    if wrong.size > 1:
        sentence = (
            f"{name} differs from {standard.source} in {count} of "
            f"{wrong.size} entries."
        )
    else:
        sentence = f"{name} differs from {standard.source}."
    return Finding(
        name, sentence, tuple(details), secret=f"{name} has wrong values"
    )


def _sentence(text):
    """Begin with a capital letter, unless the text begins with a name."""
    word = text.partition(" ")[0]
    return text if "_" in word else text[:1].upper() + text[1:]


def _place(name, index, standard):
    if not index:
        return ""
    axes = standard.axes.get(name) or [f"axis {k}" for k in range(len(index))]
    spots = (f"{axis} {int(k)}" for axis, k in zip(axes, index, strict=True))
    return ", ".join(spots) + ": "


def _short(number):
    return f"{number:.3g}" if isinstance(number, np.floating) else str(number)


def _both(yours, expected):
    """Write two numbers with as many digits as tell them apart."""
    for digits in (3, 6, 9, 17):
        texts = [
            f"{number:.{digits}g}"
            if isinstance(number, np.floating)
            else str(number)
            for number in (yours, expected)
        ]
        if texts[0] != texts[1]:
            break
    return f"yours {texts[0]}, expected {texts[1]}"


def _tuple(shape):
    return str(tuple(int(size) for size in shape))
