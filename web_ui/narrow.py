"""The box as somebody of some departments sees it: the read model, and the picture of what happens now.

One place for all pages: the handlers of ``routes`` and of the API get a ``Web`` that has nothing else in it, and need
not know of departments. What names a thing in an address is ``scopes``' to look after.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from firmware.model import Scope
from firmware.store.reports import Reports
from web_ui.live import Entry, Hub, Picture
from web_ui.web import Web

_MOST = 16
"""Combinations of departments remembered; every further one is made again when it comes back."""
_EVERYBODYS = ("version", "connected", "at", "box", "health", "trunks", "lines", "machine", "touched")
"""Parts of a picture that are the box's own."""
_LOOK_S = 1.0
"""How old what is known of who belongs where may be in a live page."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees, by number."""

    campaigns: frozenset[int]
    people: frozenset[int]
    lists: frozenset[int]
    queues: frozenset[str] = frozenset()


def picture_for(picture: Picture, sight: Sight, scope: Scope) -> Picture:
    """What is left of a picture. The machine, its trunks and what stands against dialling are everybody's.

    What a picture has besides and nobody has thought of here is left out.
    """
    campaigns = sight.campaigns
    everybodys = {name: getattr(picture, name) for name in _EVERYBODYS}
    return Picture(
        **everybodys,
        agents={
            number: _agent(entry, campaigns)
            for number, entry in picture.agents.items()
            if number in sight.people
        },
        calls={
            uid: _call(entry, sight.people)
            for uid, entry in picture.calls.items()
            if entry.get("campaign_id") in campaigns or _queue_of(entry) in sight.queues
        },
        campaigns={number: entry for number, entry in picture.campaigns.items() if number in campaigns},
        dry_runs={number: entry for number, entry in picture.dry_runs.items() if number in campaigns},
        imports={
            job: entry
            for job, entry in picture.imports.items()
            if entry.get("list_id") in (None, *sight.lists)
        },
        queues={
            name: entry
            for name, entry in picture.queues.items()
            if entry.get("campaign_id") in campaigns or name in sight.queues
        },
        seen_by=" ".join(map(str, sorted(scope))),
    )


def _queue_of(entry: Entry) -> str:
    incoming = entry.get("incoming")
    return str(incoming.get("rule", "")) if isinstance(incoming, dict) else ""


def _agent(entry: Entry, campaigns: frozenset[int]) -> Entry:
    """Somebody of several departments may be in a call of another one: that they are busy is all there is to see."""
    hidden = dict(entry)
    if entry.get("campaign_id") not in campaigns:
        hidden |= {"attempt": None, "campaign_id": None, "party": "", "monitors": []}
    offer = entry.get("offer")
    if isinstance(offer, dict) and offer.get("campaign_id") not in campaigns:
        hidden["offer"] = None
    return hidden


def _call(entry: Entry, people: frozenset[int]) -> Entry:
    return entry if entry.get("agent_id") in (None, *people) else {**entry, "agent_id": None, "with": []}


class NarrowedHub(Hub):
    """The hub's picture for some departments; everything else is the hub's own."""

    def __init__(self, hub: Hub, look: Callable[[], Sight], scope: Scope) -> None:
        self._hub, self._look, self._scope = hub, look, scope
        self._lock = threading.Lock()
        self._made: tuple[int, Sight, Picture] | None = None
        self._sight: tuple[float, Sight] | None = None

    @property
    def stopping(self) -> bool:
        """Whether the pages are being shut down."""
        return self._hub.stopping

    @property
    def picture(self) -> Picture:
        """The newest picture."""
        return self._narrowed(self._hub.picture)

    def wait(self, seen: int, timeout_s: float) -> Picture:
        """As the hub's."""
        return self._narrowed(self._hub.wait(seen, timeout_s))

    def wait_until(self, fits: Callable[[Picture], bool], timeout_s: float) -> Picture:
        """As the hub's; what must fit is what is seen."""
        return self._narrowed(self._hub.wait_until(lambda whole: fits(self._narrowed(whole)), timeout_s))

    def _narrowed(self, picture: Picture) -> Picture:
        with self._lock:
            now_s = time.monotonic()
            if self._sight is None or now_s - self._sight[0] >= _LOOK_S:
                self._sight = (now_s, self._look())
            sight = self._sight[1]
            if self._made is None or self._made[:2] != (picture.version, sight):
                self._made = (picture.version, sight, picture_for(picture, sight, self._scope))
            return self._made[2]


class Narrowed:
    """Gives each combination of departments its ``Web``. Thread-safe."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._lock = threading.Lock()
        self._known: OrderedDict[Scope, Web] = OrderedDict()

    def web(self, scope: Scope | None) -> Web:
        """What handlers work with for somebody of these departments; None: all there is."""
        if scope is None:
            return self._web
        with self._lock:
            found = self._known.get(scope)
            if found is None:
                reports = self._web.reports.seen_by(scope)
                hub = NarrowedHub(self._web.hub, lambda: _sight(reports), scope)
                found = self._known[scope] = replace(self._web, reports=reports, hub=hub)
            self._known.move_to_end(scope)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)[1].reports.close()
            return found


def _sight(reports: Reports) -> Sight:
    seen = reports.numbers()
    lists = seen["list"] | seen["dnc_list"]
    return Sight(seen["campaign"], seen["member"], lists, reports.queues())
