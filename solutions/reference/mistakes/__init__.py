"""Catalogued mistakes, a module or more a task; importing fills the list."""

from reference.catalogue import MISTAKES
from reference.mistakes import (
    clip_by_norm,
    clip_by_norm_effects,
    clip_by_value,
    global_gradient_norm,
    hold_forever,
    lstm_step,
    lstm_step_blocks,
    lstm_step_states,
    lstm_unroll,
    lstm_unroll_returns,
    open_forget_gate,
    open_forget_gate_scope,
    train_with_recovery,
)

__all__ = [
    "MISTAKES",
    "clip_by_norm",
    "clip_by_norm_effects",
    "clip_by_value",
    "global_gradient_norm",
    "hold_forever",
    "lstm_step",
    "lstm_step_blocks",
    "lstm_step_states",
    "lstm_unroll",
    "lstm_unroll_returns",
    "open_forget_gate",
    "open_forget_gate_scope",
    "train_with_recovery",
]
