"""The box's snapshot as the conditions that hold now. Pure.

A condition is a rule and what it is about (a trunk, a line, a campaign; empty: the box), with figures for the words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from firmware.alerts.rules import BELOW_TARGET, FEWEST_ANSWERS, NEAR_TARGET

About = tuple[str, str]
"""Rule and what it is about."""
Conditions = Mapping[About, Mapping[str, Any]]

_CHECKS = {
    "disk": "disk_filling",
    "clock": "clock_untrusted",
    "backup": "backup_red",
    "registers": "register_old",
}
_ON_DUTY = ("ready", "reserved", "talking", "wrap_up")
_WITHOUT_AGENTS = ("agentless",)


def conditions(snapshot: Mapping[str, Any], open_now: Collection[About], mail_error: str = "") -> Conditions:
    """What holds. ``open_now`` are alerts that have begun: some end later than they begin."""
    found = dict(_of_health(snapshot))
    found |= dict(_of_campaigns(snapshot, open_now))
    for part in snapshot.get("machine", ()):
        if part["part"] == "admissions" and part["waiting"]:
            found["access_asked", ""] = {"waiting": part["waiting"]}
    if mail_error:
        found["mail_stuck", ""] = {"reason": mail_error}
    return found


def _of_health(snapshot: Mapping[str, Any]) -> Iterator[tuple[About, Mapping[str, Any]]]:
    for check in snapshot["health"]:
        if check["ok"]:
            continue
        name, _, about = check["check"].partition(":")
        figures = {"key": check["key"], **check["figures"]}
        if name == "trunk":
            yield ("trunk_down", about), figures
        elif name == "line":
            yield ("line_stuck", about), figures
        elif name in _CHECKS:
            if name != "clock" or check["severity"] == "no_dialling":
                yield (_CHECKS[name], ""), figures
        elif check["severity"] == "no_dialling":
            yield ("box_ill", name), figures


def _of_campaigns(
    snapshot: Mapping[str, Any], open_now: Collection[About]
) -> Iterator[tuple[About, Mapping[str, Any]]]:
    on_duty = {agent["id"] for agent in snapshot["agents"] if agent["state"] in _ON_DUTY}
    for campaign in snapshot["campaigns"]:
        if campaign["state"] != "running":
            continue
        about, name = str(campaign["id"]), {"campaign": campaign["name"]}
        with_agents = campaign.get("mode") not in _WITHOUT_AGENTS and campaign.get("agents")
        if with_agents and campaign.get("open") and on_duty.isdisjoint(campaign["agents"]):
            yield ("nobody_ready", about), name
        rate, target = campaign.get("abandon_rate", 0.0), campaign.get("abandon_target") or 0.0
        near = BELOW_TARGET if ("abandon_near", about) in open_now else NEAR_TARGET
        if target and campaign.get("live_answers", 0) >= FEWEST_ANSWERS and rate >= near * target:
            figures = {"percent": round(rate * 100, 1), "target_percent": round(target * 100, 1)}
            yield ("abandon_near", about), {**name, **figures}
