"""What callers hear, in the box's language, where the settings have no text of the office's own."""

from __future__ import annotations

from collections.abc import Mapping

from firmware.inbound.happenings import Say

_TEXTS: Mapping[str, Mapping[Say, str]] = {
    "de": {
        Say.GREETING: "Guten Tag. Bitte haben Sie einen Augenblick Geduld. Wir verbinden Sie, sobald jemand frei ist.",
        Say.CLOSED: "Guten Tag. Unser Büro ist zurzeit nicht besetzt. Bitte rufen Sie uns zu unseren Öffnungszeiten "
        "wieder an. Auf Wiederhören.",
        Say.SORRY: "Leider ist im Augenblick niemand frei. Bitte rufen Sie später noch einmal an. Auf Wiederhören.",
        Say.OFFER: "Leider ist im Augenblick niemand frei. Drücken Sie die Eins, dann rufen wir Sie zurück.",
        Say.NOTED: "Vielen Dank. Wir rufen Sie zurück. Auf Wiederhören.",
        Say.POSITION: "Sie sind in der Warteschlange an Stelle {position}. Bitte haben Sie noch etwas Geduld.",
    },
    "en": {
        Say.GREETING: "Hello. Please hold the line. We will put you through as soon as somebody is free.",
        Say.CLOSED: "Hello. Our office is closed at the moment. Please call again during our opening hours. Goodbye.",
        Say.SORRY: "We are sorry: nobody is free at the moment. Please call again later. Goodbye.",
        Say.OFFER: "We are sorry: nobody is free at the moment. Press one, and we will call you back.",
        Say.NOTED: "Thank you. We will call you back. Goodbye.",
        Say.POSITION: "You are number {position} in the queue. Please bear with us a little longer.",
    },
}


NEXT: Mapping[str, str] = {
    "de": "Sie sind der nächste Anrufer. Bitte haben Sie noch einen Augenblick Geduld.",
    "en": "You are the next caller. Please hold on a little longer.",
}
"""What is said instead to whoever waits first."""


def spoken(say: Say, language: str, position: int = 0) -> str:
    """Return the box's own words for an announcement; ``position`` counts from 1 among those who wait."""
    if say is Say.POSITION and position <= 1:
        return NEXT.get(language, NEXT["en"])
    return _TEXTS.get(language, _TEXTS["en"])[say].format(position=position)
