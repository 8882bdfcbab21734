"""Keep secrets out of everything that leaves a child process.

Two filters: by name (`SECRET_KEY`) and by the shape of the value (private keys, tokens, passwords
in URLs). Programs that run in a project's own Python (3.8 or later) load this very file, so it
imports only the standard library.
"""

from __future__ import annotations

import re

MASK = "••••••"
CUT = 2000
GIVEN: list[str] = []  # set in the probe: secret values that the user entered

NAME = re.compile(
    r"(secret|passw(or)?d|passwd|passphrase|token|api_?key|access_?key|auth_?key|private|signing_?key"
    r"|encryption_?key|credential|_dsn$|^dsn$|_salt$|(^|_)pwd($|_)|(^|_)pass($|_)|cookie_?key)",
    re.IGNORECASE,
)
# Names that match but hold no secret: hashers, validators, names of things, numbers of seconds.
HARMLESS = re.compile(
    r"(HASHERS|VALIDATORS|TIMEOUT|_AGE$|COOKIE_NAME|HEADER_NAME|_URL_NAME|TOKEN_(LIFETIME|EXPIR)"
    r"|SECRET_KEY_FALLBACKS_COUNT|PASSWORD_RESET_TIMEOUT|(MIN|MAX)(IMUM)?_LENGTH$)",
)
SHAPES = [
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*-----|\Z)", re.DOTALL),
    re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    re.compile(r"\b(gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,}"),
    re.compile(r"\b(sk|pk|rk)_(live|test)_[A-Za-z0-9]{10,}"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"),
    re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bglpat-[A-Za-z0-9_-]{15,}"),
    re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}"),
    re.compile(r"django-insecure-[^\s'\"]{10,}"),
]
ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*://)([^\s/:@'\"]*):([^\s/@'\"]+)@", re.IGNORECASE)
# Every shape contains one of these; most texts contain none, and one search is cheaper than eleven.
HINT = re.compile(
    r"PRIVATE KEY|A[KS]IA|gh[pousr]_|github_pat_|[spr]k_|sk-|xox|glpat-|SG\.|eyJ|django-insecure-|://"
)


def secret_name(name: str) -> bool:
    """Whether a value with this name is redacted."""
    return bool(NAME.search(name)) and not HARMLESS.search(name)


def scrub(text: str) -> str:
    """The text with every apparent secret masked, cut to ``CUT`` characters."""
    text = text[: CUT * 4]
    for value in GIVEN:
        if value in text:  # otherwise a message (djdesk.messages) would become plain text
            text = text.replace(value, MASK)
    if HINT.search(text):
        for shape in SHAPES:
            text = shape.sub(MASK, text)
        text = ADDRESS.sub(lambda found: f"{found[1]}{found[2] and MASK}:{MASK}@", text)
    return text if len(text) <= CUT else text[:CUT] + "…"
