"""Fixtures for all inspector tests: nothing is left running."""

import pytest

from djdesk.tools.fixtures import client, client_without_token, launch_config  # noqa: F401
from inspector.engine import stages


@pytest.fixture(autouse=True)
def no_prewarmed_child(monkeypatch):
    """A scan in this process starts no child for the next one; test_prewarmed.py is about that."""
    monkeypatch.setattr(stages.prewarmed, "prepare", lambda: None)
    yield
    stages.prewarmed.drop()
