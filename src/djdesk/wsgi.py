"""WSGI entry point for settings.server; the desktop uses ``python -m djdesk.desktop serve``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "djdesk.settings.server")

application = get_wsgi_application()
