"""Checks of chapter 5: one time step of a GRU, in both of its forms."""

import torch
from torch import nn

from rnnlab.checks import drive
from rnnlab.checks.cell import PARAMETERS, StepCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.lstm import AXES
from rnnlab.layout import GRU_GATES, gate_slices

CHAPTER = "05-gru"
BLOCKS = len(GRU_GATES)
_AXES = {**AXES, "gradient of bias": ("row",)}


class _Step(StepCheck):
    """What the checks of both forms share."""

    chapter = CHAPTER
    blocks = BLOCKS

    def outputs(self, returned):
        """Return the hidden state; a GRU has no other."""
        if isinstance(returned, (tuple, list)):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}. A GRU has no "
                "cell state: return the hidden state alone, a tensor."
            )
        drive.require_tensor(returned, "what it returns")
        return {"hidden_state": returned}


class GRUStep(_Step):
    """One time step of a GRU in torch's form."""

    name = "gru_step"
    equation = "eq-gru-hidden-state"
    established = (
        "Values and gradients agree with torch.nn.GRUCell (float64 and "
        "float32, 3 cases)."
    )
    hints = (
        "How many blocks of rows has weight_ih, and which of the three is no "
        "gate? gate_slices(hidden_size, GRU_GATES) has the rows of each.",
        "Two sums, x @ weight_ih.T + bias_ih and the hidden state's: where "
        "may you add them before the activation, and in which block must "
        "they stay apart?",
        "In eq-gru-candidate the reset gate multiplies all that comes from "
        "the hidden state, its bias too. In eq-gru-hidden-state an update "
        "gate of 1 keeps.",
    )
    standard = Standard("torch.nn.GRUCell", _AXES)
    forbidden = ("GRUCell", "GRU", "gru_cell", "torch.gru", "_VF")

    def right(self, case):
        """Return torch's own cell behind the learner's signature."""
        del case
        return torch_step


class LectureGRUStep(_Step):
    """One time step of a GRU in the lecture's form."""

    name = "lecture_gru_step"
    equation = "eq-gru-lecture-hidden-state"
    established = (
        "Values and gradients are those of the lecture's form, computed with "
        "torch.nn.GRUCell in another way (float64 and float32, 3 cases)."
    )
    hints = (
        "At which two places do the lecture's equations differ from torch's? "
        "Put eq-gru-lecture-candidate beside eq-gru-candidate.",
        "Where is the reset gate when the matrix product of the candidate is "
        "computed: still to come, or already in it?",
        "In eq-gru-lecture-candidate, weight_hh's last block multiplies reset "
        "gate * hidden state. In eq-gru-lecture-hidden-state the update gate "
        "stands before the candidate.",
    )
    standard = Standard("the lecture's form", _AXES)
    forbidden = ("GRUCell", "GRU", "gru_cell", "torch.gru", "_VF")

    def arguments(self, case):
        """Return x, the previous hidden state and parameters; one bias."""
        arguments = super().arguments(case)
        del arguments["bias_hh"]
        arguments["bias"] = arguments.pop("bias_ih")
        return arguments

    def right(self, case):
        """Return the lecture's form, made of torch's cells."""
        del case
        return rewired_step


def torch_step(x, prev_hidden_state, *parameters):
    """Advance torch.nn.GRUCell by one step, whatever its parameters."""
    cell = nn.GRUCell(x.shape[1], prev_hidden_state.shape[1], device="meta")
    named = dict(zip(PARAMETERS, parameters, strict=True))
    return torch.func.functional_call(cell, named, (x, prev_hidden_state))


def rewired_step(x, prev_hidden_state, weight_ih, weight_hh, bias):
    """Compute the lecture's form with torch.nn.GRUCell alone.

    A first cell has the reset block where its update block is and 0
    elsewhere, so that it returns what the reset gate lets through. A second
    cell hears that beside x, and its own update block is the negative.
    """
    rows = gate_slices(prev_hidden_state.shape[1], GRU_GATES)
    (u_r, w_r, b_r), (u_z, w_z, b_z), (u_n, w_n, b_n) = (
        (weight_ih[rows[gate]], weight_hh[rows[gate]], bias[rows[gate]])
        for gate in GRU_GATES
    )
    passed = torch_step(
        x,
        prev_hidden_state,
        torch.cat([0 * u_r, u_r, 0 * u_r]),
        torch.cat([0 * w_r, w_r, 0 * w_r]),
        torch.cat([0 * b_r, b_r, 0 * b_r]),
        0 * bias,
    )
    wide = [
        torch.cat([part, across], 1)
        for part, across in ((0 * u_n, 0 * w_n), (-u_z, 0 * w_z), (u_n, w_n))
    ]
    return torch_step(
        torch.cat([x, passed], 1),
        prev_hidden_state,
        torch.cat(wide),
        torch.cat([0 * w_z, -w_z, 0 * w_z]),
        torch.cat([0 * b_z, -b_z, b_n]),
        0 * bias,
    )
