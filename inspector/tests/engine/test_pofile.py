# ruff: noqa: E501 - catalogues stand in long lines
"""Catalogue sources: counts like msgfmt's, and what it would refuse."""

import shutil
import subprocess

import pytest

from inspector.static_analysis import mofile, pofile

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
EVERYTHING = (
    "# A translator's comment\n" + HEAD + '\n#: shop/views.py:3\nmsgid "Save"\nmsgstr "Sichern"\n'
    '\nmsgctxt "month"\nmsgid "May"\nmsgstr "Mai"\n'
    '\nmsgid "May"\nmsgstr "darf"\n'
    '\n#, python-format\nmsgid "%(n)s book"\nmsgid_plural "%(n)s books"\nmsgstr[0] "%(n)s Buch"\nmsgstr[1] "%(n)s Bücher"\n'
    '\nmsgid "%(n)s half"\nmsgid_plural "%(n)s halves"\nmsgstr[0] "%(n)s Hälfte"\nmsgstr[1] ""\n'
    '\nmsgid ""\n"two "\n"lines\\n"\nmsgstr ""\n"zwei \\"Zeilen\\"\\n"\n'
    '\n#, fuzzy\n#| msgid "Old"\nmsgid "New"\nmsgstr "Alt"\n'
    '\nmsgid "Later"\nmsgstr ""\n'
    '\n#~ msgid "Gone"\n#~ msgstr "Weg"\n'
)


def test_every_kind_of_message():
    found = pofile.read(EVERYTHING.encode())
    assert found.errors == [] and found.plural_forms
    assert (found.messages, found.translated, found.fuzzy) == (8, 5, 1)
    assert (found.untranslated, found.obsolete) == (2, 1)
    assert found.texts == {
        "Save": ("Sichern",),
        "month\x04May": ("Mai",),
        "May": ("darf",),
        "%(n)s book": ("%(n)s Buch", "%(n)s Bücher"),
        "two lines\n": ('zwei "Zeilen"\n',),
    }
    assert found.loose == {"New", "%(n)s half"}


@pytest.mark.parametrize("ends", ["\r\n", "\n\n"])
def test_lines_may_end_otherwise(ends):
    found = pofile.read(EVERYTHING.replace("\n", ends).encode())
    assert found.errors == [] and (found.messages, found.translated) == (8, 5)


def test_blank_lines_inside_an_entry_change_nothing():
    text = HEAD + '\n#, fuzzy\n\nmsgid "a"\n\nmsgstr "b"\n\n"c"\n\n\nmsgid "d"\nmsgstr "e"\n'
    found = pofile.read(text.encode())
    assert found.errors == [] and (found.messages, found.fuzzy) == (2, 1)
    assert found.texts == {"d": ("e",)} and found.loose == {"a"}


def test_the_line_of_an_entry_is_that_of_its_message():
    entry = '\n# comment\n#: a.py:1\nmsgid ""\n"one "\n"two \\""\nmsgstr ""\n"eins "\n"zwei \\""\n'
    found = pofile.read((HEAD + entry + entry).encode())
    assert found.texts == {'one two "': ('eins zwei "',)}
    assert found.errors == [("The same message a second time.", 17)]


def test_the_encoding_is_that_of_the_header():
    text = HEAD.replace("UTF-8", "iso-8859-1") + '\nmsgid "Books"\nmsgstr "Bücher"\n'
    assert pofile.read(text.encode("latin-1")).texts == {"Books": ("Bücher",)}
    assert pofile.read(HEAD.replace("UTF-8", "CHARSET").encode()).errors == []


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (HEAD + 'msgid "a\nmsgstr "b"\n', "A text that is not closed.", 5),
        (HEAD + 'msgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr "c"\n', "The same message a second time.", 7),
        (HEAD + 'msgid "a"\n\nmsgid "b"\nmsgstr "c"\n', "A message without its translation line.", 5),
        (HEAD + 'msgid "a"\n', "A message without its translation line.", 5),
        (HEAD + "<<<<<<< HEAD\n", "Not the syntax of a message.", 5),
        ('"loose"\n' + HEAD, "A text that belongs to no message.", 1),
        ('msgstr "b"\n' + HEAD, "A translation without its message.", 1),
        (HEAD.replace("UTF-8", "utf-nine"), "The encoding utf-nine is not known.", 1),
    ],
)  # fmt: skip
def test_what_is_broken_is_told_with_its_line(text, message, line):
    found = pofile.read(text.encode())
    assert (message, line) in found.errors


def test_other_bytes_than_the_header_says():
    raw = HEAD.encode() + b'\nmsgid "Books"\nmsgstr "B\xfccher"\n'
    assert pofile.read(raw).errors == [("Not text in the encoding UTF-8.", 7)]


def test_a_byte_order_mark_is_what_compilemessages_refuses():
    found = pofile.read(b"\xef\xbb\xbf" + EVERYTHING.encode())
    ((text, line),) = found.errors
    assert "byte order mark" in text and line == 1 and found.messages == 8


def test_anything_at_all_is_read_without_an_error_of_ours():
    for raw in (b"", b"\0" * 50, bytes(range(256)) * 4, b'msgid "\\', b'msgstr[99999] "x"\n' * 3):
        assert len(pofile.read(raw).errors) <= pofile.ERRORS


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs-package: gettext")
def test_what_msgfmt_compiles_is_the_same(tmp_path):
    (tmp_path / "a.po").write_text(EVERYTHING, "utf-8")
    for extra in ([], ["--use-fuzzy"]):
        command = ["msgfmt", *extra, "-o", str(tmp_path / "a.mo"), str(tmp_path / "a.po")]
        subprocess.run(command, check=True)
        compiled = mofile.read((tmp_path / "a.mo").read_bytes())
        assert mofile.compare(pofile.read(EVERYTHING.encode()), compiled).count == 0
    assert "New" in compiled
