"""What `python -m djdesk.tools.stage` is made of: one step of staging in each module.

The staged folder mirrors a checkout as far as the code looks at it, so that the settings need to
know nothing of packaging::

    backend/python/        the interpreter, with the locked packages in its site-packages
    backend/app/           djdesk and inspector
    backend/build/static/  hashed static files
    backend/docs/          the documents, for reading offline
    backend/bin/djdesk     the command line
    backend/manifest.json  what is in here, with the SHA-256 of every file
"""
