"""A pytest plugin that puts an app's tests under the desktop's settings.

``-p djdesk.tools.testing`` with ``DJANGO_SETTINGS_MODULE = "djdesk.overlay.settings"``. The app is
the one around the working directory, unless DJDESK_APP names another.
"""

import os

# Early: pytest-django loads the settings before any conftest.py.
os.environ.setdefault("DJDESK_MODE", "test")
