"""Checkpoints that a killed run leaves whole: written aside, then renamed."""

import os
from pathlib import Path

import torch


def save(path, state):
    """Write a checkpoint; at every moment the path holds a whole one.

    Args:
        path: Where it goes.
        state: What ``torch.save`` takes: tensors, numbers, lists, dicts.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    with aside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def load(path, device="cpu"):
    """Return the last whole checkpoint, or None where there is none.

    Args:
        path: Where it was written.
        device: Where its tensors go.
    """
    path = Path(path)
    if not path.is_file():
        return None
    return torch.load(path, map_location=device, weights_only=True)
