"""The rules by their ids, in the order in which they look at the settings."""

from __future__ import annotations

from ..rule import Rule
from . import (
    accounts,
    caches,
    channels,
    content_security,
    databases,
    develop,
    languages,
    logs,
    mail,
    media,
    migrations,
    paths,
    queues,
    requests,
    runtime,
    secrets,
    sessions,
    static_files,
    storages,
    tasks,
    uploads,
    urls,
)

RULES: dict[str, Rule] = {
    "RUN1": runtime.rule,
    "LANG1": languages.rule,
    "URL1": urls.rule,
    "DB1": databases.rule,
    "SEC1": secrets.rule,
    "SEC2": requests.rule,
    "CSP1": content_security.rule,
    "CACHE1": caches.rule,
    "SESS1": sessions.rule,
    "MAIL1": mail.rule,
    "STOR1": storages.rule,
    "STAT1": static_files.rule,
    "MEDIA1": media.rule,
    "UPLOAD1": uploads.rule,
    "PATH1": paths.rule,
    "TASK1": tasks.rule,
    "TASK2": queues.rule,
    "ASGI1": channels.rule,
    "LOG1": logs.rule,
    "AUTH1": accounts.rule,
    "MIG1": migrations.rule,
    "DEV1": develop.rule,
}
