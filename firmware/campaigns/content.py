"""What a file is, judged by its first bytes, so that a person who uploads the wrong one is told in plain words.

Nothing is unpacked or executed; a handful of signatures is compared (file formats' own specifications).
"""

from __future__ import annotations

from typing import NamedTuple

HEAD_BYTES = 65536
"""How much of a file is looked at."""

_SAVE_EN = " Open it in your spreadsheet program and save it as XLSX or CSV (UTF-8)."
_SAVE_DE = " Bitte in der Tabellenkalkulation öffnen und als XLSX oder CSV (UTF-8) speichern."
_MOST_CONTROLS = 0.02


class Looks(NamedTuple):
    """What a file looks like, in English and German, and a sentence on what to do instead."""

    en: str
    de: str
    way_out_en: str = ""
    way_out_de: str = ""


BINARY = Looks("binary data", "Binärdaten")
NO_TABLE = Looks("text without columns", "Text ohne Spalten")
WORKBOOK = Looks("an Excel workbook (XLSX)", "eine Excel-Arbeitsmappe (XLSX)")
"""Not text, but read all the same."""
_OLD_WORKBOOK = Looks(
    "an old or locked Excel workbook", "eine alte oder gesperrte Excel-Arbeitsmappe", _SAVE_EN, _SAVE_DE
)
_SHEET = Looks("an OpenDocument spreadsheet", "eine OpenDocument-Tabelle", _SAVE_EN, _SAVE_DE)
_DOCUMENT = Looks("a text document", "ein Textdokument")
_ZIP = Looks("a ZIP archive", "ein ZIP-Archiv", " Unpack it first.", " Bitte erst entpacken.")
_PACKED = Looks("a compressed file", "eine gepackte Datei", " Unpack it first.", " Bitte erst entpacken.")
_PICTURE = Looks("a picture", "ein Bild")
_SOUND = Looks("a sound recording", "eine Tonaufnahme")
_PROGRAM = Looks("a program", "ein Programm")
_WEB_PAGE = Looks("a web page", "eine Webseite", _SAVE_EN, _SAVE_DE)

_SIGNATURES: tuple[tuple[bytes, Looks], ...] = (
    (b"%PDF", Looks("a PDF document", "ein PDF-Dokument")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_WORKBOOK),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"RIFF", _SOUND),
    (b"ID3", _SOUND),
    (b"OggS", _SOUND),
    (b"fLaC", _SOUND),
    (b"\x1f\x8b", _PACKED),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"Rar!", _PACKED),
    (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"\x7fELF", _PROGRAM),
    (b"MZ\x90\x00", _PROGRAM),
    (b"SQLite format 3\x00", Looks("a database", "eine Datenbank")),
    (b"{\\rtf", _DOCUMENT),
    (b"BEGIN:VCARD", Looks("an address book (vCard)", "ein Adressbuch (vCard)")),
)
_MARKUP: tuple[tuple[bytes, Looks], ...] = (
    (b"<!doctype html", _WEB_PAGE),
    (b"<html", _WEB_PAGE),
    (b"<table", _WEB_PAGE),
    (b"<?xml", Looks("an XML document", "ein XML-Dokument", _SAVE_EN, _SAVE_DE)),
    (b'{"', Looks("JSON data", "JSON-Daten")),
    (b"[{", Looks("JSON data", "JSON-Daten")),
)


def looks_like(head: bytes) -> Looks | None:
    """Return what a file that begins with ``head`` is, or None where it may be text."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(head)
    for signature, looks in _SIGNATURES:
        if head.startswith(signature):
            return looks
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    return next((looks for signature, looks in _MARKUP if text.startswith(signature)), None)


def is_binary(text: str) -> bool:
    """Tell whether decoded text holds more control characters than any list would."""
    controls = sum(1 for c in text if (c < " " and c not in "\t\r\n\f\x1a") or c == "\ufffd")
    return controls > max(1, len(text) * _MOST_CONTROLS)


def _packed(head: bytes) -> Looks:
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head:
        return _SHEET
    if b"xl/" in head:
        return WORKBOOK
    if b"word/" in head or b"mimetypeapplication/vnd.oasis.opendocument.text" in head:
        return _DOCUMENT
    return _ZIP
