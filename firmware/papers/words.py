"""The words on the sheets, in German and English, by key; and dates as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WORDS: Mapping[str, tuple[str, str]] = {
    "permit": ("Permit", "Anrufnachweis"),
    "permit_of": ("Why the call to {number} was allowed", "Warum der Anruf bei {number} erlaubt war"),
    "person": ("Everything about {number}", "Alles über {number}"),
    "asked_at": ("As of {at}", "Stand {at}"),
    "office": ("Office", "Büro"),
    "contact": ("Contact", "Kontakt"),
    "campaign": ("Campaign", "Kampagne"),
    "attempt": ("Attempt", "Anwahlversuch"),
    "decision": ("The decision", "Die Entscheidung"),
    "decided_at": ("Decided", "Entschieden"),
    "local_time": ("Time of the contact", "Uhrzeit beim Kontakt"),
    "zone": ("Time zone", "Zeitzone"),
    "window": ("Call window", "Anrufzeit"),
    "term": ("Term of the campaign", "Laufzeit der Kampagne"),
    "rules": ("Rules", "Regelwerk"),
    "rules_code": ("{pack}; program {version}", "{pack}; Programm {version}"),
    "holidays": ("Public holidays", "Feiertage"),
    "holidays_of": ("none that day in {places} ({table})", "an dem Tag keiner in {places} ({table})"),
    "holidays_none": ("the rules know none", "nach diesem Regelwerk ohne Bedeutung"),
    "dnc": ("DNC lists", "Sperrlisten"),
    "dnc_asked": ("{name}, version {version}: not listed", "{name}, Fassung {version}: nicht eingetragen"),
    "consent": ("Consent", "Einwilligung"),
    "consent_kept": (
        "no. {id} for {covers}, given {given_at}, {source}: “{wording}”{proof}",
        "Nr. {id} für {covers}, erteilt {given_at}, {source}: „{wording}“{proof}",
    ),
    "consent_proof": ("; proof: {proof}", "; Beleg: {proof}"),
    "consent_none": (
        "these rules need no record for this call",
        "nach diesem Regelwerk hier nicht zu belegen",
    ),
    "consent_withdrawn": ("withdrawn {at} ({source})", "widerrufen {at} ({source})"),
    "no_consents": ("no record", "kein Eintrag"),
    "counters": ("Attempts before", "Anwahlversuche davor"),
    "counter_day": ("last 24 hours: {n}{limit}", "letzte 24 Stunden: {n}{limit}"),
    "counter_week": ("last 7 days: {n}{limit}", "letzte 7 Tage: {n}{limit}"),
    "counter_month": ("last 30 days: {n}{limit}", "letzte 30 Tage: {n}{limit}"),
    "counter_campaign": ("this campaign: {n}{limit}", "diese Kampagne: {n}{limit}"),
    "of_limit": (" of {limit} allowed", " von {limit} erlaubten"),
    "last_attempt": ("Last attempt", "Letzter Anwahlversuch"),
    "abandoned_at": ("Last abandoned call", "Letzter abgebrochener Anruf"),
    "machine_at": ("Last ended because of a machine", "Zuletzt beendet wegen Anrufbeantworter"),
    "never": ("none", "keiner"),
    "caller_id": ("Number shown", "Angezeigte Rufnummer"),
    "trunk_decides": ("as the trunk does", "wie die Amtsleitung"),
    "happened": ("What happened", "Was geschah"),
    "dialled": ("Dialled", "Gewählt"),
    "ringing": ("Ringing", "Klingeln"),
    "answered": ("Answered", "Angenommen"),
    "recognised": ("Recognised", "Erkannt"),
    "talking": ("Connected with", "Verbunden mit"),
    "ended": ("Ended", "Beendet"),
    "result": ("Result", "Gesprächsergebnis"),
    "not_sent": ("taken back, never dialled", "zurückgenommen, nie gewählt"),
    "chain": ("Place in the chain", "Platz in der Kette"),
    "seq": ("Number", "Nummer"),
    "hash": ("Hash of this link", "Prüfsumme dieses Glieds"),
    "previous": ("Hash of the link before", "Prüfsumme des Glieds davor"),
    "head": ("Newest link", "Neuestes Glied"),
    "settings": ("Hash of the settings", "Prüfsumme der Einstellungen"),
    "checked": ("Chain read", "Kette gelesen"),
    "sound": ("{checked} links, all as they were written", "{checked} Glieder, alle wie geschrieben"),
    "fault": (
        "not sound: the first bad link is {seq} ({fault})",
        "nicht unversehrt: das erste schlechte Glied ist {seq} ({fault})",
    ),
    "again": ("Asked again", "Noch einmal gefragt"),
    "again_yes": ("the same facts give the same answer", "gleiche Angaben, gleiche Antwort"),
    "again_no": (
        "the answer would be another: {rule}",
        "die Antwort wäre eine andere: {rule}",
    ),
    "again_unknown": (
        "not possible: the rules have been replaced since",
        "nicht möglich: das Regelwerk wurde seitdem ersetzt",
    ),
    "consents": ("Records of consent", "Einwilligungen"),
    "dnc_now": ("DNC lists today", "Sperrlisten heute"),
    "dnc_listed": ("on {name}", "eingetragen in {name}"),
    "dnc_on_none": ("on none", "in keiner"),
    "attempts": ("Attempts", "Anwahlversuche"),
    "attempts_none": ("The number was never dialled.", "Die Rufnummer wurde nie gewählt."),
    "attempt_at": ("Attempt of {at}", "Anwahlversuch vom {at}"),
    "foot": (
        "Made by the box from its own records. It does not say what the law is.",
        "Von der Box aus ihren eigenen Aufzeichnungen erstellt. Was Recht ist, sagt dieses Blatt nicht.",
    ),
}

RESULTS: Mapping[str, tuple[str, str]] = {
    "contacted": ("contacted", "erreicht"),
    "callback": ("callback agreed", "Wiedervorlage vereinbart"),
    "do_not_call": ("do not call again", "nicht mehr anrufen"),
    "wrong_number": ("wrong number", "falsche Nummer"),
    "machine": ("answering machine", "Anrufbeantworter"),
    "fax": ("fax", "Fax"),
    "intercept": ("number not in service", "kein Anschluss"),
    "silence": ("silence", "Stille"),
    "busy": ("busy", "besetzt"),
    "no_answer": ("no answer", "keine Antwort"),
    "rejected": ("rejected", "abgelehnt"),
    "unreachable": ("unreachable", "nicht erreichbar"),
    "failed": ("network fault", "Netzfehler"),
    "abandoned": ("abandoned", "abgebrochen"),
    "hung_up": ("hung up early", "früh aufgelegt"),
    "interrupted": ("interrupted", "unterbrochen"),
    "human": ("a person", "Mensch"),
    "unsure": ("unsure", "unsicher"),
    "music": ("music", "Musik"),
    "screen": ("call screening", "Anruf-Vorzimmer"),
}
"""Dispositions and verdicts."""


class Words:
    """The words of one language, and times in one zone."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = "de" if language == "de" else "en"
        self._zone = _zone(zone)

    def say(self, key: str, **figures: object) -> str:
        """A word or sentence, with its figures."""
        text = WORDS[key][self.language == "de"]
        return text.format(**figures) if figures else text

    def result(self, word: object) -> str:
        """A disposition or a verdict."""
        both = RESULTS.get(str(word))
        return str(word) if both is None else both[self.language == "de"]

    def at(self, at: float | None) -> str:
        """A moment, with its offset from UTC; the word for "none" where there is none."""
        if at is None:
            return self.say("never")
        here = datetime.fromtimestamp(at, self._zone)
        day = f"{here:%d.%m.%Y}" if self.language == "de" else f"{here:%Y-%m-%d}"
        offset = f"{here:%z}"
        return f"{day}, {here:%H:%M:%S} (UTC{offset[:3]}:{offset[3:5]})"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
