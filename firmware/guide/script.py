"""What whoever dials ``*00`` is told, and which key leads where. Pure; phrases are spoken one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

CODE = "*00"


class Step(StrEnum):
    """Where in the conversation somebody is."""

    WELCOME = "welcome"
    MENU = "menu"
    STATE = "state"
    ECHO = "echo"
    END = "end"


KEYS: Mapping[str, Step] = {"1": Step.WELCOME, "2": Step.STATE, "3": Step.ECHO, "9": Step.END}
OTHER_LANGUAGE = "5"


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to tell. ``trunks``: SIP trunks by name, whether each can be reached; ``lines``: analog ones."""

    name: str
    host: str
    addresses: tuple[str, ...] = ()
    """IPv4, dotted."""
    set_up: bool = True
    trunks: Mapping[str, bool] | None = None
    lines_ready: int = 0
    lines: int = 0
    phones: int = 0
    """Telephones that are registered."""
    may_dial: bool = True


def is_wanted(called: str) -> bool:
    """Whether a number dialled on a telephone is this one; some telephones escape the star (RFC 3986 §2.1)."""
    return unquote(called) == CODE


def after(step: Step, key: str) -> Step | None:
    """Where a key leads; None: nowhere. During the echo any key leads back, and at the end none does."""
    if step is Step.END:
        return None
    if step is Step.ECHO:
        return KEYS.get(key, Step.MENU)
    return KEYS.get(key)


def following(step: Step) -> Step | None:
    """Where it goes on once everything of a step is said; None: it waits there (the menu, the echo), or is over."""
    return Step.MENU if step in (Step.WELCOME, Step.STATE) else None


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said in one breath, and by whose voice."""

    text: str
    language: str


def other(language: str) -> str:
    """The language that ``OTHER_LANGUAGE`` leads to."""
    return next(each for each in LANGUAGES if each != language)


def phrases(step: Step, facts: Facts, language: str) -> tuple[Phrase, ...]:
    """What is said, phrase by phrase."""
    words = _WORDS[language]
    texts: tuple[str, ...] = (words[step],) if step in words else ()
    if step is Step.WELCOME:
        texts = _welcome(facts, words)
    elif step is Step.STATE:
        texts = _state(facts, words)
    said = tuple(Phrase(text, language) for text in texts)
    if step is Step.MENU:
        said += (Phrase(_WORDS[other(language)]["other"], other(language)),)
    return said


def _spell(text: str, words: Mapping[str, str]) -> list[str]:
    """An address or a name of the network: figures one by one, words as they are."""
    found: list[str] = []
    word = ""
    for sign in text:
        spoken = words.get(sign, "")
        if not spoken:
            word += sign
            continue
        found += [word, spoken] if word else [spoken]
        word = ""
    return [*found, word] if word else found


def _welcome(facts: Facts, words: Mapping[str, str]) -> tuple[str, ...]:
    said = [words["hello"].format(name=facts.name)]
    if not facts.addresses:
        said.append(words["no_address"])
    for count, address in enumerate(facts.addresses):
        said.append(words["and" if count else "address"])
        said += _spell(address, words)
    said += [words["host"], *_spell(f"{facts.host}.local", words)]
    said.append(words["set_up" if facts.set_up else "not_set_up"])
    return tuple(said)


def _state(facts: Facts, words: Mapping[str, str]) -> tuple[str, ...]:
    said: list[str] = []
    for name, up in (facts.trunks or {}).items():
        said.append(words["trunk_up" if up else "trunk_down"].format(name=name))
    if facts.lines:
        said.append(words["lines"].format(ready=facts.lines_ready, lines=facts.lines))
    if not said:
        said.append(words["no_ways"])
    said.append(words["phone" if facts.phones == 1 else "phones"].format(phones=facts.phones))
    said.append(words["dials" if facts.may_dial else "does_not_dial"])
    return tuple(said)


_WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        **dict(
            zip("0123456789", "null eins zwei drei vier fünf sechs sieben acht neun".split(), strict=True)
        ),
        ".": "Punkt",
        "-": "Bindestrich",
        "hello": "Guten Tag. Hier ist die Telefonanlage {name}.",
        "address": "Ihre Seiten finden Sie im Browser unter der Adresse",
        "and": "oder",
        "no_address": "Sie hat zurzeit keine Adresse im Netz. Bitte prüfen Sie das Netzwerkkabel.",
        "host": "Im Netz des Büros heißt sie",
        "set_up": "Sie ist eingerichtet.",
        "not_set_up": "Sie wartet auf ihren Verwalter. Der Einrichtungscode steht auf ihrem Bildschirm.",
        "menu": "Drücken Sie eins, um das noch einmal zu hören, zwei für Leitungen und Anbieter, drei, um sich selbst "
        "zu hören, neun, um aufzulegen.",
        "other": "Für Deutsch drücken Sie fünf.",
        "echo": "Sprechen Sie: Sie hören sich selbst. Jede Taste beendet das.",
        "end": "Auf Wiederhören.",
        "trunk_up": "Die Amtsleitung {name} ist bereit.",
        "trunk_down": "Die Amtsleitung {name} ist nicht erreichbar.",
        "lines": "Von {lines} analogen Leitungen sind {ready} bereit.",
        "no_ways": "Es ist noch kein Anbieter und keine Leitung eingerichtet.",
        "phone": "Ein Telefon ist angemeldet.",
        "phones": "{phones} Telefone sind angemeldet.",
        "dials": "Die Anlage darf wählen.",
        "does_not_dial": "Die Anlage wählt zurzeit nicht. Ihre Seiten sagen, warum.",
    },
    "en": {
        **dict(zip("0123456789", "zero one two three four five six seven eight nine".split(), strict=True)),
        ".": "dot",
        "-": "hyphen",
        "hello": "Hello. This is the telephone system {name}.",
        "address": "You find its pages with a browser at the address",
        "and": "or",
        "no_address": "It has no address in the network at the moment. Please check the network cable.",
        "host": "In the office's network its name is",
        "set_up": "It is set up.",
        "not_set_up": "It waits for its administrator. The set-up code is on its screen.",
        "menu": "Press one to hear that again, two for lines and providers, three to hear yourself, nine to hang up.",
        "other": "For English, press five.",
        "echo": "Speak: you hear yourself. Any key ends that.",
        "end": "Goodbye.",
        "trunk_up": "The trunk {name} is ready.",
        "trunk_down": "The trunk {name} cannot be reached.",
        "lines": "Of {lines} analog lines {ready} are ready.",
        "no_ways": "No provider and no line has been set up yet.",
        "phone": "One telephone is registered.",
        "phones": "{phones} telephones are registered.",
        "dials": "The box may dial.",
        "does_not_dial": "The box does not dial at the moment. Its pages say why.",
    },
}
LANGUAGES = tuple(_WORDS)
