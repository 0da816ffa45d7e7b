"""The words of messages, in German and English, by key."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "report_subject": ("{box}: {name} ({title})", "{box}: {name} ({title})"),
    "report_body": (
        "The report “{name}” is attached: {title}.\n\nThe box sends it {rhythm}. Whoever may see reports can change"
        " that on the page Reports, By e-mail.",
        "Der Bericht „{name}“ liegt bei: {title}.\n\nDie Anlage sendet ihn {rhythm}. Wer Berichte sehen darf, ändert"
        " das auf der Seite Berichte, Per E-Mail.",
    ),
    "daily": ("every day", "täglich"),
    "weekly": ("every week", "wöchentlich"),
    "monthly": ("every month", "monatlich"),
    "invitation_subject": ("{box}: your invitation", "{box}: Ihre Einladung"),
    "invitation_body": (
        "{name}, you are invited to work with {box}. Your login is {login}.\n\nChoose a password here:\n{link}\n\nThe"
        " link counts once, for 72 hours. You are asked for the address this message was sent to. If you know nothing"
        " of this, do nothing.",
        "{name}, Sie sind eingeladen, mit {box} zu arbeiten. Ihr Anmeldename ist {login}.\n\nWählen Sie hier ein"
        " Passwort:\n{link}\n\nDer Link gilt einmal und 72 Stunden lang. Sie werden nach der Adresse gefragt, an die"
        " diese Nachricht ging. Wenn Sie nichts davon wissen, tun Sie nichts.",
    ),
    "admission_subject": ("{box}: your request for access", "{box}: Ihre Bitte um Zugang"),
    "admission_body": (
        "{name}, your request to work with {box} was not granted.\n\nReason: {reason}\n\nIf you never asked, do"
        " nothing.",
        "{name}, Ihrer Bitte, mit {box} zu arbeiten, wurde nicht entsprochen.\n\nGrund: {reason}\n\nWenn Sie nie darum"
        " gebeten haben, tun Sie nichts.",
    ),
    "test_subject": ("{box}: a test", "{box}: ein Test"),
    "test_body": (
        "This message was asked for on the pages of the box. Mail works.",
        "Diese Nachricht wurde auf den Seiten der Anlage angefordert. Der Mailversand funktioniert.",
    ),
}


def say(key: str, language: str, /, **figures: object) -> str:
    """The sentence with its figures."""
    english, german = WORDS[key]
    return (german if language == "de" else english).format(**figures)
