"""Rules about a web server's surroundings: databases, storages, queues, channels."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.files.storage import FileSystemStorage

from djdesk.app import Data, Pages
from djdesk.overlay.apply import OverlayProblem
from tests.djdesk.test_overlay import APP, DATA, HERE, changed, in_mode, of_app

POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db"}
ON_SQLITE = replace(HERE, app=replace(APP, data=Data(database="sqlite")))


class S3LikeStorage(FileSystemStorage):
    """Named like a remote service's storage, but local."""


def test_db1_a_server_is_replaced_only_where_the_table_says_so():
    settings = {"DATABASES": {"default": POSTGRES | {"ATOMIC_REQUESTS": True}, "stats": POSTGRES}}
    with pytest.raises(OverlayProblem, match='“database = "sqlite"”'):
        changed("DB1", settings)
    made = changed("DB1", settings, ON_SQLITE)["DATABASES"]
    assert made["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert made["default"]["ATOMIC_REQUESTS"] is True and "HOST" not in made["default"]
    assert made["stats"]["NAME"] == DATA / "stats.sqlite3"
    named = changed("DB1", settings, ON_SQLITE)["DESKTOP_REPLACED_DATABASES"]
    assert named == ["default", "stats"]
    assert changed("DB1", {}, ON_SQLITE)["DATABASES"]["default"]["NAME"] == DATA / "app.sqlite3"


def test_stor1_a_service_becomes_a_folder():
    s3 = {"BACKEND": "storages.backends.s3boto3.S3Boto3Storage", "OPTIONS": {"bucket": "x"}}
    made = changed("STOR1", {"STORAGES": {"default": s3, "private": s3, "staticfiles": s3}})
    files = "django.core.files.storage.FileSystemStorage"
    assert made["STORAGES"]["default"] == {"BACKEND": files}
    assert made["STORAGES"]["private"]["OPTIONS"] == {"location": str(DATA / "media" / "private")}
    assert made["STORAGES"]["staticfiles"] == s3  # STAT1 handles this
    made = changed("STOR1", {"DEFAULT_FILE_STORAGE": s3["BACKEND"]})
    assert made["STORAGES"]["default"] == {"BACKEND": files}


def test_stor1_what_is_local_stays():
    own = {"default": {"BACKEND": f"{__name__}.S3LikeStorage", "OPTIONS": {"location": "x"}}}
    assert changed("STOR1", {"STORAGES": own}) == {}
    assert changed("STOR1", {}) == {}


def test_task2_huey_waits_in_a_file():
    redis = {"name": "shop", "connection": {"host": "redis"}, "consumer": {"workers": 2}}
    made = changed("TASK2", {"HUEY": redis})["HUEY"]
    assert made["huey_class"] == "huey.SqliteHuey" and made["consumer"] == {"workers": 2}
    assert made["filename"] == str(DATA / "huey.sqlite3") and "connection" not in made
    assert made["immediate"] is False
    instance = SimpleNamespace(name="queue")
    assert changed("TASK2", {"HUEY": instance})["HUEY"]["name"] == "queue"
    bare = changed("TASK2", {"INSTALLED_APPS": ["huey.contrib.djhuey"]})
    assert bare["HUEY"]["name"] == "my-shelf"
    # The project wants its tasks to run inside the request.
    assert "filename" not in changed("TASK2", {"HUEY": {"immediate": True}})["HUEY"]


def test_task2_celery_waits_in_files_and_keeps_results_that_are_in_the_database():
    from djdesk.overlay.apply import lay_over

    own = {"CELERY_BROKER_URL": "redis://redis/0", "CELERY_RESULT_BACKEND": "redis://redis/1"}
    made = changed("TASK2", own)
    assert made["CELERY_BROKER_URL"] == "filesystem://"
    assert made["CELERY_RESULT_BACKEND"] == (DATA / "celery" / "results").as_uri()
    kept = changed("TASK2", own | {"CELERY_RESULT_BACKEND": "django-db"})
    assert "CELERY_RESULT_BACKEND" not in kept
    basic = {"ROOT_URLCONF": "shelf.urls", "DATABASES": {"default": {"ENGINE": "x.sqlite3"}}}
    _, _, folders = lay_over({"MIDDLEWARE": [], **basic, **own}, HERE)
    assert DATA / "celery" / "messages" in folders
    assert changed("TASK2", own | {"CELERY_TASK_ALWAYS_EAGER": True}) == {}


def test_task2_celery_that_is_left_to_its_defaults():
    """Celery's defaults need a server, and beat writes into the working directory."""
    here = of_app(processes={"beat": ("celery", "-A", "shelf", "beat")})
    made = changed("TASK2", {}, here)
    assert made["CELERY_BROKER_URL"] == "filesystem://"
    assert made["CELERY_BEAT_SCHEDULE_FILENAME"] == str(DATA / "celery" / "beat")
    assert changed("TASK2", {}, of_app(processes={"huey": ("run_huey",)})) == {}


def test_task2_django_q_waits_in_the_database():
    made = changed("TASK2", {"Q_CLUSTER": {"name": "shop", "workers": 4, "redis": {"host": "x"}}})
    assert made == {"Q_CLUSTER": {"name": "shop", "workers": 4, "orm": "default"}}
    assert changed("TASK2", {"Q_CLUSTER": {"orm": "default"}}) == {}
    assert changed("TASK2", {"INSTALLED_APPS": ["shelf"], "HUEYS": {}}) == {}


def test_asgi1_layers_stay_in_memory():
    redis = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {}}}
    memory = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    assert changed("ASGI1", {"CHANNEL_LAYERS": redis}) == {"CHANNEL_LAYERS": memory}
    assert changed("ASGI1", {"CHANNEL_LAYERS": memory}) == {} and changed("ASGI1", {}) == {}
    # Signals that send to a layer run without one, too, where only a server's settings have it.
    assert changed("ASGI1", {"INSTALLED_APPS": ["channels"]}) == {"CHANNEL_LAYERS": memory}
    assert changed("ASGI1", {"INSTALLED_APPS": ["shop.channels"]}) == {}


def test_stat2_pages_name_the_files_that_would_be_bundled():
    made = changed("STAT2", {"INSTALLED_APPS": ["compressor"], "COMPRESS_OFFLINE": True})
    assert made == {
        "COMPRESS_ENABLED": False, "COMPRESS_OFFLINE": False, "COMPRESS_PRECOMPILERS": (),
    }  # fmt: skip
    sass = {"COMPRESS_PRECOMPILERS": (("text/x-scss", "sass {infile}"),)}
    assert changed("STAT2", {"INSTALLED_APPS": ["compressor"], **sass}) == made
    in_advance = {**sass, "COMPRESS_OFFLINE": True}
    own = {"INSTALLED_APPS": ["compressor"], **in_advance, "COMPRESS_URL": "https://cdn.example/"}
    made = changed("STAT2", own)
    assert made["COMPRESS_ROOT"] == APP.root / ".djdesk" / "static"
    assert "COMPRESS_OFFLINE" not in made and "COMPRESS_PRECOMPILERS" not in made
    # During development they are compiled when a page requests them.
    developed = {"COMPRESS_ENABLED": True, "COMPRESS_OFFLINE": False}
    assert changed("STAT2", own, in_mode("development")) == developed
    assert changed("STAT2", {"INSTALLED_APPS": ["shelf"]}) == {}


def test_stat1_static_files_are_not_compared_with_those_of_a_service():
    made = changed("STAT1", {"INSTALLED_APPS": ["collectfasta"]})
    assert made["COLLECTFASTA_ENABLED"] is False
    assert "COLLECTFASTA_ENABLED" not in changed("STAT1", {"INSTALLED_APPS": ["shelf"]})


def test_stat1_committed_static_files_are_kept():
    context = replace(HERE, app=replace(APP, pages=Pages(static_dirs=("static",))))
    made = changed("STAT1", {"STATICFILES_DIRS": ["assets"]}, context)
    assert made["STATICFILES_DIRS"] == ["assets", APP.root / "static"]
    assert "STATICFILES_DIRS" not in changed("STAT1", {})
