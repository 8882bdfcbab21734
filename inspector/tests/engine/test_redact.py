"""Secrets are masked by name and by format, in the inspector and the probe, by one module."""

import pytest

from djdesk.projects import redact

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
def test_secret_shapes_are_masked(text, secret):
    assert secret not in redact.scrub(f"before {text} after")
    assert redact.MASK in redact.scrub(text)


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


def test_plain_text_stays_and_long_text_is_cut():
    assert redact.scrub("https://example.org/a?b=c") == "https://example.org/a?b=c"
    assert len(redact.scrub("x" * 100_000)) == redact.CUT + 1


def test_values_that_the_user_gave_are_masked_wherever_they_stand(monkeypatch):
    monkeypatch.setattr(redact, "GIVEN", ["open-sesame"])
    assert redact.scrub("it said open-sesame!") == f"it said {redact.MASK}!"
