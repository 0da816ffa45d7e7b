"""Why a call was judged as it was, in words the office understands.

The ears are a library of their own, so the two languages live here and not in the box's message catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "de"]

CAUSES: Mapping[str, Mapping[Language, str]] = {
    "spoke_and_waited": {
        "en": "spoke {speech_s} s and then waited {quiet_s} s, person {human}",
        "de": "sprach {speech_s} s und wartete dann {quiet_s} s, Mensch {human}",
    },
    "sounds_live": {
        "en": "sounds like a live person after {speech_s} s of speech, person {human}",
        "de": "klingt nach {speech_s} s Sprache wie ein Mensch am Apparat, Mensch {human}",
    },
    "spoke_without_pause": {
        "en": "spoke {run_s} s without a pause, recorded voice {machine}",
        "de": "sprach {run_s} s ohne Pause, Ansagestimme {machine}",
    },
    "kept_talking": {
        "en": "spoke {speech_s} s with {runs} short breaks and kept going, recorded voice {machine}",
        "de": "sprach {speech_s} s in {runs} Abschnitten und redete weiter, Ansagestimme {machine}",
    },
    "beep": {
        "en": "a recording beep was heard after {at_s} s",
        "de": "nach {at_s} s kam der Aufnahmeton",
    },
    "intercept_tones": {
        "en": "three rising network tones after {at_s} s: the number cannot be reached",
        "de": "nach {at_s} s drei aufsteigende Hinweistöne: die Nummer ist nicht erreichbar",
    },
    "fax_tone": {
        "en": "a fax or modem tone was heard after {at_s} s",
        "de": "nach {at_s} s kam ein Fax- oder Modemton",
    },
    "nobody_spoke": {
        "en": "nobody spoke for {waited_s} s after the answer",
        "de": "{waited_s} s nach dem Abheben hat niemand gesprochen",
    },
    "only_noise": {
        "en": "noise but no voice, silence {silence}",
        "de": "Geräusche, aber keine Stimme, Stille {silence}",
    },
    "music": {
        "en": "music instead of a voice, music {music}",
        "de": "Musik statt einer Stimme, Musik {music}",
    },
    "greeting_over": {
        "en": "the greeting is over: {quiet_s} s of silence after {speech_s} s of speech",
        "de": "die Ansage ist zu Ende: {quiet_s} s Stille nach {speech_s} s Sprache",
    },
    "still_talking": {
        "en": "still talking after {speech_s} s, could be either: person {human}, recorded voice {machine}",
        "de": "spricht nach {speech_s} s noch immer, beides möglich: Mensch {human}, Ansagestimme {machine}",
    },
    "no_clear_picture": {
        "en": "no clear picture in time: person {human}, recorded voice {machine}",
        "de": "in der Zeit kein klares Bild: Mensch {human}, Ansagestimme {machine}",
    },
}


def sentence(cause: str, figures: Mapping[str, float], language: Language) -> str:
    """Fill in the figures: seconds with one decimal, odds with two, counts whole. ``KeyError`` for a wrong
    cause.
    """
    words = {name: _spell(name, value, language) for name, value in figures.items()}
    return CAUSES[cause][language].format_map(words)


def _spell(name: str, value: float, language: Language) -> str:
    digits = 1 if name.endswith("_s") else 0 if name == "runs" else 2
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "de" else text
