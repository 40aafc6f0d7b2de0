"""What the tests of the checks share: one thread, and asserts that tell."""

import pytest

pytest.register_assert_rewrite("trying")


@pytest.fixture(autouse=True)
def _small(one_thread):
    """Every test here is about small tensors."""
