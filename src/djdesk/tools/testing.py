"""A pytest plugin that runs an app's tests with the desktop settings.

Use ``-p djdesk.tools.testing`` with ``DJANGO_SETTINGS_MODULE = "djdesk.overlay.settings"``. The app
is found from the working directory, unless DJDESK_APP names another.
"""

import os

# At import: pytest-django loads the settings before any conftest.py.
os.environ.setdefault("DJDESK_MODE", "test")
