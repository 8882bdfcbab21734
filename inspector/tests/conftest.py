"""Fixtures for all inspector tests: nothing is left running."""

import pytest

from djdesk.tools.fixtures import client, client_without_token, launch_config  # noqa: F401
from inspector.engine import stages


@pytest.fixture(autouse=True)
def no_prewarmed_child():
    """Ends the child that a scan in this process started for the next one."""
    yield
    stages.prewarmed.drop()
