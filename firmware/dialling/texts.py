"""The sentences of what an agent's record or typed number is refused for, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import OperatorError, Refusal

RECORD_TEXTS: Texts = {
    "no_record": ("There is no record on the desk.", "Es liegt kein Datensatz vor."),
    "record_on_desk": (
        "There is a record on the desk: dial it or give it back first.",
        "Es liegt ein Datensatz vor: bitte erst anrufen oder zurückgeben.",
    ),
    "nothing_due": ("No contact is due for you now.", "Für Sie ist gerade kein Kontakt fällig."),
    "not_ready": ("Choose “Ready” first.", "Bitte erst „Bereit“ wählen."),
    "call_on_the_way": (
        "A call is already on its way to you.",
        "Ein Anruf ist schon zu Ihnen unterwegs.",
    ),
    "skip_not_allowed": (
        "Records of this campaign may not be skipped.",
        "In dieser Kampagne darf kein Datensatz übersprungen werden.",
    ),
    "no_manual_dialling": (
        "Numbers cannot be dialled by hand in this campaign now.",
        "In dieser Kampagne kann gerade nicht von Hand gewählt werden.",
    ),
    "cannot_dial": ("The box cannot dial now: {reason}", "Die Anlage kann gerade nicht wählen: {reason}"),
    "call_refused": (
        "This call is not allowed now: {rule}",
        "Dieser Anruf ist jetzt nicht erlaubt: {rule}",
    ),
}


def refuse(where: str, key: str, /, **figures: Any) -> OperatorError:
    """Make the error that carries one problem."""
    return OperatorError(made(RECORD_TEXTS, where, key, **figures))


def refused(refusal: Refusal) -> OperatorError:
    """Make the error of a call the rules do not allow: the rule, and when it lets go (UTC seconds; None: never)."""
    figures = {**refusal.figures, "rule": refusal.rule, "until": refusal.until}
    return refuse("number", "call_refused", **figures)
