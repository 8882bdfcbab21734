"""Fixtures for all tests: a launch with this process as the server."""

from djdesk.tools.fixtures import client, client_without_token, launch_config  # noqa: F401
