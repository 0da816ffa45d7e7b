"""What a receiver of alerts reads, in German and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

TITLES: Mapping[str, tuple[str, str]] = {
    "trunk_down": ("Trunk {about} cannot be reached", "Amtsleitung {about} ist nicht erreichbar"),
    "nobody_ready": (
        "Campaign {campaign} runs and nobody is ready",
        "Kampagne {campaign} läuft und niemand ist bereit",
    ),
    "abandon_near": (
        "Campaign {campaign}: {percent} % abandoned, the limit is {target_percent} %",
        "Kampagne {campaign}: {percent} % abgebrochen, die Grenze ist {target_percent} %",
    ),
    "disk_filling": ("The disk is filling", "Der Speicher läuft voll"),
    "clock_untrusted": ("The clock cannot be trusted", "Der Uhr ist nicht zu trauen"),
    "backup_red": ("Something is wrong with the backup", "Mit der Sicherung stimmt etwas nicht"),
    "line_stuck": ("Something is wrong with line {about}", "Mit Leitung {about} stimmt etwas nicht"),
    "register_old": ("A national register is out of date", "Ein nationales Register ist veraltet"),
    "mail_stuck": ("No mail goes out", "Es geht keine E-Mail hinaus"),
    "access_asked": ("Somebody asks for access to the box", "Jemand bittet um Zugang zur Anlage"),
    "box_ill": ("The box does not dial: {about}", "Die Anlage wählt nicht: {about}"),
}
_BEGAN = ("{box}: {title}", "{box}: {title}")
_ENDED = ("{box}: over: {title}", "{box}: vorbei: {title}")
_BODY_BEGAN = (
    "{title}.\n\nSince {at}.{more}\n\nThe page Alerts of the box says more.",
    "{title}.\n\nSeit {at}.{more}\n\nMehr steht auf der Seite Warnungen der Anlage.",
)
_BODY_ENDED = ("It is over since {at}: {title}.", "Vorbei seit {at}: {title}.")


class _Missing(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def title(rule: str, about: str, figures: Mapping[str, Any], language: str) -> str:
    """What is wrong, in one line."""
    text = TITLES[rule][language == "de"]
    return text.format_map(_Missing({**figures, "about": about}))


def subject(said: str, ended: bool, box: str, language: str) -> str:
    """The subject of a message."""
    return (_ENDED if ended else _BEGAN)[language == "de"].format(box=box, title=said)


def body(said: str, ended: bool, at: float, figures: Mapping[str, Any], zone: ZoneInfo, language: str) -> str:
    """The text of a message; figures that the title does not say follow as they are."""
    pattern = "%d.%m.%Y, %H:%M" if language == "de" else "%d %b %Y, %H:%M"
    moment = datetime.fromtimestamp(at, zone).strftime(pattern)
    plain = {name: value for name, value in figures.items() if name not in ("campaign", "trunk")}
    more = "".join(f"\n{name}: {value}" for name, value in plain.items())
    text = (_BODY_ENDED if ended else _BODY_BEGAN)[language == "de"]
    return text.format(title=said, at=moment, more=more)
