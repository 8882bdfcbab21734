"""Harmless values for missing variables, chosen by type and by name."""

from __future__ import annotations

from inspector.facts.causes.variables import MADE_UP as MARK

BY_KIND = {
    "int": "1",
    "float": "1.0",
    "bool": "False",
    "json": "{}",
    "dict": "",
    "list": "",
    "url": "http://localhost/",
    "path": MARK,
}
SQLITE = "django.db.backends.sqlite3"
BY_NAME = [
    (r"(^|_)(DATABASE|DB)_UR[LI]$", "database"),
    (r"(^|_)(DATABASE|DB|SQL)_?(ENGINE|BACKEND)$", SQLITE),
    (r"(^|_)CACHE_UR[LI]$", "locmemcache://"),
    (r"(^|_)EMAIL_UR[LI]$", "consolemail://"),
    (r"REDIS.*_UR[LI]$|^REDIS$", "redis://localhost:6379/0"),
    (r"(AMQP|BROKER|RABBIT).*_UR[LI]$", "amqp://localhost//"),
    (r"(ENCRYPTION|FERNET|FIELD)_?KEYS?$", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="),
    (r"SECRET|_KEY$|TOKEN|PASSW", MARK + "-" + "0" * 40),
    (r"(UR[LI]|ENDPOINT|DSN)$", "http://localhost/"),
    (r"(PORT|TIMEOUT|COUNT|SIZE|LIMIT|DAYS|HOURS|MINUTES|SECONDS|TTL|AGE|ID|WORKERS)$", "1"),
    (r"^(DEBUG|USE_|ENABLE_|IS_|DISABLE_)|_(ENABLED|DISABLED|DEBUG)$", "False"),
    (r"(HOSTS?|DOMAINS?|ORIGINS?)$", "localhost"),
    (r"(EMAIL|FROM)$", "nobody@localhost"),
]
# Error messages about a placeholder of the wrong type, and what to try instead.
RETYPE = [
    (r"available database backend", SQLITE),
    (r"invalid literal for int|expected an integer|valid integer", "1"),
    (r"could not convert string to float|valid (number|float|decimal)", "1.0"),
    (r"[Nn]ot a boolean|[Ii]nvalid (truth|boolean)|valid boolean", "False"),
    (r"Expecting (value|property)|JSON|malformed node", "{}"),
    (r"scheme|[Ii]nvalid URL|valid URL", "http://localhost/"),
]
