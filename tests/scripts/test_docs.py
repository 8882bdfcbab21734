"""The documentation site: it builds, has no broken links, and works offline."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.long import LONG

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("sphinx", reason="needs-package: sphinx")


class Page(HTMLParser):
    """``ids`` that links may target, ``links`` to follow, ``loaded`` what the browser fetches."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids.add(values.get("id", ""))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(values["href"])
        elif "src" in values:
            self.loaded.append(values["src"])


def build(folder: Path, out: Path, root: str = "docs") -> subprocess.CompletedProcess[str]:
    words = ["--quiet", "--nitpicky", "--fail-on-warning", "--conf-dir", str(ROOT / "docs")]
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *words, "-D", f"root_doc={root}/index", folder, out],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not (ROOT / "inspector").exists():
        pytest.skip("the documents link to those of the inspector")
    out = tmp_path_factory.mktemp("site")
    built = build(ROOT, out)
    assert built.returncode == 0, built.stderr
    return {file.relative_to(out).as_posix(): Page(file) for file in out.rglob("*.html")}, out


@LONG
def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(site):
    pages, out = site
    assert len(pages) > 50
    dead, fetched = [], []
    for name, page in pages.items():
        fetched += [f"{name}: {one}" for one in page.loaded if urlsplit(one).netloc]
        for link in [*page.links, *page.loaded]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            target = (out / name).parent / path if path else out / name
            if not target.is_file():
                dead.append(f"{name}: {link}")
            elif parts.fragment and target.suffix == ".html":
                there = pages[target.resolve().relative_to(out.resolve()).as_posix()]
                if unquote(parts.fragment) not in there.ids:
                    dead.append(f"{name}: {link}")
    assert (dead, fetched) == ([], [])


def test_every_document_is_in_the_contents_and_in_the_search(site):
    pages, out = site
    words = (out / "searchindex.js").read_text("utf-8")
    start = set(pages["docs/index.html"].links)
    for folder in ("docs", "docs/how-to", "docs/decisions", "inspector/docs"):
        for file in (ROOT / folder).glob("*.md"):
            name = file.relative_to(ROOT).with_suffix("").as_posix()
            assert f"{name}.html" in pages, name
            assert f'"{name}"' in words
            own = name.removeprefix("docs/") + ".html"
            link = own if name.startswith("docs/") else f"../{name}.html"
            assert name == "docs/index" or link in start, f"{name} is not in the contents"


def test_a_dead_link_fails_the_build(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# One\n\n[to nowhere](gone.md)\n")
    built = build(tmp_path, tmp_path / "out")
    assert built.returncode != 0
    assert "gone.md" in built.stderr


def test_the_table_of_where_to_change_what_is_true():
    """Each file in a row exists, and so does each name that follows it."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        for path, names in re.findall(r"`((?:[\w.]+/)+[\w.]*)`(?: \(([^)]*)\))?", row):
            if path.startswith("inspector/") and not (ROOT / "inspector").exists():
                continue
            assert (ROOT / path).exists(), f"{path} in: {row}"
            for name in re.findall(r"`(\w+)`", names):
                assert re.search(rf"\b{name}\b", (ROOT / path).read_text("utf-8")), row
