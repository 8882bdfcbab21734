"""Fixtures for all tests: a launch with this process as the server."""

from djdesk.tools.fixtures import client, launch_config, stranger  # noqa: F401
