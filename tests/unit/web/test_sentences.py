"""The quick readers of sentences against Babel's, which know every form there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from web_ui import sentences
from web_ui.language import CATALOGUE, HERE
from web_ui.messages import KEYWORDS

GERMAN = r"""msgid ""
msgstr ""
"Language: de\n"

#: a.py
msgid "Save"
msgstr "Speichern"

#: a.py b.tpl
msgid ""
"One line, then "
"\"another\" with \\ and\ttab."
msgstr ""
"Eine Zeile,\n"
"dann „noch eine“."

msgid "Nobody translated this."
msgstr ""

msgid "{count} call"
msgid_plural "{count} calls"
msgstr[0] "{count} Anruf"
msgstr[1] "{count} Anrufe"

msgid "{count} line"
msgid_plural "{count} lines"
msgstr[0] ""
msgstr[1] ""

#~ msgid "Gone"
#~ msgstr "Fort"
"""


@pytest.fixture
def german(tmp_path: Path) -> sentences.Catalogue:
    path = tmp_path / "strowger.po"
    path.write_text(GERMAN, encoding="utf-8")
    return sentences.catalogue(path)


def test_a_sentence_over_several_lines_with_everything_that_is_escaped(german: sentences.Catalogue) -> None:
    assert german.gettext("Save") == "Speichern"
    assert german.gettext('One line, then "another" with \\ and\ttab.') == "Eine Zeile,\ndann „noch eine“."


def test_what_nobody_translated_stays_as_it_is(german: sentences.Catalogue) -> None:
    assert german.gettext("Nobody translated this.") == "Nobody translated this."
    assert german.gettext("Gone") == "Gone"
    assert german.gettext("") == ""
    assert [german.ngettext("{count} line", "{count} lines", n) for n in (1, 2)] == [
        "{count} line",
        "{count} lines",
    ]


def test_one_and_any_other_number(german: sentences.Catalogue) -> None:
    said = [german.ngettext("{count} call", "{count} calls", count) for count in (0, 1, 2)]
    assert said == ["{count} Anrufe", "{count} Anruf", "{count} Anrufe"]


def test_the_whole_catalogue_reads_as_babel_reads_it() -> None:
    ours = sentences.catalogue(CATALOGUE)
    with CATALOGUE.open("rb") as file:
        theirs = [message for message in read_po(file, locale="de") if message.id]
    assert len(theirs) > 1000
    for message in theirs:
        if isinstance(message.id, tuple):
            assert tuple(ours.ngettext(*message.id, count) for count in (1, 2)) == message.string
        else:
            assert ours.gettext(message.id) == message.string


def test_a_script_says_what_it_marks_and_nothing_else(tmp_path: Path) -> None:
    script = r"""say(_('It\'s done.'), N_( "Now" ));
      say(ngettext('{count} call', '{count} calls', calls), mark_('nothing'));
      const _ = (text) => `no sentence of (${text})`;"""
    (tmp_path / "a.js").write_text(script, encoding="utf-8")
    assert sentences.of_scripts(tmp_path) == [("It's done.",), ("Now",), ("{count} call", "{count} calls")]


def test_every_sentence_babel_finds_in_the_scripts_is_found_and_every_one_found_is_translated() -> None:
    folder = HERE / "static"
    theirs = {
        message if isinstance(message, tuple) else (message,)
        for path in folder.glob("*.js")
        for _line, message, _comments, _context in extract_from_file("javascript", path, KEYWORDS)
    }
    ours = sentences.of_scripts(folder)
    assert len(theirs) > 50
    assert theirs <= set(ours)
    german = sentences.catalogue(CATALOGUE)
    assert [each for each in ours if not german.knows(*each)] == []
