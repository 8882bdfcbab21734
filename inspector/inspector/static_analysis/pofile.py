"""Parses one `.po` file like `msgfmt`: messages, their state, and errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from djdesk.messages import say
from djdesk.projects.redact import scrub

ERRORS = 20
CHARSET = re.compile(rb"charset=([\w.:-]+)")
NPLURALS = re.compile(r"^Plural-Forms:\s*nplurals\s*=\s*\d+", re.MULTILINE | re.IGNORECASE)
KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s*(?=\")")
ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)", re.DOTALL)
# Several on one line form a single text.
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
# Most entries look like this, and one regex match is many times faster than going line by line.
PLAIN = re.compile(
    r"\n?(?:#(?![,~|])[^\n]*\n|#,(?![^\n]*fuzzy)[^\n]*\n)*"
    r'msgid ((?:"[^\n]*"\n)+)msgstr ((?:"[^\n]*"\n?)+)'
)
CONTEXT = "\x04"  # separates context and message, as in compiled catalogues


@dataclass
class PoFile:
    """A parsed catalogue.

    ``texts``: translations by key, one per plural form; the key of a message with context is
    ``context\\x04message``. ``loose``: keys that a compiler may keep or drop: fuzzy messages, and
    plurals with an empty form. ``errors``: ``[[text, line]]``.
    """

    messages: int = 0
    translated: int = 0
    fuzzy: int = 0
    obsolete: int = 0
    header: str = ""
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    errors: list[tuple[str, int]] = field(default_factory=list)

    @property
    def untranslated(self) -> int:
        return self.messages - self.translated - self.fuzzy

    @property
    def plural_forms(self) -> bool:
        """Whether the header states the number of plural forms."""
        return bool(NPLURALS.search(self.header))

    def fault(self, text: str, line: int) -> None:
        if len(self.errors) < ERRORS:
            self.errors.append((text, line))


def read(raw: bytes) -> PoFile:
    """Never raises because of the file's content; ``errors`` lists what cannot be read."""
    reader = _Reader()
    number = 1
    for block in _decoded(raw, reader.found).split("\n\n"):
        plain = PLAIN.fullmatch(block) if reader.between else None
        if plain is None:
            for at, line in enumerate(block.split("\n"), number):
                reader.line(line.strip(), at)
        else:
            reader.finish()
            first = number + block.count("\n", 0, plain.start(1))
            reader.entry(_joined(plain[1]), _joined(plain[2]), first)
        number += block.count("\n") + 2
    reader.finish()
    return reader.found


def _joined(lines: str) -> str:
    """The text of ``"one "\\n"two"\\n"``."""
    inner = lines.strip()[1:-1].replace('"\n"', "")
    if '"' in inner.replace('\\"', ""):
        inner = "".join(STRING.findall(lines))
    return ESCAPE.sub(_plain, inner) if "\\" in inner else inner


def _decoded(raw: bytes, found: PoFile) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        found.fault(say("Begins with a byte order mark, which compilemessages refuses."), 1)
        raw = raw[3:]
    named = CHARSET.search(raw[:8192])
    encoding = named[1].decode("ascii") if named else "utf-8"
    if encoding == "CHARSET":  # xgettext's placeholder, not filled in
        encoding = "utf-8"
    try:
        return raw.decode(encoding)
    except LookupError:
        found.fault(say("The encoding {name} is not known.", name=scrub(encoding)), 1)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found.fault(say("Not text in the encoding {name}.", name=scrub(encoding)), line)
    return raw.decode("utf-8", "replace")


class _Reader:
    """Reads line by line; an entry ends where the next one begins."""

    def __init__(self) -> None:
        self.found = PoFile()
        self.seen: set[str] = set()
        self.reset()

    def reset(self) -> None:
        self.context: list[str] | None = None
        self.id: list[str] | None = None
        self.plural: list[str] | None = None
        self.strings: dict[int, list[str]] = {}
        self.fuzzy = False
        self.begun = 0
        self.at: list[str] | None = None

    @property
    def between(self) -> bool:
        """Whether a new entry may start here: none has begun, or the last one has a translation."""
        return bool(self.strings) or (
            self.id is None and self.context is None and not self.fuzzy and self.at is None
        )

    def line(self, line: str, number: int) -> None:
        first = line[:1]
        if first == '"':
            if self.at is None:
                self.found.fault(say("A text that belongs to no message."), number)
            else:
                self.at.append(self.text(line, number))
        elif first == "#":
            if self.strings:
                self.finish()
            if line.startswith("#,"):
                self.fuzzy = self.fuzzy or "fuzzy" in line
            elif line.startswith("#~ msgid "):
                self.found.obsolete += 1
        elif first:
            self.keyword(line, number)

    def keyword(self, line: str, number: int) -> None:
        word = KEYWORD.match(line)
        if word is None:
            self.found.fault(say("Not the syntax of a message."), number)
            self.at = None
            return
        name = word[1]
        if name in {"msgctxt", "msgid"} and (self.strings or self.id is not None):
            self.finish()
        self.begun = self.begun or number
        self.at = [self.text(line[word.end() :], number)]
        if name == "msgctxt":
            self.context = self.at
        elif name == "msgid":
            self.id = self.at
        elif name == "msgid_plural":
            self.plural = self.at
        elif self.id is None:
            self.found.fault(say("A translation without its message."), number)
        else:
            self.strings[int(word[2] or 0)] = self.at

    def text(self, quoted: str, number: int) -> str:
        if len(quoted) < 2 or quoted[-1] != '"':
            self.found.fault(say("A text that is not closed."), number)
            return quoted[1:]
        inner = quoted[1:-1]
        if '"' in inner.replace('\\"', ""):
            inner = "".join(STRING.findall(quoted))
        return ESCAPE.sub(_plain, inner) if "\\" in inner else inner

    def finish(self) -> None:
        """Count the last entry."""
        if self.id is not None and not self.strings:
            self.found.fault(say("A message without its translation line."), self.begun)
        elif self.id is not None:
            name = "".join(self.id)
            texts = tuple("".join(self.strings[index]) for index in sorted(self.strings))
            if not name and self.context is None:
                self.found.header = texts[0]
            else:
                key = name if self.context is None else "".join(self.context) + CONTEXT + name
                self.count(key, texts, self.begun)
        self.reset()

    def entry(self, name: str, text: str, number: int) -> None:
        """A whole entry, message and translation, that starts on that line."""
        if name:
            self.count(name, (text,), number)
        else:
            self.found.header = text

    def count(self, key: str, texts: tuple[str, ...], line: int) -> None:
        found = self.found
        if key in self.seen:
            found.fault(say("The same message a second time."), line)
            return
        self.seen.add(key)
        found.messages += 1
        if self.fuzzy:
            found.fuzzy += 1
        elif all(texts):
            found.translated += 1
            found.texts[key] = texts
        if (self.fuzzy and any(texts)) or (any(texts) and not all(texts)):
            found.loose.add(key)


def _plain(escape: re.Match[str]) -> str:
    what = escape[1]
    if what[0] in "01234567":
        return chr(int(what, 8))
    if what[0] == "x" and len(what) > 1:
        return chr(int(what[1:], 16))
    return ESCAPES.get(what, what)
