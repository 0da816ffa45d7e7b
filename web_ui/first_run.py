"""The steps of the first run: what each is called, what its form sends to the service, what its form shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from web_ui.language import LANGUAGES, N_, Language

STEPS: Mapping[str, str] = {
    "language": N_("Language and name"),
    "owner": N_("Owner and second factor"),
    "country": N_("Country"),
    "clock": N_("Clock"),
    "network": N_("Network"),
    "trunk": N_("Telephone provider"),
    "extensions": N_("Extensions"),
    "hours": N_("Opening hours"),
    "greeting": N_("Greeting"),
    "backup": N_("Backup"),
    "retention": N_("Keeping things"),
    "sheet": N_("Acceptance sheet"),
}
RULE = "office"
"""The rule for incoming calls the first run writes."""
COUNTRIES = ("DE", "AT", "CH", "GB", "IE", "US", "CA", "FR", "NL", "BE", "LU", "IT", "ES", "PL", "DK", "SE")
ZONES = (
    "Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/London", "Europe/Dublin", "Europe/Paris",
    "Europe/Amsterdam", "Europe/Brussels", "Europe/Luxembourg", "Europe/Rome", "Europe/Madrid", "Europe/Warsaw",
    "Europe/Copenhagen", "Europe/Stockholm", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Toronto", "America/Vancouver",
)  # fmt: skip
Call = tuple[str, Mapping[str, Any]]
"""A command of the service and its arguments."""


def following(step: str) -> str:
    """The step after this one; the last is followed by itself."""
    order = tuple(STEPS)
    return order[min(order.index(step) + 1, len(order) - 1)]


def first_open(states: Mapping[str, str]) -> str:
    """The first step nothing has been done about; the sheet when there is none."""
    return next((step for step in STEPS if not states.get(step)), "sheet")


def lines(text: str) -> list[str]:
    """One entry a line, blank lines left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def calls_of(step: str, typed: Mapping[str, str]) -> list[Call]:
    """What saving a step asks of the service; empty for a step that only looks."""
    if step == "language":
        chosen = typed["language"] if typed["language"] in LANGUAGES else "de"
        return [_section("box", name=typed["name"], language=chosen)]
    if step == "country":
        return [_section("box", country=typed["country"], zone=typed["zone"])]
    if step == "clock":
        return [_section("dialling", trusted_clock="require" if typed["require"] else "auto")]
    if step == "network":
        return [_section("web", names=[name.lower() for name in lines(typed["names"])])]
    if step == "trunk":
        return [("settings.put_trunk", {"values": _trunk(typed)})]
    if step == "hours":
        values = {"name": RULE, "hours": lines(typed["hours"]), "closed": typed["closed"]}
        return [("settings.put_inbound", {"values": values})]
    if step == "greeting":
        return [("settings.put_inbound", {"values": {"name": RULE, "greeting": typed["greeting"]}})]
    if step == "backup":
        return [_section("backup", folder=typed["folder"], at=typed["at"])]
    if step == "retention":
        return [_section("backup", keep_days=number(typed["keep_days"]))]
    return []


def _section(section: str, **values: Any) -> Call:
    return ("settings.change", {"section": section, "values": values})


def number(text: str) -> int | str:
    """A whole number as one; anything else as it is, for the service to refuse in words."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _trunk(typed: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": typed["name"],
        "host": typed["host"],
        "port": number(typed["port"]),
        "transport": typed["transport"],
        "username": typed["username"],
        "register": bool(typed["register"]),
        "lines": number(typed["lines"]),
        "caller_ids": [re.sub(r"[\s/()-]", "", each) for each in lines(typed["caller_ids"])],
    }
    return values | ({"password": typed["password"]} if typed["password"] else {})


def shown(step: str, settings: Mapping[str, Any], provider: str) -> dict[str, Any]:
    """What a step's form shows at first: what the next start will find, or a provider's values."""
    values: Mapping[str, Mapping[str, Any]] = settings["values"]
    rule: Mapping[str, Any] = next((each for each in settings["inbound"] if each["name"] == RULE), {})
    if step == "trunk":
        return _trunk_shown(settings, provider)
    return {
        "language": {"name": values["box"]["name"], "language": values["box"]["language"]},
        "country": {"country": values["box"]["country"], "zone": values["box"]["zone"]},
        "clock": {"require": values["dialling"]["trusted_clock"] == "require"},
        "network": {"names": "\n".join(values["web"]["names"])},
        "hours": {"hours": "\n".join(rule.get("hours", ())), "closed": rule.get("closed", "")},
        "greeting": {"greeting": rule.get("greeting", "")},
        "backup": {"folder": values["backup"]["folder"], "at": values["backup"]["at"]},
        "retention": {"keep_days": values["backup"]["keep_days"]},
    }.get(step, {})


def _trunk_shown(settings: Mapping[str, Any], provider: str) -> dict[str, Any]:
    preset = next((each for each in settings["providers"] if each["key"] == provider), None)
    mine = [each for each in settings["trunks"] if each["own"]]
    if preset is not None:
        known = {key: preset[key] for key in ("host", "port", "transport", "register", "lines")}
        return {**known, "name": preset["key"], "username": "", "caller_ids": "", "source": preset["source"],
                "looked_at": preset["looked_at"]}  # fmt: skip
    if mine:
        return {**mine[-1], "caller_ids": "\n".join(mine[-1]["caller_ids"])}
    return {"name": "", "host": "", "port": 5060, "transport": "udp", "username": "", "register": True, "lines": 2,
            "caller_ids": ""}  # fmt: skip


def account(settings: Mapping[str, Any], people: Sequence[Any], facts: Mapping[str, str], language: Language) -> list[
    tuple[str, str]
]:  # fmt: skip
    """The sheet's rows: what the box is set to, in words."""
    _ = language.gettext
    values = settings["values"]
    phones = [user.name for user in people if user.phone_user]
    none = _("none")
    return [
        (_("Name"), values["box"]["name"]),
        (_("Address"), facts["address"]),
        (_("Country and time zone"), f"{values['box']['country']}, {values['box']['zone']}"),
        (_("Clock"), facts["clock"]),
        (
            _("Telephone providers"),
            ", ".join(f"{t['name']} ({t['host']})" for t in settings["trunks"]) or none,
        ),
        (_("Extensions"), ", ".join(phones) or none),
        (_("Rules for incoming calls"), ", ".join(each["name"] for each in settings["inbound"]) or none),
        (_("Backup"), values["backup"]["folder"] or none),
        (_("Second factor"), facts["second_factor"]),
    ]
