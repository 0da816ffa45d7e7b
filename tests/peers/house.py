"""The way out as it runs in production, on loopback: Kamailio, the edge, and the SIP backend in this process.

Synchronous on the outside; the backend lives on a loop in a thread of its own. Shared by tests and benches.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from dsp import AmdSettings, Analyser
from firmware.clock import SystemClock
from firmware.ears import Judge
from firmware.edge.edge import Edge
from firmware.edge.phone_book import ha1
from firmware.edge.plan import Plan, Trunk
from firmware.model import LegId
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import LegEnded, LegEvent, LegOffered, ListenSettings, PhoneRoute
from firmware.trunks.sip import SipMedia
from tests.peers.far_ends import Baresip
from tests.peers.processes import Kamailio, eventually, free_port
from tests.permitted import over

E = TypeVar("E")
DOMAIN = "strowger.invalid"
NUMBER = "+493023125001"
CALLER = "+493023125000"
_numbers = itertools.count(1)


def judge_without_model(settings: ListenSettings) -> Judge:
    """The real ears, judging by timing alone: peers prove wires, not models."""
    amd = AmdSettings(enabled=settings.amd, country=settings.country, digits=True)
    return Analyser(amd, None, machine=settings.machine)


def house_plan(trunks: tuple[str, ...]) -> Plan:
    """Free ports, far ends on 127.0.0.2, impatient timers."""
    proxy = f"127.0.0.1:{free_port()}"
    return Plan(
        service_port=free_port(),
        proxy=proxy,
        domain=DOMAIN,
        listen=(proxy,),
        media_address="127.0.0.1",
        trunks=tuple(Trunk(name, "127.0.0.2", free_port("127.0.0.2")) for name in trunks),
        rtpengine=f"127.0.0.1:{free_port()}",
        browser_phones=f"127.0.0.1:{free_port()}",
        ban_s=2.0,
        pike_requests=400,
        probe_s=3600,  # a scenario that counts its calls would count the question whether it is there
        no_reply_s=1.0,
    )


class House:
    """Start, dial, wait for events, look for leaks."""

    def __init__(
        self,
        loop: Any,
        folder: Path,
        trunks: tuple[str, ...] = ("far",),
        *,
        edge_poll_s: float = 0.1,
        **settings: Any,
    ) -> None:
        self.loop = loop
        self.folder = folder
        self.plan = house_plan(trunks)
        self.kamailio = Kamailio(self.plan, folder / "kamailio")
        self.edge = Edge(self.plan, self.kamailio.rendered.rpc_socket, poll_s=edge_poll_s)
        rtp = free_port()
        given: dict[str, Any] = {
            "port": self.plan.service_port,
            "proxy": self.plan.proxy,
            "domain": DOMAIN,
            "media_address": "127.0.0.1",
            "rtp_first": rtp,
            "rtp_last": min(rtp + 8000, 65534),
            "trunk_hosts": {trunk.name: trunk.host for trunk in self.plan.trunks},
            "dead_peer_s": 1.5,
            "audit_s": 0.25,
        }
        self.media = SipMedia(
            SipSettings(**(given | settings)), SystemClock(), self.edge, judge_without_model
        )
        self.events: list[tuple[float, LegEvent]] = []
        self._changed = threading.Condition()
        self._secrets: dict[str, str] = {}

    def start(self) -> House:
        self.kamailio.start()
        self.loop.run(self.media.start(self._arrived))
        eventually(lambda: self.edge.up, why="the edge answers")
        return self

    def stop(self) -> None:
        self.loop.run(self.media.stop())
        self.kamailio.stop()

    def trunk(self, name: str = "far") -> tuple[str, int]:
        """Where the far end of a trunk must listen."""
        trunk = next(trunk for trunk in self.plan.trunks if trunk.name == name)
        return trunk.host, trunk.port

    def phone(self, user: str) -> str:
        """A phone's secret; the edge knows the phone when this returns."""
        self._secrets.setdefault(user, f"secret-of-{user}")
        wanted = {phone: ha1(phone, DOMAIN, secret) for phone, secret in self._secrets.items()}
        self.loop.call(lambda: self.edge.want_phones(wanted))
        eventually(lambda: user in self.edge.book._pushed)
        return self._secrets[user]

    @contextlib.contextmanager
    def desk(self, folder: Path, user: str, **more: Any) -> Iterator[Baresip]:
        """A registered desk phone."""
        phone = Baresip(folder, user, secret=self.phone(user), proxy=self.plan.proxy, **more).start()
        try:
            eventually(lambda: self.edge.phones.get(user), why=f"{user} registers, see {folder}")
            yield phone
        finally:
            phone.stop()

    @contextlib.contextmanager
    def customer(self, folder: Path, trunk: str = "far", **more: Any) -> Iterator[Baresip]:
        """A telephone at the far end of a trunk."""
        phone = Baresip(folder, NUMBER, address=self.trunk(trunk), **more).start()
        try:
            yield phone
        finally:
            phone.stop()

    def dial(
        self, trunk: str = "far", *, number: str = NUMBER, ring_s: float = 10.0, caller_id: str = CALLER
    ) -> LegId:
        """Call a number over a trunk."""
        leg = LegId(f"t{next(_numbers)}-{time.monotonic_ns()}")
        route = over(trunk, number)
        self.do(lambda: self.media.originate(leg, route, caller_id, ring_s))
        return leg

    def ring(self, phone: str, *, ring_s: float = 10.0, caller_id: str = NUMBER) -> LegId:
        """Call a desk phone."""
        leg = LegId(f"a{next(_numbers)}-{time.monotonic_ns()}")
        self.do(lambda: self.media.originate(leg, PhoneRoute(phone), caller_id, ring_s))
        return leg

    def do(self, what: Callable[[], None]) -> None:
        """Run a command on the loop."""
        self.loop.call(what)

    def of(self, leg: LegId) -> list[LegEvent]:
        """What was heard of a leg so far."""
        with self._changed:
            return [event for _, event in self.events if event.leg == leg]

    def wait(self, leg: LegId | None, kind: type[E], timeout_s: float = 10.0, nth: int = 1) -> E:
        """The ``nth`` event of this kind, when it comes."""
        end = time.monotonic() + timeout_s
        with self._changed:
            while True:
                found = [e for _, e in self.events if isinstance(e, kind) and leg in (None, e.leg)]
                if len(found) >= nth:
                    return found[nth - 1]
                left = end - time.monotonic()
                seen = [e for _, e in self.events if leg in (None, e.leg)]
                assert not any(isinstance(e, LegEnded) for e in seen if leg is not None), f"it ended: {seen}"
                assert left > 0, f"no {kind.__name__} number {nth} of {leg} within {timeout_s} s, only {seen}"
                self._changed.wait(left)

    def at(self, event: LegEvent) -> float:
        """When an event arrived on the loop, on the monotonic clock."""
        with self._changed:
            return next(at for at, seen in self.events if seen is event)

    def wait_offer(self, after: int) -> LegOffered:
        """The next leg offered after so many events."""
        end = time.monotonic() + 10
        with self._changed:
            while True:
                for _, event in self.events[after:]:
                    if isinstance(event, LegOffered):
                        return event
                assert time.monotonic() < end, "nobody called"
                self._changed.wait(0.5)

    def hang_up(self, leg: LegId) -> LegEnded:
        """And the end that follows."""
        self.do(lambda: self.media.hang_up(leg))
        return self.wait(leg, LegEnded)

    def leg(self, leg: LegId) -> Any:
        """The backend's own idea of a leg."""
        return self.media._sip.legs._legs[leg]

    def nothing_left(self) -> None:
        """No leg, no ring, no port on the bridge, no recording, no fault of ours."""
        sip, ears = self.media._sip, self.media._ears
        eventually(lambda: not len(sip.legs) and not sip.legs._rings, why="legs and rings are gone")
        eventually(
            lambda: self.on_sip_thread(sip.legs.ports) == 1, 15.0, "the bridge's own port is the only one"
        )
        eventually(lambda: not ears._ears and not ears._pairs, why="the ears let go")
        assert self.media.health().legs == 0
        assert self.media.health().leaks == 0
        assert self.media.faults == 0

    def on_sip_thread(self, what: Callable[[], E]) -> E:
        """Ask the library something, where it may be asked."""
        from concurrent.futures import Future

        answer: Future[E] = Future()
        self.media._sip.post(None, lambda: answer.set_result(what()))
        return answer.result(5.0)

    def _arrived(self, event: LegEvent) -> None:
        with self._changed:
            self.events.append((time.monotonic(), event))
            self._changed.notify_all()
