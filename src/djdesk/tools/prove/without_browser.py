"""Visit pages without a browser: their responses, and what their HTML references. Scripts do not
run and policies are not enforced, so this finds less than a window does."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from djdesk.tools.serving.pages import Answer, Server, get

from .seen import Visit, Who

# Resources that a page loads: tag -> attribute and Chromium's resource type.
FETCHED = {
    "script": ("src", "Script"), "img": ("src", "Image"), "source": ("src", "Media"),
    "video": ("src", "Media"), "audio": ("src", "Media"), "iframe": ("src", "Document"),
}  # fmt: skip
KINDS = {"stylesheet": "Stylesheet", "icon": "Image", "preload": "Other", "modulepreload": "Script"}
MOVES = 5  # redirects to follow


class WithoutBrowser:
    """Sends a running server the requests that the window would."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._cookie: tuple[str, str] | None = None
        self._known: dict[str, int] = {}
        self.origin = f"http://127.0.0.1:{server.port}"

    def become(self, cookie: tuple[str, str] | None) -> None:
        self._cookie = cookie

    def visit(self, path: str, who: Who, **options: object) -> Visit:
        begun = time.monotonic()
        url = self.origin + path
        answer = self._get(url)
        for _ in range(MOVES):
            if not (300 <= answer.status < 400 and answer.location):
                break
            url = urljoin(url, answer.location)
            if not url.startswith(self.origin + "/"):
                break
            answer = self._get(url)
        page = Page(url)
        page.feed(answer.text)
        return Visit(
            path=path,
            who=who,
            status=answer.status,
            kind=answer.kind,
            saved=answer.saved,
            url=url,
            title=page.title.strip(),
            links=tuple(page.links),
            requests=tuple(self._request(*found, url) for found in page.fetched),
            ms=round((time.monotonic() - begun) * 1000),
        )

    def _get(self, url: str, *, body: bool = True) -> Answer:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return get(self._server, path, self._cookie, body=body)

    def _request(self, url: str, kind: str, line: int, by: str) -> dict[str, object]:
        own = url.startswith(self.origin + "/")
        if own and url not in self._known:
            self._known[url] = self._get(url, body=False).status
        status = self._known.get(url, 0)
        return {"url": url, "type": kind, "status": status, "error": "", "by": by, "line": line}


class Page(HTMLParser):
    """``links``, and ``fetched``: URL, type and line of each resource of the page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.title = ""
        self._in_title = False
        self.links: list[str] = []
        self.fetched: list[tuple[str, str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._in_title = tag == "title" and not self.title
        if tag in ("a", "area") and values.get("href") and "download" not in values:
            self.links.append(urljoin(self._url, values["href"] or ""))
        elif tag == "link" and (kind := KINDS.get((values.get("rel") or "").split(" ")[-1])):
            self._fetch(values.get("href"), kind)
        elif tag in FETCHED:
            name, kind = FETCHED[tag]
            self._fetch(values.get(name), kind)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def _fetch(self, address: str | None, kind: str) -> None:
        if address and not address.startswith(("data:", "blob:", "#")):
            self.fetched.append((urljoin(self._url, address), kind, self.getpos()[0]))
