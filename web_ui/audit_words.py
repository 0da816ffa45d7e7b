"""The log of changes as people read it: what kind of thing was changed, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping

from web_ui.language import N_, Language

NOUNS = {
    "access": N_("Technician’s access"),
    "admission": N_("Request for access"),
    "alert": N_("Alert"),
    "amd": N_("Machine detection"),
    "attempt": N_("Attempt"),
    "backup": N_("Backup"),
    "box": N_("Box"),
    "callback": N_("Callback"),
    "campaign": N_("Campaign"),
    "consent": N_("Consent"),
    "contact": N_("Contact"),
    "department": N_("Department"),
    "destination": N_("Destination"),
    "dnc": N_("DNC list"),
    "inbound": N_("Incoming calls"),
    "invitation": N_("Invitation"),
    "lead": N_("Contact"),
    "line": N_("Line"),
    "list": N_("Contact list"),
    "mapping": N_("Columns of a file"),
    "network": N_("Address of the box"),
    "privacy": N_("Data protection"),
    "recording": N_("Recording"),
    "report": N_("Report"),
    "reset": N_("Factory reset"),
    "script": N_("Script"),
    "second_factor": N_("Second factor"),
    "session": N_("Login of a person"),
    "settings": N_("Settings"),
    "setup": N_("First set-up"),
    "snippet": N_("Prepared answer"),
    "support": N_("Data for support"),
    "tape": N_("Recorded call"),
    "team": N_("Team"),
    "technician": N_("Technical test"),
    "token": N_("Access for a program"),
    "update": N_("Update"),
    "user": N_("Person"),
    "wall": N_("Wallboard"),
    "webhook": N_("Message to a program"),
}
ACTS = {
    "accept": N_("accepted"),
    "add": N_("added"),
    "apply": N_("put into force"),
    "announce": N_("agents told"),
    "ask": N_("asked for"),
    "assign": N_("passed on"),
    "call": N_("test call"),
    "cancel": N_("called off"),
    "change": N_("changed"),
    "clear": N_("cleared away"),
    "close": N_("closed"),
    "complete": N_("completed"),
    "confirm": N_("set up"),
    "create": N_("made"),
    "delete": N_("deleted"),
    "demand_second_factor": N_("second factor demanded of roles"),
    "end": N_("ended by itself"),
    "erase": N_("erased"),
    "export": N_("exported"),
    "force": N_("state set"),
    "forget": N_("forgotten"),
    "grant": N_("granted"),
    "refuse": N_("refused"),
    "set_open": N_("switched on or off"),
    "import": N_("imported"),
    "install": N_("installed"),
    "keep": N_("time of keeping set"),
    "learn": N_("hang-up learnt"),
    "listen": N_("listened in"),
    "make": N_("made"),
    "message": N_("message sent"),
    "move": N_("moved"),
    "rename": N_("renamed"),
    "new_key": N_("new key"),
    "new_phone_secret": N_("new phone password"),
    "open": N_("begun"),
    "password": N_("password typed"),
    "pause": N_("paused"),
    "play": N_("listened to or taken along"),
    "provision": N_("provisioned anew"),
    "remove": N_("removed"),
    "restore": N_("restored"),
    "run_schedule": N_("schedule run"),
    "schedule": N_("schedule made"),
    "switch_schedule": N_("schedule rests or goes on"),
    "unschedule": N_("schedule removed"),
    "revoke": N_("taken back"),
    "revoke_all": N_("all ended"),
    "save": N_("saved"),
    "set": N_("set on trial"),
    "settle": N_("confirmed"),
    "set_order": N_("order of calls set"),
    "set_rules": N_("rules set"),
    "start": N_("started"),
    "stop": N_("stopped"),
    "test": N_("tested"),
    "trust": N_("server confirmed"),
    "update": N_("changed"),
    "withdraw": N_("withdrawn"),
}
VIA = {"pages": N_("Pages"), "api": N_("Another program"), "console": N_("Console")}
FAULTS = {
    "changed": N_("It was rewritten."),
    "missing": N_("An entry before it was removed."),
    "moved": N_("Something before it was removed or moved."),
    "relinked": N_("It was rewritten or inserted."),
    "head": N_("The end of the log was cut off."),
}
_MARK = "–"


def noun(key: str, language: Language) -> str:
    """A kind of thing; its key where there is no word."""
    return language.gettext(NOUNS[key]) if key in NOUNS else key.replace("_", " ")


def act(command: str, language: Language) -> str:
    """What was done: ``Campaign: started``."""
    kind, _, name = command.partition(".")
    done = language.gettext(ACTS[name]) if name in ACTS else name.replace("_", " ")
    return f"{noun(kind, language)}: {done}"


def differences(entry: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """What changed: name, before and after, as text."""
    old, new = entry.get("old"), entry.get("new")
    was = old if isinstance(old, Mapping) else {}
    now = new if isinstance(new, Mapping) else {}
    return [(str(key), _shown(was, key), _shown(now, key)) for key in {**was, **now}]


def _shown(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    return _MARK if value is None or value == "" else str(value)
