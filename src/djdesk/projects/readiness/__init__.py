"""What a Django project needs to become a desktop app, read from its files; runs none of its code.

The rules of ``djdesk init`` and the format of its report. Also part of a packaged app, for pages
that show the same.
"""
