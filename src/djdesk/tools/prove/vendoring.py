"""What to put into ``static/`` instead of an address on the web."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

# name, version and file of a package, as the usual hosts write them
PACKAGES = (
    r"(?:cdn\.jsdelivr\.net/npm|unpkg\.com|esm\.sh)/((?:@[\w.-]+/)?[\w.-]+?)(?:@([\w.-]+))?(?:/(.+))?$",
    r"cdnjs\.cloudflare\.com/ajax/libs/([\w.-]+)/([\w.-]+)/(.+)$",
    r"ajax\.googleapis\.com/ajax/libs/([\w.-]+)/([\w.-]+)/(.+)$",
    r"(?:stackpath|maxcdn|netdna)\.bootstrapcdn\.com/([\w.-]+)/([\w.-]+)/(.+)$",
    r"code\.jquery\.com/(jquery)-([\d.]+?)((?:\.slim)?(?:\.min)?\.js)$",
)


def advice(url: str) -> str:
    """A sentence: which package, and which of its files."""
    parts = urlsplit(url)
    place = f"{parts.netloc}{parts.path}"
    for pattern in PACKAGES:
        if found := re.search(pattern, place):
            name, version, file = found.groups()
            wanted = f"{name} {version}" if version else name
            return (
                f"Put a copy of {wanted}{f' ({file})' if file else ''} into a folder static/ of "
                "your app, and load it with {% static %}."
            )
    if parts.netloc in ("fonts.googleapis.com", "fonts.gstatic.com"):
        families = parse_qs(parts.query).get("family", [])
        fonts = ", ".join(one.split(":")[0] for value in families for one in value.split("|"))
        return (
            f"Put the font files{f' of {fonts}' if fonts else ''} into a folder static/ of your "
            "app with a style sheet that has @font-face rules for them, or use system-ui."
        )
    return (
        "Put a copy into a folder static/ of your app and load it with {% static %}, or do "
        "without it where there is no network."
    )
