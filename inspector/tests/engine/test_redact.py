import importlib.util

import pytest

from djdesk.projects import redact
from inspector.probe import probe_path


def probe_source() -> dict:
    """The probe's own copy, taken from its text: importing it would move our stdout."""
    text = probe_path().read_text("utf-8")
    block = text[text.index("MASK = ") : text.index("def type_name")]
    names = {"re": __import__("re"), "CUT": redact.CUT, "GIVEN": []}
    exec(compile(block, "probe", "exec"), names)
    return names


CASES = [
    ("AKIAABCDEFGHIJKLMNOP", "AKIA"),
    ("ghp_" + "a" * 36, "ghp_"),
    ("sk_live_abcdefghijklmn", "sk_live"),
    ("postgres://bob:hunter2@db/x", "hunter2"),
    ("redis://:hunter2@cache/0", "hunter2"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", "MIIabc"),
    ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abcdefghij", "eyJhbGci"),
    ("django-insecure-abcdefghijklmnop", "abcdefghijklmnop"),
    ("xoxb-1234567890-abcdef", "1234567890"),
    ("ASIAABCDEFGHIJKLMNOP", "ASIA"),
    ("github_pat_" + "a" * 24, "github_pat_"),
    ("rk_test_abcdefghijklmn", "rk_test"),
    ("sk-" + "a" * 24, "sk-"),
    ("glpat-" + "a" * 20, "glpat-"),
    ("SG." + "a" * 20 + "." + "b" * 20, "SG."),
    ("AMQPS://bob:hunter2@queue", "hunter2"),
]


@pytest.mark.parametrize(("text", "secret"), CASES)
def test_secret_shapes_are_masked_in_both_copies(text, secret):
    for scrub in (redact.scrub, probe_source()["scrub"]):
        assert secret not in scrub(f"before {text} after")
        assert redact.MASK in scrub(text)


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "DB_PASSWORD",
        "API_KEY",
        "apikey",
        "AWS_ACCESS_KEY_ID",
        "SENTRY_DSN",
        "SMTP_PASS",
    ],
)
def test_secret_names(name):
    assert redact.secret_name(name)
    assert probe_source()["secret_name"](name)


@pytest.mark.parametrize(
    "name",
    [
        "DEBUG",
        "PASSWORD_HASHERS",
        "AUTH_PASSWORD_VALIDATORS",
        "PASSWORD_RESET_TIMEOUT",
        "PASSWORD_MAX_LENGTH",
        "COMPASS",
    ],
)
def test_harmless_names(name):
    assert not redact.secret_name(name)
    assert not probe_source()["secret_name"](name)


def test_plain_text_stays_and_long_text_is_cut():
    assert redact.scrub("https://example.org/a?b=c") == "https://example.org/a?b=c"
    assert len(redact.scrub("x" * 100_000)) == redact.CUT + 1


def test_both_copies_hold_the_same_patterns():
    ours = [one.pattern for one in redact.SHAPES]
    copy = probe_source()
    assert [one.pattern for one in copy["SHAPES"]] == ours
    assert copy["NAME"].pattern == redact.NAME.pattern
    assert copy["HARMLESS"].pattern == redact.HARMLESS.pattern
    assert importlib.util.find_spec("inspector.probe")
