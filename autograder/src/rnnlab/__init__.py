"""The learner's kit: tasks, probes, plots, short training loops, checks."""

import torch

__version__ = "0.1.0"


def device():
    """Return the device to compute on: CUDA, else MPS, else the CPU.

    Returns:
        torch.device: the fastest device that this machine offers.
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")
