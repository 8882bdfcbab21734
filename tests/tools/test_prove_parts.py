"""The parts of ``djdesk prove`` that need no app."""

import pytest

from djdesk.tools.prove import crawl
from djdesk.tools.prove.plain import Page
from djdesk.tools.prove.seen import Visit
from djdesk.tools.prove.vendoring import advice


def test_links_are_followed_within_bounds() -> None:
    class Site:
        origin = "http://127.0.0.1:1"
        asked: list[str] = []

        def become(self, cookie):
            pass

        def visit(self, path, who, **options):
            self.asked.append(path)
            links = [f"{self.origin}/books/{n}/?page={n}" for n in range(9)]
            links += [
                "https://example.org/",
                f"{self.origin}/static/a.css",
                f"{self.origin}/desktop/",
            ]
            return Visit(path=path, who=who, status=200, url=self.origin + path, links=tuple(links))

    site = Site()
    _, left_out = crawl.crawl(site, "nobody", ["/logout/", "/"], limit=100, skipped=("/static/",))
    assert site.asked == ["/", *(f"/books/{n}/?page={n}" for n in range(crawl.ALIKE)), "/logout/"]
    assert left_out == 0
    site.asked.clear()
    _, left_out = crawl.crawl(site, "nobody", ["/", "/a/", "/b/"], limit=2)
    assert site.asked == ["/", "/a/"]
    assert left_out > 0


def test_html_without_a_browser() -> None:
    page = Page("http://127.0.0.1:1/books/")
    page.feed(
        "<title>Books</title>\n<link rel='stylesheet' href='../a.css'>\n<a href='1/'>one</a>"
        "<a download href='x.zip'>file</a><script src='//cdn.example.org/x.js'></script>"
        "<img src='data:image/gif;base64,x'>"
    )
    assert page.title == "Books"
    assert page.links == ["http://127.0.0.1:1/books/1/"]
    assert page.fetched == [
        ("http://127.0.0.1:1/a.css", "Stylesheet", 2),
        ("http://cdn.example.org/x.js", "Script", 3),
    ]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/b.css", "bootstrap 5.3.3 (dist/b.css)"),
        ("https://unpkg.com/@hotwired/turbo@8", "@hotwired/turbo 8 "),
        ("https://cdnjs.cloudflare.com/ajax/libs/jquery/3.7.1/j.js", "jquery 3.7.1 (j.js)"),
        ("https://code.jquery.com/jquery-3.7.1.slim.min.js", "jquery 3.7.1"),
        ("https://fonts.googleapis.com/css2?family=Inter:wght@400&family=Lora", "of Inter, Lora"),
        ("https://example.org/logo.png", "Put a copy"),
    ],
)
def test_what_to_vendor(url: str, wanted: str) -> None:
    assert wanted in advice(url)
