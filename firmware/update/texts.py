"""The sentences of what the update refuses, by key, in English and German."""

from __future__ import annotations

from typing import Any

from firmware.compliance.texts import Texts
from firmware.compliance.texts import problem as made
from firmware.model import Problem

UPDATE_TEXTS: Texts = {
    "update_no_file": ("There is no file {file}.", "Die Datei {file} gibt es nicht."),
    "update_not_a_bundle": (
        "This file is not an update, or it is damaged. Please fetch it again.",
        "Diese Datei ist keine Aktualisierung oder beschädigt. Bitte neu beschaffen.",
    ),
    "update_damaged": (
        "The update is damaged: its contents are not what was signed. Please fetch it again.",
        "Die Aktualisierung ist beschädigt: Ihr Inhalt ist nicht der unterschriebene. Bitte neu beschaffen.",
    ),
    "update_stranger": (
        "The update is signed by somebody this box does not trust.",
        "Die Aktualisierung ist von jemandem unterschrieben, dem diese Anlage nicht traut.",
    ),
    "update_other_board": (
        "The update is for another board: it is for {theirs}, this is {ours}.",
        "Die Aktualisierung ist für eine andere Platine: sie ist für {theirs}, dies ist {ours}.",
    ),
    "update_too_old": (
        "Version {version} is older than this box allows; the oldest it takes is {minimum}.",
        "Version {version} ist älter, als diese Anlage erlaubt; die älteste erlaubte ist {minimum}.",
    ),
    "update_calls": (
        "There are calls now ({calls}). Install it later, or by force.",
        "Es wird gerade telefoniert ({calls}). Bitte später oder erzwungen einspielen.",
    ),
    "update_under_way": (
        "An update is being installed already.",
        "Es wird schon eine Aktualisierung eingespielt.",
    ),
    "update_nothing_installed": (
        "No update has been installed that a restart would start.",
        "Es ist keine Aktualisierung eingespielt, die ein Neustart starten würde.",
    ),
    "update_no_slots": (
        "This machine has no slots to update: it is not a flashed box.",
        "Diese Maschine hat keine Plätze für Aktualisierungen: Sie ist keine bespielte Anlage.",
    ),
    "update_plan_past": (
        "This time has passed already.",
        "Diese Zeit ist schon vorbei.",
    ),
    "update_not_planned": ("No update is planned.", "Es ist keine Aktualisierung geplant."),
    "update_nothing_to_go_back_to": (
        "There is no other version on this box that has ever proved itself here.",
        "Auf dieser Anlage ist keine andere Version, die sich hier je bewährt hat.",
    ),
    "update_other_cannot_read": (
        "Version {version} cannot read the data of this one any more. Install it as a bundle and put a backup back.",
        "Version {version} kann die Daten dieser Version nicht mehr lesen. Bitte als Aktualisierung einspielen und "
        "eine Sicherung zurückholen.",
    ),
    "update_too_large": (
        "The file is larger than any update ({size} MB; at most {most} MB).",
        "Die Datei ist größer als jede Aktualisierung ({size} MB; höchstens {most} MB).",
    ),
    "update_no_room": (
        "There is too little room on the disk: {free} MB are free, {size} MB are needed.",
        "Auf der Festplatte ist zu wenig Platz: {free} MB sind frei, {size} MB werden gebraucht.",
    ),
    "update_failed": (
        "The update could not be installed: {reason}",
        "Die Aktualisierung konnte nicht eingespielt werden: {reason}",
    ),
}


def problem(key: str, /, **figures: Any) -> Problem:
    """Return a problem with the sentence of ``key``."""
    return made(UPDATE_TEXTS, "file", key, **figures)
