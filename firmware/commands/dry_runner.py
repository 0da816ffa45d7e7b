"""Forecasts one campaign in a process of its own: ``python -m firmware.commands.dry_runner``.

The order is one JSON object on standard input; the answer is lines of JSON: ``progress`` (0 to 1) as it goes, then
``result`` or ``problems``. Whom the rules keep from being called is asked of the judge himself, at the next moment at
which the call windows are open; the pace comes from ``firmware.simulate``. Reads only, on a connection of its own.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firmware.compliance import term
from firmware.compliance.holiday_tables import is_closed
from firmware.compliance.in_force import office_of, tightened
from firmware.compliance.judge import judge
from firmware.compliance.regions import places_of
from firmware.compliance.rules import DAY_S
from firmware.compliance.windows import UnknownZoneError, local_time, next_opening
from firmware.model import CampaignId, CampaignSettings, OperatorError, Refusal
from firmware.simulate import prospect
from firmware.simulate.campaign import Plan
from firmware.simulate.prospect import Assumptions, Frame
from firmware.store import campaigns, experience
from firmware.store.store import open_read_only

if TYPE_CHECKING:
    import sqlite3

    from firmware.store.campaigns import Campaign
    from firmware.store.candidates import Candidate
    from firmware.store.experience import Experience

_NICE = 10
MOST_JUDGED = 50_000
"""Contacts that are judged one by one; of a longer list an even sample, told as such."""
ENOUGH_ATTEMPTS = 100
"""From so many attempts on the campaign's own answers count, before that the usual ones."""
ENOUGH_TALKS = 20
_TURNS = 6
_PLACES_SEEN = 200
_JUDGING = 0.35
"""The part of the progress that judging takes."""
_EPOCH = date(1970, 1, 1).toordinal()
_WINDOW_RULES = frozenset({"window_closed", "holiday"})


@dataclass(frozen=True, slots=True)
class DryOrder:
    """What to forecast. ``given`` are the assumptions a person changed; ``now`` is UTC."""

    database: str
    campaign_id: int
    given: Mapping[str, Any]
    lines: int
    now: float


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the judge says to the list. ``never``: rule -> contacts it keeps for good; ``later``: for a while."""

    open: int
    judged: int
    callable: int
    never: Mapping[str, int]
    later: Mapping[str, int]
    places: tuple[tuple[str, ...], ...]


def forecast(order: DryOrder, tell: Callable[[float], None]) -> dict[str, Any]:
    """The whole answer. :raises OperatorError: an assumption, the campaign or one of its DNC lists is wrong."""
    with closing(open_read_only(Path(order.database))) as conn:
        conn.execute("BEGIN")
        campaign = campaigns.get(conn, CampaignId(order.campaign_id))
        settings = tightened(campaign.settings)
        hours = opening_hours(settings)
        learned = experience.of_campaign(conn, campaign.id, _offset_s(settings, order.now))
        known, sources = assumptions(settings, learned, hours, order.lines)
        assumed = prospect.read(order.given, known)
        allowed = judged(conn, replace(campaign, settings=settings), order.now, tell)
        mean_attempts = experience.open_count(conn, campaign)[1]
    frame = frame_of(settings, hours)
    plan = Plan(
        contacts=allowed.callable,
        attempts=max(1, round(settings.max_attempts - mean_attempts)),
        start=_first_day(settings, order.now),
        last=term.day(settings.last_day),
        hours_on=partial(hours_on, settings, allowed.places, order.now),
    )
    found = prospect.compare(assumed, frame, plan, lambda share: tell(_JUDGING + (1 - _JUDGING) * share))
    return {
        "at": order.now,
        "mode": settings.mode.value,
        "contacts": {
            "open": allowed.open,
            "judged": allowed.judged,
            "callable": allowed.callable,
            "never": dict(allowed.never),
            "later": dict(allowed.later),
        },
        "assumed": asdict(assumed),
        "sources": {**sources, **dict.fromkeys(order.given, "given")},
        "attempts": plan.attempts,
        "shift_h": frame.shift_h,
        "abandon_limit": frame.abandon_limit,
        "window_days": frame.window_days,
        "first_day": settings.first_day,
        "last_day": settings.last_day,
        **prospect.plain(found),
    }


# -- what is assumed ---------------------------------------------------------------------------------------------


def assumptions(
    settings: CampaignSettings, seen: Experience, hours: tuple[int, ...], lines: int
) -> tuple[Assumptions, dict[str, str]]:
    """What the campaign has learned, else the usual; and by field where it comes from: learned, usual, settings."""
    wanted = min(lines, settings.max_lines) if settings.max_lines else lines
    found = Assumptions(agents=len(settings.agent_ids), lines=max(1, wanted))
    sources = {each.name: "usual" for each in fields(Assumptions)} | {
        "agents": "settings",
        "lines": "settings",
    }
    if seen.attempts >= ENOUGH_ATTEMPTS:
        found = replace(
            found,
            live_share=_within(seen.live / seen.attempts, 0.01, 0.95),
            machine_share=_within(seen.machines / max(1, seen.attempts - seen.live), 0.0, 1.0),
            hourly=_hourly(seen, hours),
        )
        sources |= dict.fromkeys(("live_share", "machine_share", "hourly"), "learned")
    if seen.talks >= ENOUGH_TALKS and seen.talk_s is not None:
        wrap_s = found.wrap_s if seen.wrap_s is None else _within(seen.wrap_s, 1.0, 3600.0)
        found = replace(found, talk_s=_within(seen.talk_s, 5.0, 7200.0), wrap_s=wrap_s)
        sources |= dict.fromkeys(("talk_s", "wrap_s"), "learned")
    return found, sources


def _hourly(seen: Experience, hours: tuple[int, ...]) -> tuple[float, ...]:
    """Each hour of the window against the whole; few attempts in an hour hardly move it."""
    mean = max(seen.live / seen.attempts, 0.01)
    return tuple(round(_hour(*seen.hours.get(hour, (0, 0)), mean), 3) for hour in hours) or (1.0,)


def _hour(made: int, live: int, mean: float) -> float:
    return _within((live + ENOUGH_ATTEMPTS * mean) / (made + ENOUGH_ATTEMPTS) / mean, 0.05, 20.0)


def _within(value: float, low: float, high: float) -> float:
    return round(min(high, max(low, value)), 4)


def opening_hours(settings: CampaignSettings) -> tuple[int, ...]:
    """The hours of the day (0 to 23) in which some window is open, in order."""
    return tuple(
        hour
        for hour in range(24)
        if any(w.start_min < (hour + 1) * 60 and w.end_min > hour * 60 for w in settings.windows)
    )


def frame_of(settings: CampaignSettings, hours: tuple[int, ...]) -> Frame:
    """The campaign's settings with what its rules say of abandoned calls and ringing."""
    rules = office_of(settings).for_number("").rules
    limit = min((each.limit for each in rules.abandon), default=settings.abandon_target)
    days = max((each.window_s for each in rules.abandon), default=DAY_S) / DAY_S
    week = sum(w.end_min - w.start_min for w in settings.windows) / 60.0
    open_days = len({w.weekday for w in settings.windows}) or 1
    shift_h = week / open_days if hours else 8.0
    return prospect.frame_of(
        settings, min(settings.abandon_target, limit), round(days), rules.ring_min_s, shift_h
    )


# -- whom the rules allow ----------------------------------------------------------------------------------------


def judged(
    conn: sqlite3.Connection, campaign: Campaign, now: float, tell: Callable[[float], None]
) -> Allowed:
    """Ask the judge about the list's open contacts."""
    count, _ = experience.open_count(conn, campaign)
    every = max(1, math.ceil(count / MOST_JUDGED))
    at = _opening(campaign.settings, now)
    never: Counter[str] = Counter()
    later: Counter[str] = Counter()
    places: dict[tuple[str, ...], None] = {}
    seen = 0
    for candidate in _told(experience.open_candidates(conn, campaign, now, every), count / every, tell):
        seen += 1
        if len(places) < _PLACES_SEEN:
            places[_places(candidate, campaign.settings)] = None
        first, last = _asked(candidate, campaign.settings, at)
        if last is not None:
            never[last.rule] += 1
        elif first is not None and first.rule not in _WINDOW_RULES:
            later[first.rule] += 1
    scale = count / seen if seen else 1.0
    kept = {rule: round(number * scale) for rule, number in never.most_common()}
    return Allowed(
        open=count,
        judged=seen,
        callable=max(0, count - sum(kept.values())),
        never=kept,
        later={rule: round(number * scale) for rule, number in later.most_common()},
        places=tuple(places),
    )


def _told(found: Iterator[Candidate], expected: float, tell: Callable[[float], None]) -> Iterator[Candidate]:
    for number, candidate in enumerate(found):
        if number % 2000 == 0:
            tell(_JUDGING * min(1.0, number / max(1.0, expected)))
        yield candidate


def _asked(
    candidate: Candidate, settings: CampaignSettings, at: float
) -> tuple[Refusal | None, Refusal | None]:
    """The first thing the judge says, and what is left when everything that passes has passed."""
    first: Refusal | None = None
    for _ in range(_TURNS):
        answer = judge(candidate, settings, at)
        if not isinstance(answer, Refusal):
            return first, None
        first = first or answer
        if answer.until is None or answer.rule == "no_window":
            return first, answer
        at = max(answer.until, at + 1.0)
    return first, None


def _opening(settings: CampaignSettings, now: float) -> float:
    """When the campaign has begun and its own windows are next open; then where they never are."""
    at = max(now, term.begins_at(settings) or now)
    try:
        return next_opening(settings.windows, (settings.default_zone,), at) or at
    except UnknownZoneError:
        return at


def _places(candidate: Candidate, settings: CampaignSettings) -> tuple[str, ...]:
    if not office_of(settings).for_number(candidate.number).rules.holidays:
        return ()
    return candidate.places or places_of(candidate.number, candidate.fields, settings.country)


# -- when dialling is allowed ------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _open_share(places: tuple[tuple[str, ...], ...], day: int) -> float:
    """The share of the places in which nobody keeps a holiday that day."""
    if not places:
        return 1.0
    return sum(not any(is_closed(place, day) for place in each) for each in places) / len(places)


def hours_on(settings: CampaignSettings, places: tuple[tuple[str, ...], ...], now: float, day: date) -> float:
    """Hours of dialling on a date: the windows of its weekday, less holidays; today, what is left of it."""
    minute = 0.0
    if day == _today(settings, now):
        here = _local(settings, now)
        minute = here.hour * 60 + here.minute
    windows = (w for w in settings.windows if w.weekday == day.weekday())
    left = sum(max(0.0, w.end_min - max(w.start_min, minute)) for w in windows) / 60.0
    return left * _open_share(places, day.toordinal() - _EPOCH)


def _local(settings: CampaignSettings, now: float) -> datetime:
    try:
        return local_time(settings.default_zone, now)
    except UnknownZoneError:
        return local_time("UTC", now)


def _today(settings: CampaignSettings, now: float) -> date:
    return _local(settings, now).date()


def _first_day(settings: CampaignSettings, now: float) -> date:
    """Today, or the first day of a campaign that has not begun."""
    return max(_today(settings, now), term.day(settings.first_day) or date.min)


def _offset_s(settings: CampaignSettings, now: float) -> float:
    return (_local(settings, now).utcoffset() or timedelta()).total_seconds()


def _say(what: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Do one order."""
    os.nice(_NICE)
    order = DryOrder(**json.loads(sys.stdin.readline()))
    try:
        _say({"result": forecast(order, lambda share: _say({"progress": round(share, 3)}))})
    except OperatorError as refused:
        _say({"problems": [asdict(found) for found in refused.problems]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
