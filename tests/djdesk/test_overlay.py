"""The overlay's rules: each with settings that need it, and with some that only seem to."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ImproperlyConfigured
from django.urls import include, path, re_path

from djdesk.app import App, Data, Pages
from djdesk.overlay.apply import OverlayProblem, lay_over, load
from djdesk.overlay.clashes import refuse_clashes
from djdesk.overlay.rule import Context
from djdesk.overlay.rules import RULES
from tests.environment import PARITY

PROJECT, DATA = Path("/project"), Path("/data")
APP = App(
    root=PROJECT, name="Shelf", id="org.example.my-shelf", slug="my-shelf", version="1",
    description="", publisher="", settings="shelf.settings", icon="", scheme="",
    languages=("en", "de"), help_url="", online_help="", preferences="",
)  # fmt: skip
HERE = Context(
    app=APP, mode="packaged", data_dir=DATA, django=(6, 1), launched=True, secret_key="k" * 50
)
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/project/db.sqlite3"}
BARE = {"ROOT_URLCONF": "shelf.urls", "DATABASES": {"default": SQLITE}}
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
LOGIN = "django.contrib.auth.middleware.AuthenticationMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"


class RedisLikeCache(LocMemCache):
    """Named like a server's cache, but local."""


def changed(rule: str, settings: dict, context: Context = HERE) -> dict:
    """The rule's changes; empty if it has nothing to do."""
    decision = RULES[rule]({"MIDDLEWARE": [], **settings}, context)
    if decision is None:
        return {}
    assert decision.said and "\n" not in decision.said
    return decision.changes


def of_app(**values) -> Context:
    return replace(HERE, app=replace(APP, **values))


def in_mode(mode: str, **values) -> Context:
    return replace(HERE, mode=mode, **values)


def test_run1_the_guard_is_first_and_the_project_comes_before_us():
    made = changed(
        "RUN1",
        {"INSTALLED_APPS": ["shelf"], "MIDDLEWARE": [SECURITY, SESSIONS], "TEMPLATES": []},
    )
    assert made["INSTALLED_APPS"][:2] == ["shelf", "djdesk.desktop"]
    names = [name.rpartition(".")[2] for name in made["MIDDLEWARE"]]
    assert names == [
        "LaunchGuardMiddleware", "SecurityMiddleware", "ObstacleMiddleware",
        "SessionMiddleware", "MessageMiddleware",
    ]  # fmt: skip
    assert made["TEMPLATES"][0]["NAME"] == "desktop"
    assert "django_tasks" not in made["INSTALLED_APPS"]
    backport = changed("RUN1", BARE, replace(HERE, django=(5, 2)))
    assert "django_tasks" in backport["INSTALLED_APPS"]


@pytest.mark.parametrize("django", [(5, 2), (6, 0)])
def test_the_kind_of_primary_key_is_the_projects_and_djangos(django):
    """A different key type would look like a missing migration."""
    assert "DEFAULT_AUTO_FIELD" not in changed("RUN1", BARE, replace(HERE, django=django))


def test_run1_nothing_is_there_twice():
    listed = ["djdesk.desktop", "django_tasks_db", "django.contrib.messages.apps.MessagesConfig"]
    made = changed("RUN1", {"INSTALLED_APPS": listed})
    assert made["INSTALLED_APPS"] == [
        *listed,
        "djdesk.desktop.jobs",
        "django.contrib.staticfiles",
    ]
    engine = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"context_processors": ["djdesk.desktop.context.desktop", "shelf.mine"]},
    }
    made = changed("RUN1", {"TEMPLATES": [engine]})
    processors = made["TEMPLATES"][0]["OPTIONS"]["context_processors"]
    assert processors[:2] == ["djdesk.desktop.context.desktop", "shelf.mine"]
    assert len(set(processors)) == len(processors)
    assert engine["OPTIONS"]["context_processors"] == [
        "djdesk.desktop.context.desktop",
        "shelf.mine",
    ]


def test_lang1_the_languages_of_the_table_unless_the_project_names_its_own():
    made = changed("LANG1", {"MIDDLEWARE": ["guard"]})
    assert made["LANGUAGES"] == [("en", "English"), ("de", "Deutsch")]
    assert made["MIDDLEWARE"] == ["djdesk.desktop.language.LanguageMiddleware", "guard"]
    own = {
        "LANGUAGES": [("fr", "Français")],
        "MIDDLEWARE": ["django.middleware.locale.LocaleMiddleware"],
    }
    assert changed("LANG1", own) == {}


def test_url1_wraps_the_urls_of_the_project():
    assert changed("URL1", BARE)["PROJECT_URLCONF"] == "shelf.urls"
    with pytest.raises(OverlayProblem, match="URL1: the settings name no ROOT_URLCONF"):
        changed("URL1", {})


def view(request, **kwargs): ...


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        (path("desktop/mine/", view, name="mine"), "'desktop/mine/' (name “mine”)"),
        (re_path(r"^desktop\/all/$", view), "'desktop/all/'"),
        (path("", include([path("desktop/", include([path("x/", view)]))])), "'desktop/'"),
    ],
)
def test_url1_a_clash_is_named(pattern, named):
    with pytest.raises(ImproperlyConfigured) as caught:
        refuse_clashes([path("books/", view), pattern])
    assert f"URL1: the pattern {named} begins with /" in str(caught.value)


def test_url1_what_only_looks_like_a_clash_is_none():
    refuse_clashes(
        [
            path("desktop-app/", view), path("<slug:page>/", view), path("<path:any>", view),
            re_path(r"^(?P<page>\w+)/$", view), path("shop/", include([path("desktop/", view)])),
            path("health/", view),
        ]
    )  # fmt: skip


def test_db1_every_sqlite_file_goes_to_the_data_folder():
    own = {"timeout": 1, "init_command": "PRAGMA foreign_keys=ON;"}
    databases = {
        "default": SQLITE | {"ATOMIC_REQUESTS": True, "OPTIONS": own},
        "archive": SQLITE | {"NAME": "var/old.sqlite3"},
        "second": SQLITE | {"NAME": "app.db"},
        "memory": SQLITE | {"NAME": ":memory:"},
        "far": {"ENGINE": "django.db.backends.postgresql", "NAME": "x"},
    }
    made = changed("DB1", {"DATABASES": databases})["DATABASES"]
    assert made["default"]["NAME"] == DATA / "app.sqlite3" and made["default"]["ATOMIC_REQUESTS"]
    assert made["archive"]["NAME"] == DATA / "old.sqlite3"
    assert made["second"]["NAME"] == DATA / "second.sqlite3", "not the default's file"
    assert made["memory"]["NAME"] == DATA / "memory.sqlite3"
    assert made["far"] == databases["far"]
    options = made["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE" and options["timeout"] == 10
    assert options["init_command"].startswith("PRAGMA journal_mode=WAL;")
    assert options["init_command"].endswith("PRAGMA foreign_keys=ON")
    assert databases["default"]["OPTIONS"] is own and own["timeout"] == 1
    assert "TEST" not in made["default"]
    made = changed("DB1", {"DATABASES": databases}, in_mode("test"))["DATABASES"]
    assert made["default"]["TEST"]["NAME"] == DATA / "test-app.sqlite3"


def test_db1_a_backend_made_from_sqlites_is_one_and_a_namesake_is_not(tmp_path, monkeypatch):
    own = "from django.db.backends.sqlite3.base import DatabaseWrapper as A\n"
    for name, code in (
        ("timed_sqlite", f"{own}class DatabaseWrapper(A): ...\n"),
        ("sqlite_namesake", "class DatabaseWrapper: ...\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "base.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    made = changed("DB1", {"DATABASES": {"default": SQLITE | {"ENGINE": "timed_sqlite"}}})
    default = made["DATABASES"]["default"]
    assert default["ENGINE"] == "timed_sqlite" and default["NAME"] == DATA / "app.sqlite3"
    with pytest.raises(OverlayProblem, match="sqlite_namesake"):
        changed("DB1", {"DATABASES": {"default": {"ENGINE": "sqlite_namesake"}}})


@pytest.mark.parametrize("default", [{}, {"ENGINE": "django.db.backends.postgresql"}])
def test_db1_another_default_is_refused_with_the_way_out(default):
    with pytest.raises(OverlayProblem, match=r"DB1: DATABASES\['default'\].*set ENGINE to"):
        changed("DB1", {"DATABASES": {"default": default}})


def test_sec1_a_key_of_the_install_and_names_of_cookies():
    settings = {"SECRET_KEY": "in git", "DEBUG": True, "SESSION_COOKIE_DOMAIN": ".example.org"}
    made = changed("SEC1", settings)
    assert (made["SECRET_KEY"], made["DEBUG"]) == ("k" * 50, False)
    assert made["CSRF_COOKIE_NAME"] == "my_shelf_csrftoken"
    assert made["SESSION_COOKIE_NAME"] == "my_shelf_session"
    assert made["SESSION_COOKIE_DOMAIN"] is None
    assert changed("SEC1", settings, in_mode("development"))["DEBUG"] is True
    assert changed("SEC1", settings, in_mode("test"))["DEBUG"] is False


def test_sec2_what_needs_tls_or_a_proxy_is_off():
    settings = {
        "ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": True, "SESSION_COOKIE_SECURE": True,
        "SECURE_PROXY_SSL_HEADER": ("X", "https"), "SILENCED_SYSTEM_CHECKS": ["shelf.W001"],
    }  # fmt: skip
    made = changed("SEC2", settings)
    assert made["ALLOWED_HOSTS"] == ["127.0.0.1"]
    assert not made["SECURE_SSL_REDIRECT"] and not made["SESSION_COOKIE_SECURE"]
    assert made["SECURE_PROXY_SSL_HEADER"] is None
    assert made["SILENCED_SYSTEM_CHECKS"][0] == "shelf.W001"
    local = changed("SEC2", {"ALLOWED_HOSTS": ["localhost", "example.org"]})
    assert local["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]
    assert changed("SEC2", {"X_FRAME_OPTIONS": "DENY"})["X_FRAME_OPTIONS"] == "DENY"
    runserver = in_mode("development", launched=False)
    assert changed("SEC2", {}, runserver)["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]


def test_csp1_by_the_table_by_django_or_by_ourselves():
    made = changed("CSP1", {"MIDDLEWARE": [SECURITY]})
    assert "'unsafe-inline'" not in str(made["SECURE_CSP"])
    assert made["MIDDLEWARE"][1] == "django.middleware.csp.ContentSecurityPolicyMiddleware"
    older = changed("CSP1", {"MIDDLEWARE": [SECURITY]}, replace(HERE, django=(5, 2)))
    assert older["MIDDLEWARE"][1].startswith("djdesk.desktop.content_security.")
    relaxed = changed("CSP1", {}, of_app(pages=Pages(csp="relaxed")))
    assert "'unsafe-inline'" in relaxed["SECURE_CSP"]["script-src"]
    assert "SECURE_CSP_REPORT_ONLY" not in relaxed
    report = changed("CSP1", {}, of_app(pages=Pages(csp="report")))
    assert report["SECURE_CSP"] == relaxed["SECURE_CSP"]
    assert report["SECURE_CSP_REPORT_ONLY"] == made["SECURE_CSP"]


def test_csp1_a_policy_of_the_project_stays():
    made = changed("CSP1", {"SECURE_CSP": {"default-src": ["'self'"]}})
    assert "SECURE_CSP" not in made and made["MIDDLEWARE"]


def test_cache1_by_the_class_not_by_its_name():
    caches = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://x", "TIMEOUT": 5, "OPTIONS": {"db": 1},
        },
        "gone": {"BACKEND": "no_such_package.Cache"},
        "mine": {"BACKEND": f"{__name__}.RedisLikeCache"},
        "rows": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "t"},
        "files": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"},
    }  # fmt: skip
    made = changed("CACHE1", {"CACHES": caches})["CACHES"]
    assert made["default"] == {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA / "cache" / "default", "TIMEOUT": 5,
    }  # fmt: skip
    assert made["gone"]["LOCATION"] == DATA / "cache" / "gone"
    assert made["files"]["LOCATION"] == DATA / "cache" / "files"
    assert made["mine"] == caches["mine"]
    assert made["rows"]["LOCATION"] == DATA / "cache" / "rows", "no migration makes its table"
    assert changed("CACHE1", {"CACHES": {"mine": caches["mine"]}}) == {}
    assert changed("CACHE1", {}) == {}


def test_sess1_sessions_outlive_the_process():
    prefix = "django.contrib.sessions.backends"
    installed = {"INSTALLED_APPS": ["django.contrib.sessions"]}
    cache = {"SESSION_ENGINE": f"{prefix}.cache"}
    assert changed("SESS1", cache | installed)["SESSION_ENGINE"] == f"{prefix}.db"
    assert changed("SESS1", cache)["SESSION_ENGINE"] == f"{prefix}.signed_cookies"
    files = changed("SESS1", {"SESSION_ENGINE": f"{prefix}.file"})
    assert files == {"SESSION_FILE_PATH": "/data/sessions"}
    assert changed("SESS1", {"SESSION_ENGINE": f"{prefix}.cached_db"}) == {}
    assert changed("SESS1", {}) == {}


def test_mail1_mail_is_written_to_a_folder_unless_the_table_says_otherwise():
    made = changed("MAIL1", {"EMAIL_HOST": "smtp", "EMAIL_SUBJECT_PREFIX": "[x]"})
    assert made["MAILERS"]["default"]["OPTIONS"] == {"file_path": "/data/outbox"}
    assert "EMAIL_HOST" in made and "EMAIL_SUBJECT_PREFIX" not in made
    older = changed("MAIL1", {"EMAIL_HOST": "smtp"}, replace(HERE, django=(5, 2)))
    assert (
        "EMAIL_HOST" not in older
        and older["EMAIL_FILE_PATH"] == "/data/outbox"
        and "MAILERS" not in older
    )
    both = changed("MAIL1", {"MAILERS": {"default": {}, "news": {}}})
    assert set(both["MAILERS"]) == {"default", "news"}
    # With MAILERS empty, as in a project that found no mail server, sending mail would fail.
    assert changed("MAIL1", {"MAILERS": {}})["MAILERS"] == made["MAILERS"]
    older = changed("MAIL1", {"EMAIL_HOST": ""}, replace(HERE, django=(5, 2)))
    assert older["EMAIL_HOST"] == "localhost"
    assert changed("MAIL1", {"EMAIL_HOST": "smtp"}, of_app(data=Data(mail="project"))) == {}
    assert changed("MAIL1", {"EMAIL_HOST": "smtp"}, in_mode("test")) == {}


def test_stat1_hashed_for_users_and_as_they_are_for_developers():
    settings = {"STATIC_URL": "https://cdn.example.org/", "STATIC_ROOT": "/srv/static"}
    made = changed("STAT1", settings)
    assert made["STATIC_URL"] == "/static/"
    assert made["STATIC_ROOT"] == PROJECT / ".djdesk" / "static"
    assert "Hashed" in made["STORAGES"]["staticfiles"]["BACKEND"]
    assert not made["WHITENOISE_USE_FINDERS"]
    for mode in ("development", "test"):
        plain = changed("STAT1", {"STATIC_URL": "assets/"}, in_mode(mode))
        assert plain["STATIC_URL"] == "assets/" and plain["WHITENOISE_USE_FINDERS"]
        assert plain["STORAGES"]["staticfiles"]["BACKEND"].endswith(".StaticFilesStorage")
    there = {"MIDDLEWARE": ["whitenoise.middleware.WhiteNoiseMiddleware"]}
    assert changed("STAT1", there)["MIDDLEWARE"] == there["MIDDLEWARE"]


def test_media1_uploads_are_in_the_data_folder_at_an_address_of_ours():
    storages = {"default": {"BACKEND": "shelf.Storage", "OPTIONS": {"location": "/x", "a": 1}}}
    made = changed("MEDIA1", {"MEDIA_URL": "https://cdn.example.org/", "STORAGES": storages})
    assert (made["MEDIA_ROOT"], made["MEDIA_URL"]) == ("/data/media", "/media/")
    path = changed("MEDIA1", {"MEDIA_ROOT": Path("/project/media")})["MEDIA_ROOT"]
    assert path == DATA / "media", "the project joins it with /, as it has written a path"
    assert made["STORAGES"]["default"] == {"BACKEND": "shelf.Storage", "OPTIONS": {"a": 1}}
    assert changed("MEDIA1", {"MEDIA_URL": "/files/"})["MEDIA_URL"] == "/files/"


def test_upload1_half_received_files_and_their_limit():
    made = changed("UPLOAD1", {}, of_app(data=Data(upload_limit=5_000_000)))
    assert made == {"FILE_UPLOAD_TEMP_DIR": "/data/uploads", "DESKTOP_UPLOAD_LIMIT": 5_000_000}


def test_path1_moves_what_the_table_names_and_nothing_else():
    settings = {
        "EXPORT_ROOT": "/project/var/exports", "INDEX": Path("/srv/index"), "OTHER": "/project/x",
        "HUEY": {"filename": "huey.db", "connection": {"path": "/project/q"}},
    }  # fmt: skip
    moved = ("EXPORT_ROOT", "INDEX", "HUEY.filename", "HUEY.connection.path")
    made = changed("PATH1", settings, of_app(data=Data(move=moved)))
    assert made == {
        "EXPORT_ROOT": "/data/var/exports", "INDEX": Path("/data/index"),
        "HUEY": {"filename": "/data/huey.db", "connection": {"path": "/data/q"}},
    }  # fmt: skip
    assert settings["HUEY"]["filename"] == "huey.db"
    # What is named as a folder exists at the first start; what may be a file is not created.
    decided = RULES["PATH1"]({"MIDDLEWARE": [], **settings}, of_app(data=Data(move=moved)))
    assert decided is not None and decided.folders == (DATA / "var" / "exports",)
    assert changed("PATH1", settings) == {}
    for wrong in ("NOT_THERE", "HUEY.no", "HUEY.filename.x", "HUEY"):
        with pytest.raises(OverlayProblem, match=f"PATH1: data.move names {wrong}"):
            changed("PATH1", settings, of_app(data=Data(move=(wrong,))))


def test_task1_tasks_wait_in_the_database_in_the_lanes_of_the_table():
    immediate = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    made = changed("TASK1", {"TASKS": immediate})
    assert made["TASKS"]["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend"
    assert made["WORKER_LANES"] == [["default"]]
    queues = {"default": {"QUEUES": ["default", "mail"]}}
    assert changed("TASK1", {"TASKS": queues})["WORKER_LANES"] == [["default"], ["mail"]]
    lanes = of_app(lanes=(("default", "mail"), ("slow",)))
    made = changed("TASK1", {}, lanes)
    assert made["WORKER_LANES"] == [["default", "mail"], ["slow"]]
    assert made["TASKS"]["default"]["QUEUES"] == ["default", "mail", "slow"]
    with pytest.raises(OverlayProblem, match="TASK1: no lane serves the queue news"):
        changed("TASK1", {"TASKS": {"default": {"QUEUES": ["news"]}}}, lanes)


def test_log1_no_handler_of_the_project_writes_a_file():
    project = {
        "handlers": {"file": {"class": "logging.FileHandler", "filename": "/project/x.log"}},
        "loggers": {"shelf": {"handlers": ["file"], "level": "DEBUG"}, "quiet": {}},
    }
    made = changed("LOG1", {"LOGGING": project})["LOGGING"]
    assert made["loggers"]["shelf"] == {"level": "DEBUG", "propagate": True}
    assert "quiet" not in made["loggers"] and list(made["handlers"]) == ["stderr"]


def test_auth1_where_there_are_accounts():
    accounts = {"INSTALLED_APPS": ["django.contrib.auth"], "MIDDLEWARE": [SESSIONS, LOGIN, "x"]}
    made = changed("AUTH1", accounts)
    assert made["DESKTOP_FIRST_USER"] == "os-user"
    assert made["MIDDLEWARE"][2] == "djdesk.desktop.accounts.FirstUserMiddleware"
    form = changed("AUTH1", accounts, of_app(data=Data(first_user="form")))
    assert form["DESKTOP_FIRST_USER"] == "form"
    assert changed("AUTH1", accounts, of_app(data=Data(first_user="project"))) == {}
    assert changed("AUTH1", accounts, in_mode("test")) == {}
    assert changed("AUTH1", {"INSTALLED_APPS": ["django.contrib.auth"]}) == {}
    assert changed("AUTH1", {"INSTALLED_APPS": ["shelf"], "MIDDLEWARE": [LOGIN]}) == {}


def test_mig1_migrations_that_were_switched_off():
    modules = {"shelf": None, "other": "shelf.moved"}
    made = changed("MIG1", {"MIGRATION_MODULES": modules})
    assert made == {"MIGRATION_MODULES": {"other": "shelf.moved"}}
    assert changed("MIG1", {"MIGRATION_MODULES": modules}, in_mode("test")) == {}
    assert changed("MIG1", {"MIGRATION_MODULES": {"other": "shelf.moved"}}) == {}


def test_dev1_open_pages_follow_changes_where_a_shell_can_start_the_app_again():
    made = changed("DEV1", {"MIDDLEWARE": ["guard"]}, in_mode("development"))
    assert made["MIDDLEWARE"][0] == "djdesk.tools.develop.middleware.FollowChanges"
    assert changed("DEV1", {}, in_mode("development", launched=False)) == {}
    assert changed("DEV1", {}) == {} and changed("DEV1", {}, in_mode("test")) == {}


def test_all_of_them_on_a_project_as_startproject_makes_it():
    from djdesk.app import load as load_app

    app = load_app(PARITY)
    settings = load(app)
    before = {name: repr(value) for name, value in settings.items()}
    values, said, folders = lay_over(settings, replace(HERE, app=app))
    assert {name: repr(value) for name, value in settings.items()} == before
    assert {line.split()[0] for line in said} >= set(RULES) - {
        "CACHE1", "SESS1", "PATH1", "MIG1", "DEV1", "STOR1", "TASK2", "ASGI1", "STAT2",
        "OLD1",
    }  # fmt: skip
    assert folders == []
    order = [name.rpartition(".")[2] for name in values["MIDDLEWARE"]]
    assert order == [
        "LaunchGuardMiddleware", "SecurityMiddleware", "WhiteNoiseMiddleware",
        "ContentSecurityPolicyMiddleware", "LanguageMiddleware", "ObstacleMiddleware",
        "SessionMiddleware", "CommonMiddleware", "CsrfViewMiddleware",
        "AuthenticationMiddleware", "FirstUserMiddleware", "MessageMiddleware",
        "XFrameOptionsMiddleware",
    ]  # fmt: skip


def test_every_rule_has_a_test_that_shows_it():
    tests = sorted(Path(__file__).parent.glob("test_overlay*.py"))
    text = "".join(file.read_text(encoding="utf-8") for file in tests)
    assert [rule for rule in RULES if f"def test_{rule.lower()}_" not in text] == []
