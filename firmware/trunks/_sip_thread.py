"""Thread ``sip``: makes the library's endpoint, polls it, and is the only one to touch anything of it.

It sleeps in the library, which wakes up for a packet or a timer of its own; a command wakes it with a packet: the
keep-alive of RFC 5626 §3.5.1, which the library passes over in silence.

The library runs without threads of its own for SIP (``threadCnt=0``, ``mainThreadOnly``): every callback happens inside
``libHandleEvents`` here. Its media clock is native and never waits for Python. Leaves legs to ``_sip_legs``.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pjsua2 as pj

from firmware.clock import Clock
from firmware.ears import Ears
from firmware.model import LegId, OperatorError, Problem
from firmware.trunks._sip_legs import Legs
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import LegEvent

_log = logging.getLogger(__name__)
_REST_MS = 50
_PLAYING_MS = 5
"""While an announcement is played its end must be noticed."""
_WAKE_UP = b"\r\n\r\n"
_FAREWELL_S = 2.0
_ADDRESS = "127.0.0.1"
_CODECS = ("PCMA/8000", "PCMU/8000")
_ADDRESS_IN_USE = 120098
"""PJ_STATUS_FROM_OS(EADDRINUSE): 120000 + errno."""


class _Account(pj.Account):  # type: ignore[misc]  # pjsua2 has no types
    def __init__(self, legs: Legs, proxy: str) -> None:
        super().__init__()
        self._legs = legs
        self._proxy = proxy

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802 - the library's name
        if str(prm.rdata.srcAddress) != self._proxy:
            _log.warning("sip: a call from %s, which is not the edge, is dropped", prm.rdata.srcAddress)
            return  # an object nobody keeps: the library refuses the call
        name = self._legs.next_offer()
        self._legs.guarded(name, lambda: self._legs.offered(name, prm.callId, str(prm.rdata.wholeMsg)))


class SipThread(threading.Thread):
    """``post`` is for every thread; everything else is for ours, except ``start``, ``stop`` and the counters."""

    def __init__(
        self, settings: SipSettings, clock: Clock, ears: Ears, emit: Callable[[LegEvent], None]
    ) -> None:
        super().__init__(name="sip", daemon=True)
        self.ready: Future[None] = Future()
        self.legs = Legs(settings, clock, ears, emit)
        self.beat_at = clock.monotonic()
        self._settings = settings
        self._clock = clock
        self._commands: deque[tuple[LegId | None, Callable[[], None]]] = deque()
        self._waker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._stopping = False
        self._endpoint: pj.Endpoint | None = None

    def post(self, leg: LegId | None, command: Callable[[], None]) -> None:
        """Run ``command`` in the SIP thread, in the order posted; a failure ends ``leg``."""
        self._commands.append((leg, command))
        with contextlib.suppress(OSError):  # then it waits until the rest is over
            self._waker.sendto(_WAKE_UP, (_ADDRESS, self._settings.port))

    def stop(self) -> None:
        """Hang up everything, say goodbye to the library, end."""
        self._stopping = True
        self.join()

    def run(self) -> None:
        """The thread: open, poll, close."""
        try:
            self._open()
        except BaseException as error:  # noqa: BLE001 - whoever waits for ``ready`` gets it
            self._close()
            self.ready.set_exception(_explained(error, self._settings))
            return
        self.ready.set_result(None)
        try:
            while not self._stopping:
                self._turn()
            self._part()
        finally:
            self._close()

    def _turn(self) -> None:
        assert self._endpoint is not None
        self._endpoint.libHandleEvents(_PLAYING_MS if self.legs.playing else _REST_MS)
        self.beat_at = self._clock.monotonic()
        while self._commands:
            leg, command = self._commands.popleft()
            self.legs.guarded(leg, command)
        self.legs.guarded(None, self.legs.turn)

    def _part(self) -> None:
        """Give the far ends a moment to hear our BYEs."""
        self.legs.hang_up_all()
        until = self._clock.monotonic() + _FAREWELL_S
        while len(self.legs) and self._clock.monotonic() < until:
            self._turn()
        for _ in range(20):
            self._turn()

    def _open(self) -> None:
        settings = self._settings
        self._endpoint = endpoint = pj.Endpoint()
        endpoint.libCreate()
        endpoint.libInit(_endpoint_config(settings))
        transport = pj.TransportConfig()
        transport.port = settings.port
        transport.boundAddress = _ADDRESS
        endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        endpoint.libStart()
        endpoint.audDevManager().setNullDev()
        for codec in endpoint.codecEnum2():
            endpoint.codecSetPriority(codec.codecId, 0)
        for rank, name in enumerate(_CODECS):
            endpoint.codecSetPriority(name, 200 - rank)
        self.legs.account = _Account(self.legs, settings.proxy)
        self.legs.account.create(_account_config(settings))
        self.legs.ports = endpoint.mediaActivePorts

    def _close(self) -> None:
        """Every object of the library must be gone before the library is."""
        self._waker.close()
        if self._endpoint is None:
            return
        self.legs.forget()
        self.legs.ports = lambda: 1
        gc.collect()
        self._endpoint.libDestroy()
        self._endpoint = None


def _endpoint_config(settings: SipSettings) -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = settings.max_legs
    config.uaConfig.userAgent = "Strowger"
    config.medConfig.clockRate = config.medConfig.sndClockRate = settings.clock_rate
    config.medConfig.channelCount = 1
    config.medConfig.audioFramePtime = 20
    config.medConfig.threadCnt = 1
    config.medConfig.noVad = True  # a silent leg still sends: some far ends hang up when nothing comes
    config.medConfig.ecTailLen = 0
    config.logConfig.consoleLevel = 0
    config.logConfig.msgLogging = 0
    config.logConfig.level = 2 if settings.log_file else 0
    config.logConfig.filename = str(settings.log_file or "")
    return config


def _account_config(settings: SipSettings) -> pj.AccountConfig:
    config = pj.AccountConfig()
    config.idUri = f"<sip:strowger@{settings.domain}>"
    config.sipConfig.proxies.append(f"sip:{settings.proxy};lr")
    config.natConfig.contactRewriteUse = 0
    config.natConfig.viaRewriteUse = 0
    config.natConfig.sdpNatRewriteUse = 0
    config.natConfig.sipOutboundUse = 0
    media = config.mediaConfig.transportConfig
    media.port = settings.rtp_first
    media.portRange = settings.rtp_last - settings.rtp_first
    media.publicAddress = settings.media_address
    config.mediaConfig.lockCodecEnabled = (
        True  # of several codecs answered one is agreed on: the other is noise to us
    )
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
    return config


def _explained(error: BaseException, settings: SipSettings) -> BaseException:
    if isinstance(error, pj.Error) and error.status == _ADDRESS_IN_USE:
        text = f"[sip] port: udp port {settings.port} is in use by another program"
        return OperatorError(
            Problem("[sip] port", "port_in_use", text, {"port": settings.port, "transport": "udp"})
        )
    if isinstance(error, pj.Error):
        return RuntimeError(f"the SIP library does not start: {error.reason} ({error.status})")
    return error
