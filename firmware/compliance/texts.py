"""The sentences of the refusals and problems this package gives, by stable key, in English and German.

``problem`` is how a ``Problem`` is made, so that its English text and the German one cannot drift apart. Screens
translate by key as well; files handed back to a person (a report of damaged rows) are written from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.model import Problem

Texts = Mapping[str, tuple[str, str]]
"""Key -> (English, German); ``{figure}`` stands for a figure of the problem."""

NUMBER_TEXTS: Texts = {
    "empty_number": ("There is no number.", "Die Rufnummer fehlt."),
    "spreadsheet_damage": (
        "A spreadsheet has rounded this number ({text}); digits are lost. Format the column as text and export again.",
        "Eine Tabellenkalkulation hat diese Rufnummer gerundet ({text}); Ziffern sind verloren. "
        "Spalte als Text formatieren und neu exportieren.",
    ),
    "leading_zero_lost": (
        "The leading zero seems to be lost: {text}. If so, write {suggestion}.",
        "Die führende Null scheint verloren: {text}. Falls ja, bitte {suggestion} schreiben.",
    ),
    "not_a_number": ("This is not a telephone number: {text}", "Das ist keine Rufnummer: {text}"),
    "several_numbers": (
        "There are several numbers in one cell.",
        "In einer Zelle stehen mehrere Rufnummern.",
    ),
    "has_extension": (
        "An extension cannot be dialled with the number: {text}",
        "Eine Nebenstelle kann nicht mitgewählt werden: {text}",
    ),
    "too_short": ("The number is too short: {text}", "Die Rufnummer ist zu kurz: {text}"),
    "too_long": ("The number is too long: {text}", "Die Rufnummer ist zu lang: {text}"),
    "not_in_use": ("No such number can exist: {text}", "Eine solche Rufnummer gibt es nicht: {text}"),
    "emergency_number": (
        "{text} is an emergency number and is never called by a campaign.",
        "{text} ist ein Notruf und wird von keiner Kampagne gewählt.",
    ),
    "service_number": ("{text} is a service number.", "{text} ist eine Dienstenummer."),
    "premium_number": (
        "Calls to this number cost extra: {text}",
        "Anrufe zu dieser Rufnummer kosten extra: {text}",
    ),
    "unknown_country": (
        "There is no country with the code {text}.",
        "Es gibt kein Land mit dem Kürzel {text}.",
    ),
}

REFUSAL_TEXTS: Texts = {
    "unknown_rules": ("There is no rule pack {pack}.", "Ein Regelwerk {pack} gibt es nicht."),
    "invalid_number": ("The number cannot be dialled.", "Die Rufnummer ist nicht wählbar."),
    "emergency_number": ("This is an emergency number.", "Das ist ein Notruf."),
    "caller_id_forbidden": (
        "The number {caller_id} must not be shown to this contact.",
        "Die Rufnummer {caller_id} darf diesem Kontakt nicht angezeigt werden.",
    ),
    "dnc": ("The number is on a DNC list: {lists}", "Die Rufnummer steht auf einer Sperrliste: {lists}"),
    "register_missing": (
        "The rules want the national register {register} to be asked; none of the campaign's DNC lists is it.",
        "Die Regeln verlangen den Abgleich mit dem Register {register}; keine Sperrliste der Kampagne ist dieses.",
    ),
    "register_old": (
        "The national register {register} was loaded {days} days ago; the rules allow {limit}.",
        "Das Register {register} wurde vor {days} Tagen geladen; die Regeln erlauben {limit}.",
    ),
    "no_consent": (
        "There is no record of the consent this call needs ({purpose}).",
        "Die Einwilligung, die dieser Anruf braucht ({purpose}), ist nicht hinterlegt.",
    ),
    "attempts_used_up": (
        "All {limit} attempts are used up.",
        "Alle {limit} Anwahlversuche sind verbraucht.",
    ),
    "campaign_limit": (
        "The rules allow {limit} attempts at a number in one campaign.",
        "Die Regeln erlauben je Kampagne {limit} Anwahlversuche bei einer Rufnummer.",
    ),
    "too_soon": ("The last attempt was too short a time ago.", "Der letzte Anwahlversuch ist zu kurz her."),
    "abandoned_recently": (
        "A call to this number was abandoned a short time ago.",
        "Ein Anruf bei dieser Rufnummer wurde vor Kurzem abgebrochen.",
    ),
    "machine_recently": (
        "A call to this number was ended a short time ago because a machine answered.",
        "Ein Anruf bei dieser Rufnummer wurde vor Kurzem beendet, weil ein Anrufbeantworter abnahm.",
    ),
    "period_limit": (
        "{attempts} of {limit} attempts at this number are used up in this period.",
        "{attempts} von {limit} Anwahlversuchen bei dieser Rufnummer sind in diesem Zeitraum verbraucht.",
    ),
    "campaign_not_begun": (
        "The campaign does not begin before {day} ({zone}).",
        "Die Kampagne beginnt erst am {day} ({zone}).",
    ),
    "campaign_over": (
        "The campaign's last day was {day} ({zone}).",
        "Der letzte Tag der Kampagne war {day} ({zone}).",
    ),
    "unknown_zone": ("Unknown time zone: {zones}", "Unbekannte Zeitzone: {zones}"),
    "window_closed": ("Outside the call windows.", "Außerhalb der Anrufzeiten."),
    "no_window": (
        "No call window ever opens in {zones}.",
        "In {zones} öffnet sich nie eine Anrufzeit.",
    ),
    "holiday": ("It is a public holiday there ({places}).", "Dort ist Feiertag ({places})."),
}

STANDING_TEXTS: Texts = {
    "contact_closed": (
        "The contact is closed: {reason}",
        "Der Kontakt ist abgeschlossen: {reason}",
    ),
    "contact_in_flight": (
        "The contact is being called at this moment.",
        "Der Kontakt wird gerade angerufen.",
    ),
    "number_in_flight": (
        "Another contact with the same number is being called at this moment.",
        "Ein anderer Kontakt mit derselben Rufnummer wird gerade angerufen.",
    ),
    "offered": (
        "The contact is offered to an agent at this moment.",
        "Der Kontakt wird gerade einem Agenten angeboten.",
    ),
    "not_due": (
        "The contact is not due before then: a retry or a callback was set for that time.",
        "Der Kontakt ist vorher nicht fällig: Wiederholung oder Wiedervorlage ist auf diese Zeit gesetzt.",
    ),
    "campaign_not_running": ("The campaign does not run.", "Die Kampagne läuft nicht."),
    "no_campaign": ("No campaign calls this list.", "Keine Kampagne ruft diese Liste an."),
    "order_being_prepared": (
        "The campaign's order of contacts is being prepared; nobody is called until it is ready.",
        "Die Reihenfolge der Kampagne wird vorbereitet; bis sie fertig ist, wird niemand angerufen.",
    ),
    "filtered_out": (
        "The campaign's filter leaves the contact out; it lets through: {said}",
        "Der Filter der Kampagne lässt den Kontakt aus; durch lässt er: {said}",
    ),
    "owner_unknown": (
        "The contact belongs to {owner}, who does not work for the campaign.",
        "Der Kontakt gehört {owner}; diese Person arbeitet nicht für die Kampagne.",
    ),
    "rule_skips": (
        "The campaign's rule “{rule}” holds it back.",
        "Die Regel „{rule}“ der Kampagne hält ihn zurück.",
    ),
    "rule_moves": (
        "The campaign's rule “{rule}” moves it to another list instead of calling it.",
        "Die Regel „{rule}“ der Kampagne verschiebt ihn in eine andere Liste, statt ihn anzurufen.",
    ),
    "number_used_up": ("This number was dialled often enough.", "Diese Rufnummer wurde oft genug gewählt."),
    "scrub_unanswered": (
        "The scrub service has not answered for this number yet.",
        "Der Abgleichdienst hat zu dieser Rufnummer noch nicht geantwortet.",
    ),
}
"""Why a contact waits though no rule forbids the call."""


def problem(texts: Texts, where: str, key: str, /, **figures: Any) -> Problem:
    """Make the problem ``key`` found at ``where``, its English sentence filled in from ``texts``."""
    return Problem(where, key, texts[key][0].format(**figures), figures)


def sentence(texts: Texts, key: str, figures: Mapping[str, Any], language: str) -> str:
    """Return the sentence for ``key`` in ``language`` (``de``; anything else is English)."""
    return texts[key][1 if language == "de" else 0].format(**figures)
