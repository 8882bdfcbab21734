"""What every test of the inspector leaves behind: nothing."""

import pytest

from djdesk.tools.fixtures import client, launch_config, stranger  # noqa: F401
from inspector.engine import stages


@pytest.fixture(autouse=True)
def no_prewarmed_child():
    """The child that a scan in this process has left waiting for the next one."""
    yield
    stages.prewarmed.drop()
