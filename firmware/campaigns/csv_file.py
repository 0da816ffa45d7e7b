"""The thin file opener beside the importer: how large, what encoding, which delimiter, and then records.

The file is scanned once in pieces to settle its encoding (a lone byte far down decides between UTF-8 and CP1252),
and read once more line by line; neither holds more than a piece of it. Workbooks are ``workbook``'s. Files are
refused here in words: missing, empty, too large (the size is asked before a byte is read), or no text at all.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from errno import EINVAL
from itertools import islice
from pathlib import Path
from stat import S_ISREG

from firmware.campaigns import workbook
from firmware.campaigns.content import BINARY, HEAD_BYTES, WORKBOOK, Looks, is_binary, looks_like
from firmware.campaigns.records import MOST_CHARACTERS, Record, records
from firmware.campaigns.texts import file_problem
from firmware.model import OperatorError

MOST_BYTES = 200 * 1024 * 1024
"""Larger files are refused unread (OWASP ASVS 5.1.1: a limit before reading)."""
_MEGABYTE = 1024 * 1024
_DELIMITERS = (";", "\t", ",", "|")
_SAMPLE_RECORDS = 100
_MOST_LINE_END = 2

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is written. ``declared`` is true where its first line is a ``sep=;`` that spreadsheets add.

    A workbook has the encoding ``xlsx``; the delimiter is then the one reports of its rows are written with.
    """

    encoding: str
    delimiter: str
    declared: bool = False


def examine(path: Path) -> Dialect:
    """Return how the file at ``path`` is written. Raises ``OperatorError`` if it cannot be a CSV file."""
    try:
        return _examine(path)
    except OSError as error:
        raise OperatorError(
            file_problem("file", "file_missing", reason=error.strerror or str(error))
        ) from error


def lines(path: Path, dialect: Dialect) -> Iterator[str]:
    """Yield the lines with their ends, the ``sep=`` line left out; a line's excess over the limit is dropped."""
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as text:
        if dialect.declared:
            text.readline(MOST_CHARACTERS)
        while line := text.readline(MOST_CHARACTERS + _MOST_LINE_END):
            if len(line) > MOST_CHARACTERS:
                while rest := text.readline(MOST_CHARACTERS):
                    if rest.endswith(("\n", "\r")):
                        break
            yield line


def read_records(path: Path, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of the file, a workbook's too. :raises OperatorError: a workbook that cannot be read."""
    if dialect.encoding == workbook.ENCODING:
        return workbook.records(path)
    return records(lines(path, dialect), dialect.delimiter, first_line=2 if dialect.declared else 1)


def _examine(path: Path) -> Dialect:
    about = path.stat()
    size = about.st_size
    if not S_ISREG(about.st_mode):
        raise OSError(EINVAL, "not a file")
    if size > MOST_BYTES:
        megabytes = {"size_mb": size // _MEGABYTE, "limit_mb": MOST_BYTES // _MEGABYTE}
        raise OperatorError(file_problem("file", "file_too_large", **megabytes))
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    looks = looks_like(head)
    if looks is WORKBOOK:
        workbook.examine(path)
        return Dialect(workbook.ENCODING, ";")
    if looks is not None:
        raise not_csv(looks)
    encoding = _encoding(path, head)
    text = _head_text(head, encoding)
    if not text.strip("\ufeff\x1a").strip():
        raise OperatorError(file_problem("file", "file_empty"))
    if is_binary(text):
        raise not_csv(BINARY)
    declared = _declared(text)
    if declared:
        return Dialect(encoding, declared, declared=True)
    return Dialect(encoding, _delimiter(text))


def not_csv(looks: Looks) -> OperatorError:
    """Return the error that says what the file looks like instead."""
    figures = {"looks_en": looks.en, "looks_de": looks.de}
    ways_out = {"way_out_en": looks.way_out_en, "way_out_de": looks.way_out_de}
    return OperatorError(file_problem("file", "file_not_csv", **figures, **ways_out))


def _encoding(path: Path, head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    wide = _utf_16_without_bom(head)
    return wide or ("utf-8" if _is_utf_8(path) else "cp1252")


def _utf_16_without_bom(head: bytes) -> str:
    """Tell by the zero bytes: text in Latin letters has one in nearly every pair, always on the same side."""
    pairs = len(head) // 2
    first, second = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if pairs and second > pairs * 0.4 and first < pairs * 0.05:
        return "utf-16-le"
    return "utf-16-be" if pairs and first > pairs * 0.4 and second < pairs * 0.05 else ""


def _is_utf_8(path: Path) -> bool:
    """Read the whole file; a character cut off at its very end does not count against it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_MEGABYTE):
                decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def _head_text(head: bytes, encoding: str) -> str:
    """Decode the first bytes; a character cut off at the end is left out."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _declared(text: str) -> str:
    first = text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r").lower()
    return first[4] if len(first) == 5 and first.startswith("sep=") and first[4] in _DELIMITERS else ""


def _delimiter(text: str) -> str:
    """Choose the delimiter that cuts most records into the same number of cells as the first."""
    sample = text.splitlines(keepends=True)
    if len(text) >= HEAD_BYTES // 4 and len(sample) > 1:
        sample.pop()
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = [len(r.cells) for r in islice(records(sample, delimiter), _SAMPLE_RECORDS) if not r.fault]
        score = _evenness(widths)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(widths: list[int]) -> tuple[float, int]:
    """Return the share of records as wide as the first (or as most), and that width; nothing for single cells."""
    if not widths:
        return 0.0, 0
    usual = Counter(widths).most_common(1)[0][0]
    width = max(widths[0], usual)
    if width < 2:
        return 0.0, 0
    return round(widths.count(width) / len(widths), 2), width
