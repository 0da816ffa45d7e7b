"""The sentences of what scripts, snippets and contact cards are refused for, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import OperatorError, Problem

SCRIPT_TEXTS: Texts = {
    "script_size": (
        "A script has 1 to {most} steps.",
        "Ein Leitfaden hat 1 bis {most} Schritte.",
    ),
    "script_malformed": (
        "This is no script of this box.",
        "Das ist kein Leitfaden dieser Anlage.",
    ),
    "script_unknown": ("There is no such script.", "Diesen Leitfaden gibt es nicht."),
    "script_name_taken": ("A script of this name exists.", "Einen Leitfaden mit diesem Namen gibt es schon."),
    "script_in_use": (
        "Campaigns use this script: {campaigns}",
        "Kampagnen verwenden diesen Leitfaden: {campaigns}",
    ),
    "script_changed": (
        "Somebody has saved this script in the meantime: version {version}. Yours was made from {seen}.",
        "Jemand hat diesen Leitfaden inzwischen gespeichert: Fassung {version}. Ihre ging von Fassung {seen} aus.",
    ),
    "step_without_heading": ("Step {step} has no heading.", "Schritt {step} hat keine Überschrift."),
    "step_too_long": ("A text has at most {most} characters.", "Ein Text hat höchstens {most} Zeichen."),
    "field_without_label": (
        "“{step}”: a field has no label.",
        "„{step}“: Ein Feld hat keine Bezeichnung.",
    ),
    "field_choices": (
        "“{step}”: the choice “{field}” needs 2 to {most} different answers.",
        "„{step}“: Die Auswahl „{field}“ braucht 2 bis {most} verschiedene Antworten.",
    ),
    "branch_nowhere": (
        "“{step}”: the answer “{branch}” leads to a step that is not there.",
        "„{step}“: Die Antwort „{branch}“ führt zu einem Schritt, den es nicht gibt.",
    ),
    "branch_without_answer": (
        "“{step}”: a way on has no answer on its button.",
        "„{step}“: Ein Weg hat keine Antwort auf seiner Taste.",
    ),
    "step_nowhere": (
        "“{step}” leads to a step that is not there.",
        "„{step}“ führt zu einem Schritt, den es nicht gibt.",
    ),
    "step_endless": (
        "From “{step}” no way leads to the end: agents would go round in circles.",
        "Von „{step}“ führt kein Weg zum Ende: Man liefe im Kreis.",
    ),
    "step_unreachable": ("No way leads to “{step}”.", "Zu „{step}“ führt kein Weg."),
    "column_unknown": (
        "“{step}”: no contact of the lists has {field}.",
        "„{step}“: Kein Kontakt der Listen hat {field}.",
    ),
    "snippet_unknown": ("There is no such prepared answer.", "Diesen Textbaustein gibt es nicht."),
    "snippet_empty": (
        "Write the answer in German or English, or in both.",
        "Bitte die Antwort auf Deutsch oder Englisch schreiben, oder in beiden Sprachen.",
    ),
    "snippet_title": (
        "An answer needs a title in its language.",
        "Eine Antwort braucht einen Titel in ihrer Sprache.",
    ),
    "value_not_a_number": ("{field}: {value} is no number.", "{field}: {value} ist keine Zahl."),
    "value_not_a_date": ("{field}: {value} is no date.", "{field}: {value} ist kein Datum."),
    "not_a_phone_number": (
        "{field}: {value} is no telephone number.",
        "{field}: {value} ist keine Rufnummer.",
    ),
    "value_too_long": (
        "{field}: at most {most} characters.",
        "{field}: höchstens {most} Zeichen.",
    ),
    "card_malformed": ("This is no card of a contact.", "Das ist keine Kontaktkarte."),
    "field_not_editable": (
        "{field} cannot be changed at the desk.",
        "{field} kann am Platz nicht geändert werden.",
    ),
    "contact_changed_meanwhile": (
        "{field} has been changed in the meantime, by an import or by somebody else: {current}."
        " Save again to replace it.",
        "{field} wurde inzwischen geändert, durch einen Import oder von jemand anderem: {current}."
        " Noch einmal speichern ersetzt es.",
    ),
    "no_contact_here": ("There is no contact on this desk.", "Auf diesem Platz liegt kein Kontakt."),
    "no_script_here": ("There is no script for this call.", "Für diesen Anruf gibt es keinen Leitfaden."),
    "call_not_yours": ("This call was another agent's.", "Dieser Anruf war bei jemand anderem."),
}


def problem(where: str, key: str, /, **figures: Any) -> Problem:
    """One problem, with its English sentence."""
    return made(SCRIPT_TEXTS, where, key, **figures)


def refuse(where: str, key: str, /, **figures: Any) -> OperatorError:
    """The error that carries one problem."""
    return OperatorError(problem(where, key, **figures))
