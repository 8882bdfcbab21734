"""Turns a project's ordinary settings into those of a desktop app.

The project's own settings module is loaded unchanged. Then the rules in ``rules/`` are applied in
order; each returns its changes and one line that says what and why. ``djdesk.overlay.settings`` is
the settings module of every desktop process. docs/overlay.md lists the rules.
"""
