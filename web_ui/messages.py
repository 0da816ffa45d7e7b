"""Keeps the German catalogue complete: ``python -m web_ui.messages`` finds every sentence and updates the file.

Templates are read as the Python they compile to, so that what is extracted is what runs. New sentences appear in the
catalogue without a translation; the tests then name them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_file
from babel.messages.pofile import read_po, write_po
from bottle import SimpleTemplate

from web_ui.language import CATALOGUE, HERE
from web_ui.sentences import FOREIGN

Sentence = str | tuple[str, ...]

KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
"""What marks a sentence: in the singular, or with its plural."""

HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: Strowger\n"
"Language: de\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""
"""No dates and names: the history knows them, and the file then only changes when a sentence does."""


def found_in_templates(folder: Path) -> list[tuple[str, Sentence]]:
    """Every sentence of the templates with the file it stands in."""
    found = []
    for path in sorted(folder.rglob("*.tpl")):
        code = SimpleTemplate(path.read_text(encoding="utf-8")).code
        for _line, message, _comments, _context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            found.append((str(path.relative_to(HERE)), _sentence(message)))
    return found


def found_in_code(folder: Path) -> list[tuple[str, Sentence]]:
    """Every sentence of the Python and script files."""
    found = []
    files = [
        *(("python", p) for p in folder.rglob("*.py")),
        *(("javascript", p) for p in folder.rglob("*.js") if p.name not in FOREIGN),
    ]
    for kind, path in sorted(files, key=lambda each: str(each[1])):
        for _line, message, _comments, _context in extract_from_file(kind, path, KEYWORDS):
            found.append((str(path.relative_to(HERE)), _sentence(message)))
    return found


def _sentence(message: object) -> Sentence:
    return tuple(str(part) for part in message) if isinstance(message, tuple) else str(message)


def found() -> Catalog:
    """A catalogue of everything there is to translate."""
    catalogue = Catalog(project="Strowger", charset="utf-8")
    for place, sentence in [*found_in_templates(HERE / "views"), *found_in_code(HERE)]:
        catalogue.add(sentence, locations=[(place, 0)])
    return catalogue


def translated(message: Message) -> bool:
    """Whether a sentence, and its plural if it has one, is there in German."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def main() -> int:
    """Update the German catalogue; the number of sentences without a translation goes to standard output."""
    with CATALOGUE.open("rb") as file:
        german = read_po(file, locale="de")
    german.update(found(), no_fuzzy_matching=True)
    german.obsolete.clear()
    body = io.BytesIO()
    write_po(body, german, sort_output=True, include_lineno=False, width=110, omit_header=True)
    CATALOGUE.write_bytes(HEADER.encode() + b"\n" + body.getvalue())
    missing = [m.id for m in german if m.id and not translated(m)]
    sys.stdout.write(f"{len(missing)} sentences without a translation\n")
    for sentence in missing:
        sys.stdout.write(f"{sentence!r}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
