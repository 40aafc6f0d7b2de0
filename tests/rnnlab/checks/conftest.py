"""What the tests of the checks share: one thread, and the way to trying."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.append(str(Path(__file__).parent))
pytest.register_assert_rewrite("trying")


@pytest.fixture(autouse=True)
def _one_thread():
    """Run small tensors on one thread, which is faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
