"""The Python side of a packaged app: one step of staging in each module, `build` in front.

What is staged follows from the app's table, settings and lock::

    backend/python/        the interpreter, with djdesk and the app's packages in its site-packages
    backend/app/           the app's project folder; its static files in .djdesk/static
    backend/bin/<slug>     its command line
    backend/manifest.json  what is in here, with the SHA-256 of every file
"""
