"""Small real Django projects to open and scan."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
SECRET_KEY = "x" * 50
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
"""

# A project that does not exit by itself: its settings fork a sleeping child, then sleep too.
FORKING = (
    SETTINGS
    + """
import os, time
if os.fork() == 0:
    time.sleep(120)
    os._exit(0)
time.sleep(120)
"""
)

FILES = {
    "manage.py": (
        "import os, sys\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(sys.argv)\n"
    ),
    "urls.py": "urlpatterns = []\n",
    "shop/__init__.py": "",
    "shop/models.py": (
        "from django.db import models\n\n\nclass Item(models.Model):\n"
        "    name = models.CharField(max_length=50)\n"
    ),
}


def make(folder: Path, *, forking: bool = False) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "settings.py").write_text(FORKING if forking else SETTINGS)
    return folder
