"""Reading somebody's Django project: where it is, how it is started, what its settings say.

Reads files and runs nothing. ``djdesk init`` and apps that look into projects build on it. Free of
Django.
"""
