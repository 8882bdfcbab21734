"""Analyse a Django project: where it is, how it is started, what its settings say.

Reads files and runs nothing. ``djdesk init`` and apps that inspect projects build on it. Does not
use Django.
"""
