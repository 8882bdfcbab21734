"""What a Django project needs to become a desktop app, read from its files; nothing of it runs.

The rules of ``djdesk init`` and the shape of its report. In a packaged app as well, for pages
that show the same.
"""
