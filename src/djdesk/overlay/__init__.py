"""Turns a project's ordinary settings into those of a desktop app.

The project's own settings module is loaded as it is. Then the rules in ``rules/`` look at its
values, one after the other; each returns what it changes and one line that says what and why.
``djdesk.overlay.settings`` is the settings module of every desktop process. docs/overlay.md lists
the rules.
"""
