"""Which package provides a module, and which Python version added or removed a module."""

from __future__ import annotations

import re

# Modules whose package has a different name.
PACKAGES = {
    "PIL": "Pillow",
    "cv2": "opencv-python",
    "yaml": "PyYAML",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "decouple": "python-decouple",
    "rest_framework": "djangorestframework",
    "rest_framework_simplejwt": "djangorestframework-simplejwt",
    "corsheaders": "django-cors-headers",
    "debug_toolbar": "django-debug-toolbar",
    "crispy_forms": "django-crispy-forms",
    "crispy_bootstrap5": "crispy-bootstrap5",
    "django_filters": "django-filter",
    "drf_yasg": "drf-yasg",
    "drf_spectacular": "drf-spectacular",
    "allauth": "django-allauth",
    "storages": "django-storages",
    "guardian": "django-guardian",
    "import_export": "django-import-export",
    "simple_history": "django-simple-history",
    "taggit": "django-taggit",
    "mptt": "django-mptt",
    "modelcluster": "django-modelcluster",
    "phonenumber_field": "django-phonenumber-field",
    "imagekit": "django-imagekit",
    "compressor": "django-compressor",
    "webpack_loader": "django-webpack-loader",
    "widget_tweaks": "django-widget-tweaks",
    "django_celery_beat": "django-celery-beat",
    "django_celery_results": "django-celery-results",
    "social_django": "social-auth-app-django",
    "constance": "django-constance",
    "waffle": "django-waffle",
    "axes": "django-axes",
    "anymail": "django-anymail",
    "psycopg2": "psycopg2-binary",
    "MySQLdb": "mysqlclient",
    "bs4": "beautifulsoup4",
    "jwt": "PyJWT",
    "dateutil": "python-dateutil",
    "magic": "python-magic",
    "configurations": "django-configurations",
    "pkg_resources": "setuptools<81",
    "split_settings": "django-split-settings",
    "sentry_sdk": "sentry-sdk",
    "google.cloud.storage": "google-cloud-storage",
    "OpenSSL": "pyOpenSSL",
    "Crypto": "pycryptodome",
    "git": "GitPython",
    "ldap": "python-ldap",
    "slugify": "python-slugify",
    "attr": "attrs",
    "markdown": "Markdown",
    "haystack": "django-haystack",
    "polymorphic": "django-polymorphic",
    "reversion": "django-reversion",
    "model_utils": "django-model-utils",
    "treebeard": "django-treebeard",
    "unfold": "django-unfold",
    "jsonfield": "jsonfield",
    "sorl": "sorl-thumbnail",
}
# Common modules whose package has the same name.
SAME = {
    "arrow", "bleach", "boto3", "celery", "channels", "cryptography", "daphne", "django",
    "django_extensions", "django_htmx", "django_rq", "django_tables2", "djoser", "easy_thumbnails",
    "environs", "faker", "flower", "graphene", "graphene_django", "gunicorn",
    "httpx", "huey", "jinja2", "kombu", "lxml", "numpy", "openpyxl",
    "packaging", "pandas", "psycopg", "pydantic", "pymongo", "pymysql", "pytest",
    "pytz", "redis", "reportlab", "requests", "rq", "six", "stripe",
    "uvicorn", "wagtail", "weasyprint", "whitenoise", "xlsxwriter", "django_redis",
}  # fmt: skip
# Standard library: the first Python that has a module, and the first that no longer has it.
SINCE = {"zoneinfo": "3.9", "graphlib": "3.9", "tomllib": "3.11", "annotationlib": "3.14"}
UNTIL = {
    **dict.fromkeys(("distutils", "imp", "asyncore", "asynchat", "smtpd"), "3.12"),
    **dict.fromkeys(
        ("cgi", "cgitb", "crypt", "imghdr", "mailcap", "nntplib", "pipes", "sndhdr", "telnetlib"),
        "3.13",
    ),
}
# Standard library names added after their module, as (module, name).
NAMES_SINCE = {
    ("enum", "StrEnum"): "3.11",
    ("datetime", "UTC"): "3.11",
    ("typing", "Self"): "3.11",
    ("typing", "Never"): "3.11",
    ("typing", "LiteralString"): "3.11",
    ("typing", "override"): "3.12",
    ("typing", "TypeAlias"): "3.10",
    ("typing", "ParamSpec"): "3.10",
    ("itertools", "pairwise"): "3.10",
    ("itertools", "batched"): "3.12",
    ("functools", "cache"): "3.9",
    ("warnings", "deprecated"): "3.13",
    ("contextlib", "chdir"): "3.11",
}


def package_of(module: str) -> str:
    """The package to install for a dotted module name."""
    return PACKAGES.get(module) or PACKAGES.get(
        module.partition(".")[0], module.partition(".")[0].replace("_", "-")
    )


def known(module: str) -> bool:
    """Whether the table has the module's package."""
    return module in PACKAGES or module.partition(".")[0] in SAME | PACKAGES.keys()


def older(python: str | None, than: str) -> bool:
    """Whether a version such as "3.12.4" is below "3.14"; True if unknown."""
    if not python:
        return True
    numbers = [int(part) for part in re.findall(r"\d+", python)[:2]]
    return numbers < [int(part) for part in than.split(".")]
