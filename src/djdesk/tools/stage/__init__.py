"""Staging of a packaged app's Python side: one step per module, run by `build`.

The result depends on the app's table, settings and lock::

    backend/python/        the interpreter, with djdesk and the app's packages in its site-packages
    backend/app/           the app's project folder; its static files in .djdesk/static
    backend/bin/<slug>     its command line
    backend/manifest.json  a list of all files with their SHA-256
"""
