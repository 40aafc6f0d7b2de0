"""What the tests of the checks share: one thread, and asserts that tell."""

import pytest
import torch

pytest.register_assert_rewrite("trying")


@pytest.fixture(autouse=True)
def _one_thread():
    """Run small tensors on one thread, which is faster."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
