"""The sentences of what the technician's commands refuse, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import OperatorError

TECHNICIAN_TEXTS: Texts = {
    "trial_emergency": (
        "This is an emergency number. It is never called for a test.",
        "Das ist eine Notrufnummer. Sie wird nie zum Testen angerufen.",
    ),
    "trial_not_here": ("There is no telephony here.", "Hier gibt es keine Telefonie."),
    "trial_phone_away": (
        "The telephone {phone} is not registered.",
        "Das Telefon {phone} ist nicht angemeldet.",
    ),
    "trial_under_way": (
        "A test call is under way. Hang up first.",
        "Ein Testanruf läuft schon. Bitte zuerst auflegen.",
    ),
    "trial_line_unknown": ("There is no line {line}.", "Die Leitung {line} gibt es nicht."),
    "trial_line_busy": (
        "Line {line} is not free: a call is up, or its modem is not there.",
        "Die Leitung {line} ist nicht frei: Es läuft ein Anruf, oder ihr Modem ist nicht da.",
    ),
    "trial_trunk_unknown": (
        "Choose the trunk to call over.",
        "Bitte die Amtsleitung wählen, über die angerufen wird.",
    ),
    "trial_trunk_down": ("Trunk {trunk} is down.", "Die Amtsleitung {trunk} ist gestört."),
    "trial_trunk_full": (
        "All lines of trunk {trunk} are taken by calls.",
        "Alle Leitungen der Amtsleitung {trunk} sind durch Anrufe belegt.",
    ),
}


def refuse(where: str, key: str, **figures: Any) -> OperatorError:
    """The refusal for ``key``, to be raised."""
    return OperatorError(made(TECHNICIAN_TEXTS, where, key, **figures))
