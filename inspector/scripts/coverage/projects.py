"""The real projects to measure, and how to create the environment of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Project:
    """One repository: ``name`` is owner/name, ``folder`` the part of it to inspect.

    ``requirements``: arguments of ``uv pip install``, run in the repository; an empty tuple means
    ``uv sync`` with its lock file. ``without``: packages left out because they need a compiler or a
    database's headers. ``build``: constraints for building packages. ``before``: manage.py commands
    that a developer runs first. ``copies``: files that a developer copies from a sample, ``files``
    those that one writes, with their text. ``env`` and ``folders``: variables and folders that the
    project needs; only the independent script gets them, because a user who opens a project has
    not created them. ``unseen``: never scanned before this version of the engine.
    """

    name: str
    python: str
    requirements: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    folder: str = "."
    settings: str | None = None
    before: tuple[tuple[str, ...], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    folders: tuple[str, ...] = ()
    kind: str = ""
    unseen: bool = False


def variables(text: str) -> tuple[tuple[str, str], ...]:
    """Those of a `.env` file that only manage.py reads, for the independent script."""
    lines = (line.partition("=") for line in text.splitlines())
    return tuple((name, value) for name, _, value in lines)


PINNED = ("-r", "requirements.txt")
POETRY = ("-r", "poetry.lock")

# As their documentation asks for it.
MA_CANTINE = """\
SECRET=a-developers-own-secret-of-fifty-letters-and-signs-01234567
DEBUG=True
DEBUG_FRONT=False
DB_USER=macantine_egalim_team
DB_PASSWORD=password
DB_HOST=127.0.0.1
DB_PORT=5432
DB_NAME=macantine_egalim
HOSTNAME=127.0.0.1:8000
ALLOWED_HOSTS=localhost
STATICFILES_STORAGE=django.contrib.staticfiles.storage.StaticFilesStorage
DEFAULT_FILE_STORAGE=django.core.files.storage.FileSystemStorage
FORCE_HTTPS=False
SECURE=False
EMAIL_BACKEND=django.core.mail.backends.console.EmailBackend
DEFAULT_FROM_EMAIL=ma-cantine@example.com
CONTACT_EMAIL=contact@example.com
REDIS_URL=redis://localhost:6379/0
ENVIRONMENT=dev
"""
# The sample's values, with its references to other variables filled in.
BLT = """\
DEBUG=True
SECRET_KEY=a-developers-own-secret-of-fifty-letters-and-signs-01234567
DATABASE_URL=postgres://postgres:postgres@localhost:5432/example_db
"""

PROJECTS = [
    Project("babybuddy/babybuddy", "3.12", PINNED,
            before=(("createcachetable", "--settings", "babybuddy.settings.development"),
                    ("migrate", "--settings", "babybuddy.settings.development"),
                    ("migrate", "axes", "zero", "--settings", "babybuddy.settings.development")),
            env=(("SECRET_KEY", "x"),), kind="settings per place, some migrations applied"),
    Project("bugsink/bugsink", "3.12", PINNED, kind="two databases, own user model"),
    Project("django-cms/django-cms-quickstart", "3.12", PINNED, ("psycopg2", "uwsgi"),
            kind="no models of its own"),
    Project("django-oscar/django-oscar", "3.12", ("-e", ".[test]"), folder="sandbox",
            kind="the sandbox of a library"),
    Project("healthchecks/healthchecks", "3.12", PINNED, before=(("migrate",),),
            kind="all migrations applied"),
    Project("horilla-opensource/horilla", "3.11", PINNED, kind="large, generic relations"),
    Project("justdjango/django-ecommerce", "3.8", PINNED, build=("setuptools<58",),
            kind="Django 2.2, database in git"),
    Project("mdn/django-locallibrary-tutorial", "3.12", PINNED, kind="a tutorial's"),
    Project("pretalx/pretalx", "3.13", ("-e", ".[dev]"), folder="src", kind="in src/"),
    Project("sissbruecker/linkding", "3.13", (), ("uwsgi",), folders=("data",), kind="uv lock"),
    Project("wger-project/wger", "3.13", (), env=(
                ("DJANGO_DB_ENGINE", "django.db.backends.sqlite3"), ("DJANGO_DB_DATABASE", "db")),
            kind="uv lock, settings beside the package"),
    Project("CiviWiki/OpenCiviWiki", "3.9", POETRY, folder="project",
            kind="lock of Poetry"),
    Project("DjangoCRM/django-crm", "3.12", PINNED, ("mysqlclient",),
            kind="settings as a package"),
    Project("LibraryOfCongress/concordia", "3.12", ("-r", "Pipfile.lock"), ("pylibmc",),
            kind="lock of Pipenv, PostgreSQL"),
    Project("milesmcc/shynet", "3.9", POETRY, build=("setuptools<58",), folder="shynet",
            kind="lock of Poetry, Django 4"),
    Project("Princeton-CDH/geniza", "3.12", ("-r", "requirements.lock"), ("-e",),
            copies=(("geniza/settings/local_settings.py.sample",
                     "geniza/settings/local_settings.py"),),
            kind="split settings, translated models"),
    Project("ubccr/coldfront", "3.12", (), kind="plugins by variables"),
    Project("Cloud-CV/EvalAI", "3.9",
            ("-r", "requirements/common.txt", "pyyaml", "psycopg2-binary", "django-silk==4.1.0",
             "django-debug-toolbar==3.2.1", "django-extensions==3.1.0",
             "django-spaghetti-and-meatballs==0.3.1", "moto==1.3.14", "setuptools<58"),
            ("PyYaml", "psycopg2", "pycurl", "docker-compose", "moto", "cfn-lint"),
            ("setuptools<58",), kind="Django 2.2, settings per place, API"),
    Project("hackerspace-ntnu/website", "3.12", PINNED, ("psycopg2",),
            kind="site of a club"),
    Project("jointakahe/takahe", "3.11", PINNED, ("pylibmc", "python-memcached"),
            kind="server of a network, typed settings"),
    Project("MAKENTNU/web", "3.11", (), ("python-ldap",), copies=((".env.example", ".env"),),
            kind="several hosts, two languages"),
    Project("pythonindia/junction", "3.9", (*PINNED, "setuptools<58", "psycopg2-binary"),
            ("psycopg2",), ("setuptools<58",),
            copies=(("settings/dev.py.sample", "settings/dev.py"),),
            kind="Django 3.2, split settings"),
    Project("raveberry/raveberry", "3.11",
            ("-r", "backend/requirements/common.txt", "cryptography", "pyyaml",
             "psycopg2-binary", "psycopg"),
            ("cryptography", "pyyaml", "raveberry-visualization"), folder="backend",
            kind="channels and Celery, in backend/"),
    Project("aboutcode-org/vulnerablecode", "3.12",
            ("-e", ".[dev]", "-c", "requirements.txt", "pip", "setuptools<81"),
            files=((".env", 'SECRET_KEY="dGhlIGRldmVsb3BlcidzIG93biBrZXkgb2YgZmlmdHkgc2lnbnM"\n'
                            'ALTCHA_HMAC_KEY="6f0b9d4e2a7c4c55b1e8f3a2d9c07b64"\n'),),
            kind="PostgreSQL, pipelines, settings from .env"),
    Project("bcgov/zeva", "3.9", ("-r", "backend/requirements.txt", "setuptools<58"),
            build=("setuptools<58",), folder="backend", kind="API of a government, Django 3.2"),
    Project("broadinstitute/seqr", "3.11",
            ("-r", "requirements.txt", "-r", "requirements-dev.txt", "urllib3==2.6.3",
             "setuptools<81"), ("-r", "urllib3"),
            kind="PostgreSQL and ClickHouse"),
    Project("inducer/relate", "3.13",
            ("--no-sources", "-r", "pyproject.toml", "--exclude-newer", "2026-08-23"),
            ('"pysaml2',),
            copies=(("local_settings_example.py", "local_settings.py"),),
            kind="courses, Django 6"),
    Project("KoalixSwitzerland/koalixcrm", "3.11",
            ("-r", "requirements/development_requirements.txt"),
            kind="old, several settings"),
    Project("zestedesavoir/zds-site", "3.11",
            ("-r", "requirements.txt", "-r", "requirements-dev.txt", "setuptools<81"), ("-r",),
            kind="large site in French"),
    Project("betagouv/ma-cantine", "3.12", (*PINNED, "django-magicauth"), ("django-magicauth",),
            files=((".env", MA_CANTINE),), env=variables(MA_CANTINE),
            kind="PostgreSQL, settings from .env, Wagtail"),
    Project("dotkom/onlineweb4", "3.12", (), kind="uv lock, settings as a package"),
    Project("fsinfuhh/Bitpoll", "3.13", PINNED,
            copies=(("bitpoll/settings_local.sample.py", "bitpoll/settings_local.py"),),
            kind="small, Django 6, local settings"),
    Project("GSA-TTS/FAC", "3.12",
            ("-r", "backend/requirements.txt", "-r", "backend/dev-requirements.txt"),
            folder="backend", env=(("SECRET_KEY", "x"),),
            kind="two databases, audits of a government"),
    Project("learningequality/studio", "3.10",
            ("-r", "requirements.txt", "-r", "requirements-dev.txt"), ("-c",),
            folder="contentcuration", kind="Django 3.2, PostgreSQL"),
    Project("OWASP-BLT/BLT", "3.11", POETRY, ("pylibmc",),
            files=((".env", BLT),), kind="large, lock of Poetry, settings from .env"),
    Project("c3g/freezeman", "3.13", ("-r", "backend/requirements.txt"), folder="backend",
            kind="samples of a laboratory, PostgreSQL, Django 6", unseen=True),
    Project("certsocietegenerale/FIR", "3.12",
            (*PINNED, "djangorestframework", "django-filter", "pyparsing", "abuse_finder>=0.3",
             "celery", "redis", "python-simplexml", "protocol", "xmpppy"), ("mysqlclient",),
            copies=(("fir/config/installed_apps.txt.sample", "fir/config/installed_apps.txt"),),
            kind="apps from a text file, open versions", unseen=True),
    Project("harvard-lil/h2o", "3.11", ("-r", "web/requirements.txt"), ("uwsgi",), folder="web",
            kind="casebooks, Django 3.2, split settings", unseen=True),
    Project("juntagrico/juntagrico", "3.12", PINNED, kind="library with settings for developers",
            unseen=True),
    Project("SkyCascade/SkyLearn", "3.11",
            ("-r", "requirements/base.txt", "-r", "requirements/local.txt", "setuptools<81"),
            ("-r",), copies=((".env.example", ".env"),),
            kind="school, Django 4.0, settings from .env", unseen=True),
    Project("TabbycatDebate/tabbycat", "3.11", ("-r", "Pipfile.lock"), folder="tabbycat",
            copies=(("tabbycat/settings/local.example", "tabbycat/settings/local.py"),),
            kind="lock of Pipenv, tournaments, split settings", unseen=True),
]  # fmt: skip
