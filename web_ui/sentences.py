"""Where sentences stand: the German ones in the catalogue, and those of the script files, which carry their own.

Both are read anew at every start of the pages, so neither has a second file to keep in step; and both as the few forms
our own files have, for a reader of any catalogue and any script takes seconds on a small processor. ``messages`` writes
the catalogue and knows every form there is; tests hold the two to find the same.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from pathlib import Path

FOREIGN = frozenset({"jssip.js"})
"""Scripts that are not ours and say nothing to people."""

_ENTRY = re.compile(r'^(msg\w+(?:\[\d\])?) (".*"(?:\n".*")*)$', re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}
_QUOTED = r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_MARKED = re.compile(rf"\b(?:(?:_|N_|gettext)\(\s*{_QUOTED}|ngettext\(\s*{_QUOTED}\s*,\s*{_QUOTED})")


class Catalogue(gettext.NullTranslations):
    """Translations by sentence; ``many`` has that for one and that for any other number."""

    def __init__(self, one: Mapping[str, str], many: Mapping[str, tuple[str, str]]) -> None:
        super().__init__()
        self._one, self._many = one, many

    def knows(self, sentence: str, plural: str = "") -> bool:
        """Whether there is a translation, of both if there is a plural."""
        return sentence in (self._many if plural else self._one)

    def gettext(self, message: str) -> str:
        """The translation, or the sentence as it is."""
        return self._one.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The same for so many."""
        return self._many.get(msgid1, (msgid1, msgid2))[n != 1]


def catalogue(path: Path) -> Catalogue:
    """Read a ``.po`` file as ``messages`` writes it; sentences without a translation are left out."""
    one: dict[str, str] = {}
    many: dict[str, tuple[str, str]] = {}
    sentence = first = ""
    for kind, quoted in _ENTRY.findall(path.read_text(encoding="utf-8")):
        text = _text(quoted)
        if kind == "msgid":
            sentence = text
        elif kind == "msgstr" and sentence and text:
            one[sentence] = text
        elif kind == "msgstr[0]":
            first = text
        elif kind == "msgstr[1]" and first and text:
            many[sentence] = (first, text)
    return Catalogue(one, many)


def of_scripts(folder: Path) -> list[tuple[str, ...]]:
    """Every sentence marked in the script files, singular and plural together."""
    found: set[tuple[str, ...]] = set()
    for path in folder.glob("*.js"):
        if path.name not in FOREIGN:
            marked = _MARKED.findall(path.read_text(encoding="utf-8"))
            found |= {tuple(_text(each) for each in quoted if each) for quoted in marked}
    return sorted(found)


def _text(quoted: str) -> str:
    """What stands between the quotation marks, of one line or several."""
    text = "".join(line[1:-1] for line in quoted.split("\n"))
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text
