"""What every way of running shares. Nothing here may depend on where the data folder is."""

import os
from pathlib import Path

from django.utils.csp import CSP

# The checkout, or the folder that a packaged app unpacks its Python code into.
BASE_DIR = Path(__file__).resolve().parents[3]

# What TIME_ZONE below would overwrite; djdesk.desktop.localtime gives it back.
SYSTEM_TZ = os.environ.get("TZ")

INSTALLED_APPS = [
    "inspector",
    "djdesk.desktop",
    "django_tasks_db",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # First, so that nothing else sees a request that is not ours; static files included.
    "djdesk.desktop.guard.LaunchGuardMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "djdesk.desktop.language.LanguageMiddleware",
    # Around everything that may write, sessions included; within the language of the reader.
    "djdesk.desktop.obstructed.ObstructedMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "djdesk.urls"
WSGI_APPLICATION = "djdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "djdesk.desktop.context.desktop",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Queues that the worker serves side by side, one task at a time in each lane, so that what takes
# long in one does not hold up another. A task names its queue: @task(queue_name="commands").
WORKER_LANES = [["default"], ["commands"], ["exports"]]
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": [queue for lane in WORKER_LANES for queue in lane],
    }
}

LANGUAGE_CODE = "en"
# English is the language of the source; every other one has catalogues in locale/ of each app.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# Never set by us; Django's own name would let any other project on 127.0.0.1 decide.
LANGUAGE_COOKIE_NAME = "djdesk_language"
# What is stored. Times are shown in the machine's zone.
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "djdesk.desktop.staticfiles.HashedStaticFilesStorage"},
}
# The pages are served from the address that they were loaded from; nobody else may read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Where the handbook is on the web, if anywhere: `https://example.org/help/{language}/`. Help then
# offers to open the same topic there; nothing is fetched by the app.
HELP_URL = os.environ.get("DJDESK_HELP_URL", "")

# Messages travel in a signed cookie: no session table, and no login that would need one.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "frame-src": [CSP.NONE],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
# Cookies cross ports on 127.0.0.1, so these names must not be the ones every Django project uses.
CSRF_COOKIE_NAME = "djdesk_csrftoken"
SESSION_COOKIE_NAME = "djdesk_session"
