"""Fixtures for every room: a launch that this process plays server for."""

import pytest
from django.test import Client

from djdesk.desktop import launch
from djdesk.desktop.launch import LaunchConfig

TOKEN = "7" * 64
SESSION = "5" * 64
PORT = 8123


@pytest.fixture
def launch_config(settings):
    """An Electron launch: header token, no browser session."""
    before = launch.current()
    config = LaunchConfig(launch_id="0" * 16, data_dir=settings.DATA_DIR, token=TOKEN, port=PORT)
    launch.replace(config)
    yield config
    launch.replace(before)


@pytest.fixture
def stranger(launch_config):
    """A client that knows the address and nothing else."""
    return Client(SERVER_NAME="127.0.0.1", SERVER_PORT=str(PORT), HTTP_HOST=f"127.0.0.1:{PORT}")


@pytest.fixture
def client(launch_config):
    """The window: what the shell's header injection makes of every request."""
    return Client(
        SERVER_NAME="127.0.0.1",
        SERVER_PORT=str(PORT),
        HTTP_HOST=f"127.0.0.1:{PORT}",
        HTTP_X_DJDESK_TOKEN=TOKEN,
    )
