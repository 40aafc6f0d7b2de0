"""What the tests of several rooms share."""

import os
import shutil

import pytest


@pytest.fixture
def one_thread():
    """Run small tensors on one thread, which is faster."""
    import torch  # noqa: PLC0415 - many tests need none

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def browser():
    """Return Chromium, the system's; skip where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        say = pytest.fail if os.environ.get("REQUIRE_SYSTEM") else pytest.skip
        say("NO PAGE TESTS: no Chromium; apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield started
        started.close()
