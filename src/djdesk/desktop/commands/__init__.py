"""Subcommands of ``djdesk`` that work when the app does not start: no Django, no server."""
