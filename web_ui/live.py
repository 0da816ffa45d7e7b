"""What the box is doing now: one upstream stream of events, shared by every open page.

One thread subscribes to the service, keeps the newest state of each agent, call and campaign, and wakes all waiting
pages through a single Condition, at most every ``GATHER_S``. When the service goes away the last picture stays,
marked as old, until the thread has found it again.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from web_ui.client import ServiceClient, ServiceDown

log = logging.getLogger(__name__)

GATHER_S = 0.1
"""Events of this long are shown together: 60 calls changing at once wake the pages once."""
REFRESH_S = 5.0
"""A whole snapshot is asked for this often, for figures that have no event of their own."""
RETRY_S = (0.2, 0.5, 1.0, 2.0)
PARTS = {
    "agent": ("agents", "id"),
    "call": ("calls", "attempt"),
    "campaign": ("campaigns", "id"),
    "health": ("health", "check"),
    "trunk": ("trunks", "name"),
    "line": ("lines", "name"),
    "line_job": ("line_jobs", "name"),
    "phone": ("phones", "name"),
    "machine": ("machine", "part"),
    "trial": ("trials", "id"),
    "import": ("imports", "job"),
    "dry_run": ("dry_runs", "campaign_id"),
    "queue": ("queues", "name"),
}
"""Kind of event -> its list in the snapshot, and the key that tells its entries apart."""

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Picture:
    """The state of the box at one moment. Never changed after it has been published."""

    version: int = 0
    connected: bool = False
    at: float = 0.0
    """UTC seconds of the service's clock when this was true."""
    box: Entry = field(default_factory=dict)
    agents: Mapping[int, Entry] = field(default_factory=dict)
    calls: Mapping[str, Entry] = field(default_factory=dict)
    campaigns: Mapping[int, Entry] = field(default_factory=dict)
    health: Mapping[str, Entry] = field(default_factory=dict)
    trunks: Mapping[str, Entry] = field(default_factory=dict)
    lines: Mapping[str, Entry] = field(default_factory=dict)
    """Analog lines, by name."""
    line_jobs: Mapping[str, Entry] = field(default_factory=dict)
    """The latest test or learning of each, by the line's name."""
    phones: Mapping[str, Entry] = field(default_factory=dict)
    machine: Mapping[str, Entry] = field(default_factory=dict)
    """Network, clock, disk, heat and version of the machine, by part."""
    trials: Mapping[str, Entry] = field(default_factory=dict)
    """The test call under way, or the last one."""
    imports: Mapping[str, Entry] = field(default_factory=dict)
    dry_runs: Mapping[int, Entry] = field(default_factory=dict)
    queues: Mapping[str, Entry] = field(default_factory=dict)
    """Who waits where for an agent, by the queue's name."""
    touched: Mapping[int, int] = field(default_factory=dict)
    """Agent id -> the version in which something about that agent or its call changed last."""
    seen_by: str = ""
    """Whose departments' picture this is; empty: the whole box's."""


class Hub:
    """Keeps the picture. ``start`` once; every method may be called from any thread."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._changed = threading.Condition()
        self._picture = Picture()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._box: Entry = {}
        self._parts: dict[str, dict[Any, Entry]] = {kind: {} for kind in PARTS}
        self._at = 0.0
        self._dirty_agents: set[int] = set()

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread and all waiting pages go."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()

    @property
    def stopping(self) -> bool:
        """Whether the pages are being shut down."""
        return self._stopping.is_set()

    @property
    def picture(self) -> Picture:
        """The newest picture."""
        return self._picture

    def wait(self, seen: int, timeout_s: float) -> Picture:
        """The first picture newer than version ``seen``, or the newest when ``timeout_s`` has passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._picture.version > seen or self.stopping, timeout_s)
            return self._picture

    def wait_until(self, fits: Callable[[Picture], bool], timeout_s: float) -> Picture:
        """The newest picture once ``fits(picture)`` holds or ``timeout_s`` has passed."""
        with self._changed:
            self._changed.wait_for(lambda: fits(self._picture) or self.stopping, timeout_s)
            return self._picture

    # -- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        failures = 0
        while not self.stopping:
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 - the thread's top: pages without news are worse than any news
                failures = 0 if self._picture.connected else failures + 1
                if failures <= 1:
                    log.warning("lost the service: %s", error)
                self._publish(connected=False)
            self._stopping.wait(RETRY_S[min(failures, len(RETRY_S) - 1)])

    def _listen(self) -> None:
        with self._client.connect(timeout_s=REFRESH_S) as connection:
            events = self._client.events(connection)
            self._replace(next(events))
            self._publish(connected=True)
            next_refresh = time.monotonic() + REFRESH_S
            publish_due: float | None = None
            while not self.stopping:
                now = time.monotonic()
                if publish_due is not None and now >= publish_due:
                    self._publish(connected=True)
                    publish_due = None
                if now >= next_refresh:
                    self._replace(self._client.call("status", timeout_s=REFRESH_S))
                    self._publish(connected=True)
                    next_refresh, publish_due = time.monotonic() + REFRESH_S, None
                self._patience(connection, min(next_refresh, publish_due or next_refresh))
                event = next(events)
                if event is not None:
                    self._apply(event)
                    publish_due = publish_due or time.monotonic() + GATHER_S

    @staticmethod
    def _patience(connection: socket.socket, until: float) -> None:
        connection.settimeout(max(0.001, until - time.monotonic()))

    def _replace(self, snapshot: Any) -> None:
        if not isinstance(snapshot, Mapping):
            raise ServiceDown("the service sent no snapshot")
        before = self._parts["agent"]
        self._box = snapshot.get("box", {})
        for kind, (listed, key) in PARTS.items():
            self._parts[kind] = {entry[key]: entry for entry in snapshot.get(listed, ()) if key in entry}
        self._at = float(snapshot.get("at", 0.0))
        changed = {i for i, agent in self._parts["agent"].items() if before.get(i) != agent}
        self._dirty_agents |= changed | set(before) - set(self._parts["agent"])

    def _apply(self, event: Entry) -> None:
        kind, data = str(event.get("event", "")), event.get("data", {})
        self._at = max(self._at, float(event.get("at", 0.0)))
        if kind == "box":
            self._box = data
        elif kind in PARTS:
            key = data[PARTS[kind][1]]
            old = self._parts[kind].pop(key, {})
            if not data.get("removed"):
                self._parts[kind][key] = data
            if kind == "agent":
                self._dirty_agents.add(key)
            elif kind == "call":
                self._dirty_agents |= {entry["agent_id"] for entry in (old, data) if entry.get("agent_id")}

    def _publish(self, connected: bool) -> None:
        with self._changed:
            old = self._picture
            version = old.version + 1
            if old.connected != connected:
                self._dirty_agents |= set(old.agents) | set(self._parts["agent"])
            self._picture = Picture(
                version=version,
                connected=connected,
                at=self._at,
                box=self._box,
                agents=dict(self._parts["agent"]),
                calls=dict(self._parts["call"]),
                campaigns=dict(self._parts["campaign"]),
                health=dict(self._parts["health"]),
                trunks=dict(self._parts["trunk"]),
                lines=dict(self._parts["line"]),
                line_jobs=dict(self._parts["line_job"]),
                phones=dict(self._parts["phone"]),
                machine=dict(self._parts["machine"]),
                trials=dict(self._parts["trial"]),
                imports=dict(self._parts["import"]),
                dry_runs=dict(self._parts["dry_run"]),
                queues=dict(self._parts["queue"]),
                touched={**old.touched, **dict.fromkeys(self._dirty_agents, version)},
            )
            self._dirty_agents = set()
            self._changed.notify_all()
