"""Fixtures for every room: a launch that this process plays server for."""

from djdesk.tools.fixtures import client, launch_config, stranger  # noqa: F401
