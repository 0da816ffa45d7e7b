"""The keys of an agent's desk: which key does what as delivered, what an agent may choose instead, and why not.

Pure. Calls have function keys, because they work wherever the cursor is; what belongs to the result has single
letters, which count only while the result is in front (WCAG 2.1.4), and digits choose the result itself. A page may
not have every key: browsers keep some, and Ctrl or Alt with a key is theirs, or types a character (AltGr).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from web_ui.language import N_, Language

CALL: Mapping[str, tuple[str, str]] = {
    "take": ("F2", N_("Take the call; dial the record; fetch the next one")),
    "ready": ("Shift+F2", N_("Ready; pause")),
    "hold": ("F4", N_("Hold and take back; change over")),
    "hang_up": ("Shift+F4", N_("Hang up")),
    "mute": ("F6", N_("Mute the telephone in the browser")),
    "answers": ("Shift+F6", N_("Prepared answers")),
    "leave": ("F7", N_("Leave the message and go on")),
    "script": ("Shift+F7", N_("To the script")),
    "ask": ("F8", N_("Ask or hand over; skip the record")),
    "back": ("Shift+F8", N_("Leave the call to somebody else; give the record back")),
    "machine": ("F9", N_("That was a machine")),
    "person": ("Shift+F9", N_("That was a person")),
}
"""What function keys do: action -> the key as delivered, and what it is called."""
RESULT: Mapping[str, tuple[str, str]] = {
    "note": ("N", N_("To the note")),
    "callback": ("C", N_("Call again at a time")),
    "park": ("P", N_("Park: call again in an hour, myself")),
}
"""What letters do while the result is in front."""
DELIVERED: Mapping[str, str] = {action: key for action, (key, _) in {**CALL, **RESULT}.items()}
FREE = tuple(
    f"{shift}F{n}" for n in (2, 4, 6, 7, 8, 9, 10) for shift in ("", "Shift+") if (n, shift) != (10, "Shift+")
)
"""Function keys that a page may have. Shift+F10 opens the menu of whatever is in front."""
_BROWSERS = {
    "F1": N_("opens the help of the browser"),
    "F3": N_("searches in the page"),
    "F5": N_("loads the page again"),
    "Shift+F10": N_("opens the menu"),
    "F11": N_("fills the screen"),
    "F12": N_("opens the tools for developers"),
}
_FUNCTION = re.compile(r"(?:Shift\+)?F(?:[1-9]|1[0-9]|2[0-4])")
_HELD = re.compile(r"\b(?:ctrl|control|strg|alt|altgr|meta|win|cmd)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in force: every action with its key, empty where it has none."""

    of: Mapping[str, str] = field(default_factory=lambda: DELIVERED)

    def hint(self, action: str) -> str:
        """As it stands on a button."""
        return self.of[action].replace("Shift+", "⇧")

    def shortcut(self, action: str) -> str:
        """As ``aria-keyshortcuts`` wants it."""
        return self.of[action]

    @property
    def actions(self) -> Mapping[str, str]:
        """Key -> action, for the script of the desk."""
        return {key: action for action, key in self.of.items() if key}


def in_force(chosen: Mapping[str, object]) -> Keys:
    """What was chosen over what is delivered; what makes no sense any more (an older box's) is left out."""
    known = {action: str(key) for action, key in chosen.items() if action in DELIVERED}
    merged = {**DELIVERED, **known}
    return Keys() if mistakes(merged) else Keys(merged)


def tidied(typed: str) -> str:
    """A key as people write it (``shift + f4``, ``⇧F4``, ``n``) as it is kept."""
    text = re.sub(r"\s+", "", typed).upper().replace("⇧", "SHIFT+").replace("UMSCHALT+", "SHIFT+")
    return text.replace("SHIFT+", "Shift+")


def changed(keys: Mapping[str, str]) -> dict[str, str]:
    """What is other than delivered: that is what is kept, so that later boxes may deliver more."""
    return {action: key for action, key in keys.items() if key != DELIVERED[action]}


def mistakes(keys: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """Why keys cannot be used: action -> a sentence (untranslated) and what stands in its braces."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    taken: dict[str, str] = {}
    for action, key in keys.items():
        if not key:
            continue
        wrong = _not_for_calls(key) if action in CALL else _not_for_results(key)
        if wrong:
            found[action] = wrong
        elif key in taken:
            found[action] = (N_("{key} is taken already: {other}."), {"key": key, "other": name(taken[key])})
        taken.setdefault(key, action)
    return found


def name(action: str) -> str:
    """What an action is called, as a sentence to translate."""
    return {**CALL, **RESULT}[action][1]


def said(mistake: tuple[str, Mapping[str, str]], language: Language) -> str:
    """A mistake in the reader's language."""
    sentence, figures = mistake
    translated = {key: language.gettext(value) if key != "key" else value for key, value in figures.items()}
    return language.gettext(sentence, **translated)


def _not_for_calls(key: str) -> tuple[str, dict[str, str]] | None:
    if key in FREE:
        return None
    if _HELD.search(key.replace("+", " ")):
        return N_("{key}: Ctrl and Alt with a key belong to the browser, or type a character."), {"key": key}
    browsers = _BROWSERS.get(key) or _BROWSERS.get(key.removeprefix("Shift+"))
    if browsers:
        return N_("The browser keeps {key}: it {what}."), {"key": key, "what": browsers}
    if _FUNCTION.fullmatch(key):
        return N_("Few keyboards have {key}. Choose F2, F4 or F6 to F10."), {"key": key}
    return N_("{key} is no function key: as a letter it would be typed into fields."), {"key": key}


def _not_for_results(key: str) -> tuple[str, dict[str, str]] | None:
    if re.fullmatch("[A-Z]", key):
        return None
    return N_("{key} is no single letter from A to Z; digits choose the result."), {"key": key}
