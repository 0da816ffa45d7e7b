"""The sentences of what the commands for lines refuse, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import OperatorError

LINE_TEXTS: Texts = {
    "line_unknown": ("There is no line {line}.", "Es gibt keine Leitung {line}."),
    "line_call_up": (
        "A call is up on line {line}, or it rings. Wait for its end.",
        "Auf der Leitung {line} wird telefoniert, oder sie klingelt. Bitte das Ende abwarten.",
    ),
    "line_job_running": (
        "Line {line} is being tested already.",
        "Die Leitung {line} wird schon geprüft.",
    ),
    "line_not_there": ("Line {line} has no modem now.", "Die Leitung {line} hat zurzeit kein Modem."),
    "line_wrong": (
        "Line {line} is out of order; health says why.",
        "Die Leitung {line} ist gestört; der Zustand der Box nennt den Grund.",
    ),
    "line_loop_itself": (
        "Line {line} cannot call itself.",
        "Die Leitung {line} kann sich nicht selbst anrufen.",
    ),
    "line_number_unknown": (
        "The number of line {line} is not in the settings.",
        "Die Rufnummer der Leitung {line} steht nicht in den Einstellungen.",
    ),
    "line_number_bad": (
        "This number cannot be dialled on the line: {text}",
        "Diese Rufnummer lässt sich auf der Leitung nicht wählen: {text}",
    ),
    "line_nothing_learnt": (
        "Nothing was learnt of line {line} that could be accepted.",
        "Von der Leitung {line} wurde nichts gelernt, das sich übernehmen ließe.",
    ),
    "line_emergency": (
        "{text} is an emergency number; no test ever calls one.",
        "{text} ist eine Notrufnummer; kein Test ruft je eine an.",
    ),
}


def refuse(where: str, key: str, **figures: Any) -> OperatorError:
    """Make the refusal of a command."""
    return OperatorError(made(LINE_TEXTS, where, key, **figures))
