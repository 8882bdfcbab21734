"""pytest fixtures for tests that go through the desktop's guard.

Import them in the app's ``conftest.py``::

    from djdesk.tools.fixtures import client, client_without_token, launch_config  # noqa: F401
"""

import pytest
from django.test import Client

from djdesk.desktop import launch
from djdesk.desktop.guard import TOKEN_HEADER
from djdesk.desktop.launch import LaunchConfig

TOKEN = "7" * 64
SESSION = "5" * 64
PORT = 8123


@pytest.fixture
def launch_config(settings):
    """A launch config of the window, with this process as the server: a token, no
    browser session.
    """
    before = launch.current()
    config = LaunchConfig(launch_id="0" * 16, data_dir=settings.DATA_DIR, token=TOKEN, port=PORT)
    launch.replace(config)
    yield config
    launch.replace(before)  # type: ignore[arg-type]


@pytest.fixture
def client_without_token(launch_config):
    """A client without credentials."""
    return Client(SERVER_NAME="127.0.0.1", SERVER_PORT=str(PORT), HTTP_HOST=f"127.0.0.1:{PORT}")


@pytest.fixture
def client(launch_config):
    """A client that the guard accepts, with the header that the shell adds."""
    return Client(
        SERVER_NAME="127.0.0.1",
        SERVER_PORT=str(PORT),
        HTTP_HOST=f"127.0.0.1:{PORT}",
        **{TOKEN_HEADER: TOKEN},
    )
