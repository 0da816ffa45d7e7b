"""The sentences of what settings, the first run and the machine itself refuse, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import OperatorError

APPLIANCE_TEXTS: Texts = {
    "settings_no_file": (
        "The box was started without a settings file, so its pages cannot change settings.",
        "Die Anlage wurde ohne Einstellungsdatei gestartet, ihre Seiten können daher nichts einstellen.",
    ),
    "settings_not_here": (
        "{value} is not set on the pages.",
        "{value} wird nicht auf den Seiten eingestellt.",
    ),
    "settings_unreadable": (
        "What was set on the pages cannot be read: {reason}",
        "Was auf den Seiten eingestellt wurde, ist nicht lesbar: {reason}",
    ),
    "settings_no_undo": ("There is no change to take back.", "Es gibt keine Änderung zurückzunehmen."),
    "settings_in_file": (
        "The trunk {value} stands in the settings file of the box and is taken away there.",
        "Die Amtsleitung {value} steht in der Einstellungsdatei der Anlage und wird dort entfernt.",
    ),
    "trunk_unknown": ("There is no trunk {value}.", "Die Amtsleitung {value} gibt es nicht."),
    "calls_now": (
        "There are calls now ({calls}); a restart would end them. Later, or by force.",
        "Es wird gerade telefoniert ({calls}); ein Neustart würde das beenden. Bitte später oder erzwungen.",
    ),
    "restart_by_hand": (
        "This box does not restart itself; run: systemctl restart strowger-edge strowger strowger-web",
        "Diese Anlage startet sich nicht selbst neu; bitte: systemctl restart strowger-edge strowger strowger-web",
    ),
    "reset_not_flashed": (
        "This machine was not flashed from an image; a factory reset would not know what is the box's.",
        "Diese Maschine wurde nicht aus einem Abbild bespielt; das Zurücksetzen wüsste nicht, was zur Anlage gehört.",
    ),
    "reset_on_trial": (
        "A new version is still proving itself. Wait until it has.",
        "Eine neue Version weist sich noch nach. Bitte so lange warten.",
    ),
    "reset_not_asked": (
        "Nobody has asked for a reset within the last ten minutes.",
        "In den letzten zehn Minuten hat niemand ein Zurücksetzen verlangt.",
    ),
    "reset_code_wrong": (
        "This is not the code. Begin again.",
        "Das ist nicht der Code. Bitte von vorn beginnen.",
    ),
    "access_not_flashed": (
        "This machine was not flashed from an image; how technicians get in is its owner's business.",
        "Diese Maschine wurde nicht aus einem Abbild bespielt; wie Techniker hineinkommen, regelt ihr Besitzer.",
    ),
    "step_unknown": ("There is no such step.", "Diesen Schritt gibt es nicht."),
}


def refuse(where: str, key: str, /, **figures: Any) -> OperatorError:
    """Return a refusal with the sentence of ``key``."""
    return OperatorError(made(APPLIANCE_TEXTS, where, key, **figures))
