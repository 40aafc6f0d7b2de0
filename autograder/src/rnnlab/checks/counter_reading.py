"""Check of chapter 6: the unit of an LSTM that follows a count."""

from dataclasses import dataclass

import numpy as np
import torch

from rnnlab.checks.case import Case
from rnnlab.checks.judge import Standard
from rnnlab.checks.parameter_count import CHAPTER
from rnnlab.checks.units import UnitCheck

_SIZES = ("seq_len", "batch", "hidden_size")


@dataclass(frozen=True)
class CounterCase(Case):
    """Cell states, one of which follows a count more or less.

    Attributes:
        slope: Of the unit that follows it.
        noise: How far it strays, in counts.
        still: Whether another unit never moves.
        shift: What is added to every cell state.
    """

    slope: float = 0.5
    noise: float = 0.3
    still: bool = False
    shift: float = 0.0


class ReadCounter(UnitCheck):
    """The unit that follows a count, its correlation and its slope."""

    name = "read_counter"
    equation = "eq-counter-correlation"
    equations = {"slope": "eq-counter-slope"}  # noqa: RUF012 - not changed
    chapter = CHAPTER
    returns = ("unit", "correlation", "slope")
    established = (
        "Unit, correlation and slope are those of NumPy's corrcoef and of a "
        "straight line fitted by least squares (7 cases)."
    )
    hints = (
        "All steps of all sequences are one long list of pairs, a cell state "
        "and a count. What makes a unit that counts downwards as good as one "
        "that counts upwards?",
        "Subtract both means first. The correlation is the sum of products "
        "over the two lengths. Which of the sums belongs below the slope?",
        "eq-counter-correlation and eq-counter-slope: both have the same sum "
        "of products on top; the slope has the sum of squares of the counts "
        "below. Where a unit never moves, put 0 in place of 0 / 0.",
    )
    standard = Standard(
        "the right ones",
        tolerance={"float64": (1e-6, 1e-9), "float32": (1e-3, 1e-5)},
    )
    forbidden = ("corrcoef", "cov", "polyfit", "linregress", "lstsq")
    public = (
        CounterCase(
            "one unit counts up", dict(zip(_SIZES, (6, 2, 3), strict=True))
        ),
        CounterCase(
            "a unit counts down",
            dict(zip(_SIZES, (8, 2, 4), strict=True)),
            seed=1,
            slope=-2.0,
        ),
        CounterCase(
            "the slope is small",
            dict(zip(_SIZES, (9, 3, 4), strict=True)),
            seed=2,
            slope=0.05,
        ),
        CounterCase(
            "a unit never moves",
            dict(zip(_SIZES, (7, 2, 3), strict=True)),
            seed=3,
            still=True,
            slope=-0.4,
        ),
        CounterCase(
            "the cell states are far from 0",
            dict(zip(_SIZES, (7, 2, 3), strict=True)),
            seed=4,
            shift=5.0,
            noise=1.5,
        ),
        CounterCase(
            "there is one unit",
            dict(zip(_SIZES, (5, 2, 1), strict=True)),
            seed=5,
            slope=3,
        ),
        CounterCase(
            "the cell states are float32",
            dict(zip(_SIZES, (8, 2, 3), strict=True)),
            seed=6,
            dtype=torch.float32,
            slope=-1.0,
        ),
    )

    def hidden_cases(self, seeds):
        """Return long ones, one sequence, strides, still units, float32."""
        case = CounterCase
        yield case(
            "the sequences are long",
            dict(zip(_SIZES, (200, 3, 10), strict=True)),
            next(seeds),
            noise=4.0,
        )
        yield case(
            "the batch holds one sequence",
            dict(zip(_SIZES, (12, 1, 5), strict=True)),
            next(seeds),
            slope=-0.7,
        )
        yield case(
            "the cell states do not lie in memory row by row",
            dict(zip(_SIZES, (9, 4, 5), strict=True)),
            next(seeds),
            contiguous=False,
        )
        yield case(
            "a unit never moves",
            dict(zip(_SIZES, (9, 2, 6), strict=True)),
            next(seeds),
            still=True,
            slope=-1.0,
        )
        yield case(
            "the cell states are far from 0",
            dict(zip(_SIZES, (20, 2, 6), strict=True)),
            next(seeds),
            shift=-20.0,
            noise=2.0,
        )
        yield case(
            "the cell states are float32",
            dict(zip(_SIZES, (30, 2, 5), strict=True)),
            next(seeds),
            torch.float32,
            slope=2.0,
        )

    def arguments(self, case):
        """Return cell states and counts, the counts as floating point."""
        numbers = case.generator()
        seq_len, batch, units = case.sizes.values()
        counts = torch.randint(9, (seq_len, batch), generator=numbers).double()
        counts[0], counts[1] = 0.0, 6.0
        states = torch.randn(
            seq_len, batch, units, generator=numbers, dtype=torch.float64
        )
        follower = int(torch.randint(units, (), generator=numbers))
        noise = states[..., follower] * case.noise
        states *= 2.0
        states[..., follower] = case.slope * (counts + noise)
        if case.still and units > 1:
            states[..., (follower + 1) % units] = 0.75
        states += case.shift
        return self.placed(case, {"cell_states": states, "counts": counts})

    def right(self, arguments):
        """Return what NumPy makes of it, unit by unit."""
        states = arguments["cell_states"].double().flatten(0, 1).numpy()
        counts = arguments["counts"].double().flatten().numpy()
        found = [
            0.0 if np.ptp(one) == 0 else np.corrcoef(one, counts)[0, 1]
            for one in states.T
        ]
        unit = int(np.argmax(np.abs(found)))
        slope = np.polyfit(counts, states[:, unit], 1)[0]
        return unit, found[unit], slope
