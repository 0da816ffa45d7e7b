"""Views of the picture: what the live regions of the dashboard show, ready for the templates.

Pure: a picture and a language in, plain rows out. Timers leave as the moment they began, so that HTML only changes
when a state does and the browser counts the seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firmware.store.reports import Campaign
from web_ui import words
from web_ui.language import Language
from web_ui.live import Entry, Picture

AT_WORK = frozenset({"ready", "reserved", "talking", "wrap_up"})
SHOWN_CAMPAIGNS = frozenset({"running", "paused"})


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing somebody should look at."""

    text: str
    path: str = ""
    action: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure. ``target`` explains what it should be."""

    label: str
    value: str
    target: str = ""
    state: str = ""


def number(entry: Entry, name: str) -> float:
    """A figure of an entry; 0 where the service did not send one."""
    value = entry.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def agents(picture: Picture) -> list[Entry]:
    """Those at work first, those logged out last, each by name."""
    order = {"talking": 0, "wrap_up": 1, "reserved": 2, "ready": 3, "paused": 4}
    return sorted(
        picture.agents.values(),
        key=lambda a: (order.get(str(a.get("state")), 9), str(a.get("name", "")).lower()),
    )


def queues(picture: Picture) -> list[Entry]:
    """Queues of calls that come in, by name."""
    return [entry for _, entry in sorted(picture.queues.items())]


def calls(picture: Picture) -> list[Entry]:
    """Calls in progress, connected ones first, then the longest."""
    shown = [call for call in picture.calls.values() if call.get("state") not in ("ended", "wrap_up")]
    return sorted(shown, key=lambda call: (call.get("state") != "bridged", number(call, "since")))


def campaigns(picture: Picture) -> list[Entry]:
    """Campaigns that are under way."""
    shown = [c for c in picture.campaigns.values() if c.get("state") in SHOWN_CAMPAIGNS]
    return sorted(shown, key=lambda c: (c.get("state") != "running", str(c.get("name", "")).lower()))


def share(part: float, whole: float) -> float:
    """``part`` of ``whole`` as 0..1."""
    return part / whole if whole else 0.0


def over_target(campaign: Entry) -> bool:
    """Whether more calls were abandoned than the campaign allows."""
    return number(campaign, "abandon_rate") > number(campaign, "abandon_target")


def pacing_words(campaign: Entry, language: Language) -> str:
    """Why this many calls are being started, in words."""
    if campaign.get("state") != "running":
        return ""
    pacing = campaign.get("pacing")
    if not isinstance(pacing, Mapping) or not pacing.get("reason"):
        return ""
    return words.sentence({**words.PACING, **words.HEALTH}, pacing["reason"], pacing.get("figures"), language)


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of pacing, with what it means."""

    label: str
    value: str
    meaning: str = ""


def pacing_readings(campaign: Entry, language: Language) -> list[Reading]:
    """What predictive pacing steers by; empty for every other mode."""
    pacing = campaign.get("pacing")
    figures = pacing.get("figures") if isinstance(pacing, Mapping) else None
    if not isinstance(figures, Mapping) or "theta" not in figures:
        return []
    _ = language.gettext
    left = max(0, int(number(figures, "credit")))
    return [
        Reading(
            _("Calls left today"),
            language.number(left),
            _("calls that may still find no agent in this legal window"),
        ),
        Reading(_("People who answered today"), language.number(round(number(figures, "answers")))),
        Reading(_("Abandoned today"), language.number(round(number(figures, "abandoned")))),
        Reading(
            _("Risk of the next call"),
            language.percent(number(figures, "risk")),
            _("how likely the next answer finds no agent"),
        ),
        Reading(
            _("Risk allowed (theta)"),
            language.percent(number(figures, "theta")),
            _("that likelihood may be this high now"),
        ),
        Reading(_("Answered by a person"), language.percent(number(figures, "live_share"))),
    ]


def decision_words(reason: str, figures: Mapping[str, Any], language: Language) -> str:
    """A decision of pacing in words."""
    return words.sentence({**words.PACING, **words.HEALTH}, reason, figures, language)


def tiles(picture: Picture, language: Language) -> list[Tile]:
    """The few figures at the top."""
    _ = language.gettext
    states = [str(agent.get("state")) for agent in picture.agents.values()]
    ready, at_work = states.count("ready"), sum(state in AT_WORK for state in states)
    running = [c for c in picture.campaigns.values() if c.get("state") in SHOWN_CAMPAIGNS]
    live = sum(number(c, "live_answers") for c in running)
    attempts = sum(number(c, "attempts") for c in running)
    return [
        Tile(
            _("Agents ready"), language.number(ready), _("of {count} at work", count=language.number(at_work))
        ),
        Tile(
            _("Calls in progress"),
            language.number(len(calls(picture))),
            _("{count} connected", count=language.number(states.count("talking"))),
        ),
        Tile(
            _("Persons reached"),
            language.number(live),
            _("{share} of the attempts", share=language.percent(share(live, attempts))),
        ),
        _abandon_tile(running, live, language),
        Tile(
            _("Contacts left"),
            language.number(sum(number(c, "open") for c in running)),
            _("of {count}", count=language.number(sum(number(c, "contacts") for c in running))),
        ),
    ]


def _abandon_tile(running: list[Entry], live: float, language: Language) -> Tile:
    _ = language.gettext
    rate = share(sum(number(c, "abandoned") for c in running), live)
    targets = [number(c, "abandon_target") for c in running]
    if not targets:
        return Tile(_("Abandon rate"), language.percent(rate))
    target = min(targets)
    broken = any(over_target(c) for c in running)
    return Tile(
        _("Abandon rate"),
        language.percent(rate),
        _("target: at most {share}", share=language.percent(target)),
        "bad" if broken else "",
    )


def needs_me(picture: Picture, language: Language) -> list[Matter]:
    """What somebody should look at, the gravest first; empty when all is well."""
    return [
        *_box_matters(picture, language),
        *_trunk_matters(picture, language),
        *_campaign_matters(picture, language),
        *_access_matters(picture, language),
    ]


def _access_matters(picture: Picture, language: Language) -> list[Matter]:
    waiting = int(picture.machine.get("admissions", {}).get("waiting") or 0)
    if not waiting:
        return []
    text = language.ngettext(
        "{count} person asks for access (page People).",
        "{count} people ask for access (page People).",
        waiting,
    )
    return [Matter(text)]


def _box_matters(picture: Picture, language: Language) -> list[Matter]:
    found = []
    for why in picture.box.get("why_not") or ():
        text = words.sentence(words.HEALTH, why.get("key"), why.get("figures"), language)
        found.append(Matter(language.gettext("The box is not dialling: {reason}", reason=text), grave=True))
    told = {why.get("key") for why in picture.box.get("why_not") or ()}
    for check in picture.health.values():
        of_trunk = str(check.get("check", "")).startswith("trunk:")
        if not check.get("ok", True) and check.get("key") not in told and not of_trunk:
            name = words.word(words.HEALTH_CHECKS, check.get("check"), language)
            text = words.sentence(words.HEALTH, check.get("key"), check.get("figures"), language)
            found.append(Matter(f"{name}: {text}", grave=True))
    return found


def _trunk_matters(picture: Picture, language: Language) -> list[Matter]:
    return [
        Matter(language.gettext("Trunk {name} is down.", name=trunk.get("name", "")), grave=True)
        for trunk in picture.trunks.values()
        if not trunk.get("up", True)
    ]


def _campaign_matters(picture: Picture, language: Language) -> list[Matter]:
    _ = language.gettext
    found = []
    for campaign in campaigns(picture):
        path, name = f"/campaigns/{campaign.get('id')}", campaign.get("name", "")
        if over_target(campaign):
            found.append(
                Matter(_("{name}: more abandoned calls than the target allows.", name=name), path, grave=True)
            )
        needs_agents = campaign.get("state") == "running" and campaign.get("mode") != "agentless"
        if needs_agents and not _anybody_at_work(picture, campaign):
            found.append(Matter(_("{name} is running, but none of its agents is at work.", name=name), path))
    return found


def _anybody_at_work(picture: Picture, campaign: Entry) -> bool:
    ids: Any = campaign.get("agents") or ()
    return any(picture.agents.get(i, {}).get("state") in AT_WORK for i in ids)


def live_campaign(picture: Picture, campaign: Campaign) -> Entry:
    """A campaign as the store has it, with what only the service knows, such as the reason of its pace."""
    counted = campaign.counters
    stored = {
        "id": campaign.id,
        "name": campaign.settings.name,
        "state": str(campaign.state),
        "contacts": counted.contacts,
        "open": counted.open,
        "in_flight": counted.in_flight,
        "closed": counted.closed,
        "attempts": counted.attempts,
        "live_answers": counted.live_answers,
        "abandoned": counted.abandoned,
        "abandon_rate": counted.abandon_rate,
        "abandon_target": campaign.settings.abandon_target,
        "dispositions": dict(counted.dispositions),
        "refused": dict(counted.refused),
        "offers": dict(counted.offers),
        "agents": list(campaign.settings.agent_ids),
    }
    return {**picture.campaigns.get(campaign.id, {}), **stored}
