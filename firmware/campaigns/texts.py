"""The sentences of the problems with a campaign's settings or a contact list, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import NUMBER_TEXTS, Texts, sentence
from firmware.compliance.texts import problem as made
from firmware.model import Problem

SETTINGS_TEXTS: Texts = {
    "not_an_object": ("Settings must be given by name.", "Einstellungen müssen mit Namen angegeben werden."),
    "unknown_setting": (
        "There is no setting {name!r}.{hint_en}",
        "Die Einstellung {name!r} gibt es nicht.{hint_de}",
    ),
    "missing_setting": ("{name} is missing.", "{name} fehlt."),
    "wrong_type": ("{name} must be {expected_en}.", "{name} muss {expected_de} sein."),
    "text_unfit": (
        "{name} may have at most {longest} characters, all of them printable.",
        "{name} darf höchstens {longest} Zeichen haben, alle druckbar.",
    ),
    "out_of_range": (
        "{name} must be between {low} and {high}, not {value}.",
        "{name} muss zwischen {low} und {high} liegen, nicht {value}.",
    ),
    "unknown_value": (
        "{name} cannot be {value!r}; possible: {possible}.{hint_en}",
        "{name} kann nicht {value!r} sein; möglich: {possible}.{hint_de}",
    ),
    "unknown_zone": ("Unknown time zone: {value}.{hint_en}", "Unbekannte Zeitzone: {value}.{hint_de}"),
    "unknown_country": (
        "There is no country with the code {text}.",
        "Es gibt kein Land mit dem Kürzel {text}.",
    ),
    "no_windows": (
        "Without call windows nobody is ever called.",
        "Ohne Anrufzeiten wird nie jemand angerufen.",
    ),
    "window_ends_first": (
        "The call window ends before it begins. A window past midnight is written as two.",
        "Die Anrufzeit endet vor ihrem Beginn. Über Mitternacht bitte als zwei Anrufzeiten schreiben.",
    ),
    "windows_overlap": ("Two call windows overlap.", "Zwei Anrufzeiten überschneiden sich."),
    "duplicate": ("{value} is given twice.", "{value} kommt doppelt vor."),
    "no_day": (
        "{value} is no day. Write it as 2026-11-30.",
        "{value} ist kein Tag. Bitte als 2026-11-30 schreiben.",
    ),
    "last_day_first": (
        "The last day ({last}) lies before the first ({first}).",
        "Der letzte Tag ({last}) liegt vor dem ersten ({first}).",
    ),
    "no_such_code": (
        "{value!r} is none of the wrap-up codes.",
        "{value!r} ist keiner der Abschlusscodes.",
    ),
    "final_disposition": (
        "After {value} nobody is called again.",
        "Nach {value} wird niemand erneut angerufen.",
    ),
    "looser_than_rules": (
        "{name} would be looser than the rules {pack} allow.",
        "{name} wäre lockerer, als die Regeln {pack} erlauben.",
    ),
    "against_rules": (
        "The rules {pack} allow {name} from {low} to {high}, not {value}.",
        "Die Regeln {pack} erlauben {name} von {low} bis {high}, nicht {value}.",
    ),
    "windows_against_rules": (
        "The rules {pack} allow no call in these call windows.",
        "Die Regeln {pack} erlauben in diesen Anrufzeiten keinen Anruf.",
    ),
    "hang_up_against_rules": (
        "The rules {pack} allow {limit} % of the people who answer to be hung up on, not all of them.",
        "Die Regeln {pack} erlauben, bei {limit} % der Menschen aufzulegen, die abheben, nicht bei allen.",
    ),
    "hang_up_on_everybody": (
        "A campaign that hangs up on people has to recognise machines and to leave a message on them.",
        "Eine Kampagne, die bei Menschen auflegt, muss Anrufbeantworter erkennen und dort etwas hinterlassen.",
    ),
    "no_message_to_leave": (
        "There is no message to leave: write one, or upload a recording.",
        "Es gibt keine Nachricht zum Hinterlassen: bitte eine schreiben oder eine Aufnahme hochladen.",
    ),
    "no_message_to_speak": (
        "There is no message with keys: write one first.",
        "Es gibt keine Ansage mit Tasten: bitte zuerst eine schreiben.",
    ),
    "no_greeting_to_wait_for": (
        "A message can be left only where a greeting comes to an end.",
        "Eine Nachricht lässt sich nur hinterlassen, wo eine Ansage zu Ende geht.",
    ),
    "no_key_target": (
        "{value!r} names neither an agent nor a destination.",
        "{value!r} benennt weder einen Agenten noch ein Ziel.",
    ),
    "no_message_name": (
        "{value!r} is no name of a recording: small letters, digits, - and _.",
        "{value!r} ist kein Name einer Aufnahme: kleine Buchstaben, Ziffern, - und _.",
    ),
    "unknown_trunk": (
        "There is no trunk {value!r}.{hint_en}",
        "Die Amtsleitung {value!r} gibt es nicht.{hint_de}",
    ),
    "caller_id_not_allowed": (
        "The trunk may not show {value}; allowed: {possible}",
        "Die Amtsleitung darf {value} nicht anzeigen; erlaubt: {possible}",
    ),
}

ROW_TEXTS: Texts = {
    **NUMBER_TEXTS,
    "duplicate": ("The number stands in the list already.", "Die Rufnummer steht schon in der Liste."),
    "wrong_cell_count": (
        "The row has {found} cells instead of {expected}.",
        "Die Zeile hat {found} statt {expected} Zellen.",
    ),
    "unclosed_quote": (
        "A quotation mark is opened and never closed.",
        "Ein Anführungszeichen wird geöffnet und nie geschlossen.",
    ),
    "line_too_long": ("The line is too long.", "Die Zeile ist zu lang."),
    "unknown_zone": ("Unknown time zone: {value}.{hint_en}", "Unbekannte Zeitzone: {value}.{hint_de}"),
    "consent_date_unfit": (
        "The consent was given at no date that can be read, or in the future: {value}",
        "Die Einwilligung hat kein lesbares Datum oder eines in der Zukunft: {value}",
    ),
    "consent_without_source": (
        "It does not say where the consent was given.",
        "Es steht nicht da, wo die Einwilligung erteilt wurde.",
    ),
    "consent_purpose_unknown": (
        "Nobody knows this purpose of a consent: {value}",
        "Diesen Zweck einer Einwilligung gibt es nicht: {value}",
    ),
    "priority_not_whole": (
        "The priority must be a whole number: {value}",
        "Die Priorität muss eine ganze Zahl sein: {value}",
    ),
}

FILE_TEXTS: Texts = {
    "file_missing": ("The file cannot be opened: {reason}", "Die Datei lässt sich nicht öffnen: {reason}"),
    "file_too_large": (
        "The file has {size_mb} MB; at most {limit_mb} MB can be read. Split it.",
        "Die Datei hat {size_mb} MB; höchstens {limit_mb} MB sind lesbar. Bitte aufteilen.",
    ),
    "workbook_unreadable": (
        "The workbook cannot be read: {reason}",
        "Die Arbeitsmappe lässt sich nicht lesen: {reason}",
    ),
    "file_empty": ("The file is empty.", "Die Datei ist leer."),
    "file_not_csv": (
        "This is neither a CSV file nor a workbook; it looks like {looks_en}.{way_out_en}",
        "Das ist weder eine CSV-Datei noch eine Arbeitsmappe, sondern anscheinend {looks_de}.{way_out_de}",
    ),
    "unknown_country": (
        "There is no country with the code {text}.",
        "Es gibt kein Land mit dem Kürzel {text}.",
    ),
    "no_number_column": (
        "No column is marked as the telephone number.",
        "Keine Spalte ist als Rufnummer bestimmt.",
    ),
    "unknown_column": (
        "There is no column {value!r}.{hint_en}",
        "Die Spalte {value!r} gibt es nicht.{hint_de}",
    ),
    "unknown_role": (
        "A column cannot be {value!r}; possible: {possible}.{hint_en}",
        "Eine Spalte kann nicht {value!r} sein; möglich: {possible}.{hint_de}",
    ),
    "column_used_twice": (
        "The column {value!r} is used twice.",
        "Die Spalte {value!r} ist doppelt verwendet.",
    ),
}


def settings_problem(where: str, key: str, /, **figures: Any) -> Problem:
    """Make a problem with a campaign's settings."""
    return made(SETTINGS_TEXTS, where, key, **figures)


def row_problem(where: str, key: str, /, **figures: Any) -> Problem:
    """Make a problem with one row of a contact list."""
    return made(ROW_TEXTS, where, key, **figures)


def file_problem(where: str, key: str, /, **figures: Any) -> Problem:
    """Make a problem with a whole file or with how its columns are used."""
    return made(FILE_TEXTS, where, key, **figures)


def row_sentence(problem: Problem, language: str) -> str:
    """Say what is wrong with a row in ``language`` (``de`` or ``en``)."""
    return sentence(ROW_TEXTS, problem.key, problem.figures, language)
