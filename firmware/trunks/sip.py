"""The way out over SIP: ``Media`` on pjsua2, behind the edge.

This half lives on the event loop: it keeps the list of open legs, passes commands to the SIP thread and events back in
order. What happens there is in the ``_sip_*`` modules; see README.md for which is which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from firmware.clock import Clock
from firmware.config import Config
from firmware.ears import Ears, Judge, judge_of
from firmware.edge.edge import Edge
from firmware.edge.plan import Plan
from firmware.model import LegId
from firmware.recorder import Recorder
from firmware.trunks._modem_sound import BridgeSound
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks._sip_thread import SipThread
from firmware.trunks.base import (
    LegAnswered,
    LegEnded,
    LegEvent,
    LegOffered,
    ListenSettings,
    MediaHealth,
    Route,
)


class SipMedia:
    """A ``Media`` backend with its threads ``sip``, ``ears`` and ``recorder``. One at a time per process: the library
    allows no second endpoint. After ``stop`` another may be made."""

    def __init__(
        self,
        settings: SipSettings,
        clock: Clock,
        edge: Edge | None = None,
        judge: Callable[[ListenSettings], Judge] = judge_of,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._edge = edge
        self._judge = judge
        self._open: set[LegId] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deliver: Callable[[LegEvent], None] = _nowhere
        self._recorder = Recorder()
        self._ears = Ears(self._recorder, clock, self._emit, judge)
        self._sip = SipThread(settings, clock, self._ears, self._emit)

    @classmethod
    def of(cls, config: Config, clock: Clock) -> SipMedia:
        """The backend of a settings file, with its edge; ``phones`` go in by ``edge.want_phones``."""
        plan = Plan.of(config)
        edge = Edge(plan, config.paths.runtime / "kamailio" / "rpc.sock")
        return cls(SipSettings.of(config, plan), clock, edge)

    @property
    def edge(self) -> Edge:
        """Where phones are made known. Raises ``RuntimeError`` for a backend made without an edge."""
        if self._edge is None:
            raise RuntimeError("this backend has no edge")
        return self._edge

    async def start(self, deliver: Callable[[LegEvent], None]) -> None:
        """Open for business. Raises ``OperatorError`` (port in use), ``dsp.ModelError``."""
        self._loop = asyncio.get_running_loop()
        self._deliver = deliver
        self._ears.start()
        self._recorder.start()
        self._sip.start()
        try:
            await asyncio.wrap_future(self._sip.ready)
        except BaseException:
            self._ears.stop()
            self._recorder.stop()
            raise
        if self._edge is not None:
            await self._edge.start()

    async def stop(self) -> None:
        """Hang up everything and let go of every resource; the last events arrive before it returns."""
        if self._edge is not None:
            await self._edge.stop()
        for part in (self._sip, self._ears, self._recorder):
            await asyncio.to_thread(part.stop)
        await asyncio.sleep(0)  # what the threads posted last is delivered now
        self._open.clear()

    def originate(self, leg: LegId, route: Route, caller_id: str, ring_timeout_s: float) -> None:
        """Place a call. A name may be used once in the life of a backend."""
        if leg in self._open:
            raise ValueError(f"leg {leg} exists")
        self._open.add(leg)
        self._post(leg, lambda: self._sip.legs.originate(leg, route, caller_id, ring_timeout_s))

    def answer(self, leg: LegId) -> None:
        """Accept an offered leg."""
        self._post(leg, lambda: self._sip.legs.answer(leg))

    def hang_up(self, leg: LegId, sip_code: int = 0) -> None:
        """BYE, CANCEL, or a refusal with ``sip_code``."""
        self._post(leg, lambda: self._sip.legs.hang_up(leg, sip_code))

    def hold(self, leg: LegId) -> None:
        """Put the far end on hold; audio to and from it is cut at once."""
        self._post(leg, lambda: self._sip.legs.hold(leg, True))

    def unhold(self, leg: LegId) -> None:
        """Take it back."""
        self._post(leg, lambda: self._sip.legs.hold(leg, False))

    def send_digits(self, leg: LegId, digits: str) -> None:
        """RFC 4733, or INFO where the far end does not take that."""
        self._post(leg, lambda: self._sip.legs.send_digits(leg, digits))

    def play(self, leg: LegId, prompt: Path) -> None:
        """Play a file. One that cannot be read ends the leg: what the law wants said was not said."""
        self._post(leg, lambda: self._sip.legs.play(leg, prompt))

    def stop_playing(self, leg: LegId) -> None:
        """Stop within 20 ms."""
        self._post(leg, lambda: self._sip.legs.play(leg, None))

    def listen(self, leg: LegId, settings: ListenSettings) -> None:
        """Let the ears judge this leg."""
        self._post(leg, lambda: self._sip.legs.listen(leg, settings))

    def stop_listening(self, leg: LegId) -> None:
        """And no more."""
        self._post(leg, lambda: self._sip.legs.stop_listening(leg))

    def bridge(self, first: LegId, second: LegId) -> None:
        """Connect two legs; one not answered yet joins when it has audio."""
        self._post(first, lambda: self._sip.legs.bridge(first, second))

    def unbridge(self, first: LegId, second: LegId) -> None:
        """Disconnect them."""
        self._post(first, lambda: self._sip.legs.unbridge(first, second))

    def feed(self, speaker: LegId, hearer: LegId) -> None:
        """One hears the other; a leg not answered yet joins when it has audio."""
        self._post(speaker, lambda: self._sip.legs.feed(speaker, hearer))

    def unfeed(self, speaker: LegId, hearer: LegId) -> None:
        """And no more."""
        self._post(speaker, lambda: self._sip.legs.unfeed(speaker, hearer))

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """Write a stereo WAV."""
        self._post(customer, lambda: self._sip.legs.record(customer, agent, path))

    def stop_recording(self, customer: LegId) -> None:
        """Close the file."""
        self._post(customer, lambda: self._sip.legs.stop_recording(customer))

    # Analog lines: their legs are audio on this bridge, their calls are somebody else's.

    def open_line(self, leg: LegId, use: Callable[[BridgeSound], None], fail: Callable[[str], None]) -> None:
        """Make room on the bridge for a leg on a line; ``use`` and ``fail`` are called in the SIP thread."""
        if leg in self._open:
            raise ValueError(f"leg {leg} exists")
        self._open.add(leg)
        self._post(leg, lambda: self._sip.legs.lines.open(leg, use, fail))

    def line_event(self, event: LegEvent) -> None:
        """What the line tells of its leg, from any thread. After ``LegEnded`` the leg is off the bridge."""
        lines = self._sip.legs.lines
        if isinstance(event, LegEnded):
            self._sip.post(event.leg, lambda: lines.close(event))
            return
        if isinstance(event, LegAnswered):
            self._sip.post(event.leg, lambda: lines.answered(event.leg))
        self._emit(event)

    def health(self) -> MediaHealth:
        """How the backend is; what the edge knows is as old as its last look."""
        legs = self._sip.legs
        return MediaHealth(
            legs=len(self._open),
            heartbeat_age_s=max(0.0, self._clock.monotonic() - self._sip.beat_at),
            trunks=self._edge.trunks if self._edge else {},
            phones=self._edge.phones if self._edge else {},
            leaks=legs.audit.repaired + legs.audit.stray_ports,
        )

    @property
    def faults(self) -> int:
        """Failures of our own code so far; tests ask for none."""
        return self._sip.legs.faults + self._ears.faults + self._recorder.failures

    def _post(self, leg: LegId, command: Callable[[], None]) -> None:
        if leg in self._open:
            self._sip.post(leg, command)

    def _emit(self, event: LegEvent) -> None:
        """From any of our threads to the loop."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._arrive, event)

    def _arrive(self, event: LegEvent) -> None:
        """On the loop. What the ears said of a leg while it was ending comes too late."""
        if isinstance(event, LegOffered):
            self._open.add(event.leg)
        elif event.leg not in self._open:
            return
        elif isinstance(event, LegEnded):
            self._open.discard(event.leg)
        self._deliver(event)


def _nowhere(event: LegEvent) -> None:
    """Before ``start``."""
