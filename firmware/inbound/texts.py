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
    },
    "en": {
        Say.GREETING: "Hello. Please hold the line. We will put you through as soon as somebody is free.",
        Say.CLOSED: "Hello. Our office is closed at the moment. Please call again during our opening hours. Goodbye.",
        Say.SORRY: "We are sorry: nobody is free at the moment. Please call again later. Goodbye.",
        Say.OFFER: "We are sorry: nobody is free at the moment. Press one, and we will call you back.",
        Say.NOTED: "Thank you. We will call you back. Goodbye.",
    },
}


def spoken(say: Say, language: str) -> str:
    """Return the box's own words for an announcement."""
    return _TEXTS.get(language, _TEXTS["en"])[say]
