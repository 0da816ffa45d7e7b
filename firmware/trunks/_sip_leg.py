"""One leg in the SIP thread: the library's call, what it tells us, and what that means as events.

Knows one dialogue. Leaves the table of legs, timers and burial to ``_sip_legs``, connections to ``_sip_audio``. Every
callback of the library enters through ``_Call``, which lets no exception back into C++: a failure ends that leg.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pjsua2 as pj

from firmware.model import HangupCause, LegId
from firmware.trunks._sip_address import Dial
from firmware.trunks._sip_audio import LegAudio
from firmware.trunks._sip_cause import Reason, cause_of_end, cause_of_refusal, reason_of
from firmware.trunks._sip_gateway import WORDS, Gone, Rings, Sign, Through
from firmware.trunks.base import LegAnswered, LegDigit, LegEnded, LegHeld, LegRinging

if TYPE_CHECKING:
    from firmware.trunks._sip_gateway_ear import GatewayEar
    from firmware.trunks._sip_legs import Legs

_log = logging.getLogger(__name__)
_DECLINE = 603
_HOLD_TRIES = 15
_NOT_LIKE_THAT = (488, 606)
_CARRYING = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_LOCAL_HOLD, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)
"""With ``CALL_MEDIA_NONE`` and ``_ERROR`` there is no port to connect."""


class _Call(pj.Call):  # type: ignore[misc]  # pjsua2 has no types
    """The library's object of one dialogue. Made and dropped in the SIP thread only."""

    def __init__(self, account: pj.Account, leg: Leg, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, call_id)
        self.leg: Leg | None = leg

    def onCallState(self, prm: Any) -> None:  # noqa: N802 - the library's name
        self._tell(lambda leg: leg.on_state(self.getInfo(), prm.e))

    def onCallMediaState(self, prm: Any) -> None:  # noqa: ARG002, N802
        self._tell(lambda leg: leg.on_media(self.getInfo()))

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802
        self._tell(lambda leg: leg.on_digit(str(prm.digit)))

    def onCallTransferRequest(self, prm: Any) -> None:  # noqa: N802
        prm.statusCode = _DECLINE  # nobody outside decides whom this box calls

    def onCallReplaceRequest(self, prm: Any) -> None:  # noqa: N802
        prm.statusCode = _DECLINE

    def _tell(self, what: Callable[[Leg], None]) -> None:
        leg = self.leg
        if leg is None:
            return
        try:
            what(leg)
        except Exception:  # noqa: BLE001 - C++ is waiting above us
            _log.exception("leg=%s a callback failed", leg.id)
            leg.legs.fault(leg, "callback failed")


class Leg:
    """State of one leg. ``offered`` legs were called by the far end."""

    def __init__(self, legs: Legs, leg: LegId, *, phone: bool = False, offered: bool = False) -> None:
        self.legs = legs
        self.id = leg
        self.phone = phone
        self.offered = offered
        self.call: _Call | None = None
        self.audio = LegAudio(leg)
        self.rang = False
        self.answered = False
        """The dialogue is confirmed; behind a gateway without answer supervision that is no answer yet."""
        self.supervision = ""
        """Of its trunk's gateway."""
        self.ear: GatewayEar | None = None
        self.through = False
        self.far_cause: HangupCause | None = None
        """What the audio of a gateway told of the far end's refusal or hang-up."""
        self.ended: LegEnded | None = None
        self.our_cause: HangupCause | None = None
        self.our_text = ""
        self.redialling = False
        self.wanted: Dial | None = None
        """How to call a phone once more: the edge learns from a refusal what kind of audio it takes."""
        self.ring_by = self.ring_back_at = self.end_by = float("inf")
        self.media_index: int | None = None
        self.far_held = False
        self.held = False
        self.want_held = False
        self._hold_tries = 0

    # What the library tells.

    def on_state(self, info: Any, event: Any) -> None:
        """The dialogue moved on."""
        if info.state == pj.PJSIP_INV_STATE_EARLY and not self.offered:
            self._progress(info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED and not self.answered:
            self.answered = True
            if self.supervision in WORDS:
                self.come_through(WORDS[self.supervision])
            else:
                self.legs.supervise(self)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED and self.ended is None:
            self.audio.detach()  # its port goes with this callback; a partner must not connect to it any more
            if self.wanted is not None and info.lastStatusCode in _NOT_LIKE_THAT and self.our_cause is None:
                self.redialling = True
                self.legs.dial_again(self)
                return
            self.ended = self._ending(int(info.lastStatusCode), str(info.lastReason), event)
            self.legs.bury(self)

    @property
    def waiting(self) -> bool:
        """The dialogue is confirmed, and nobody knows yet whether the far end has answered."""
        return self.answered and not self.through

    def come_through(self, how: Through) -> None:
        """The far end has answered."""
        if not self.through and self.ended is None:
            self.through = True
            self.legs.on_answered(self)
            self.legs.emit(LegAnswered(self.id, how.method, how.confidence))

    def heard(self, sign: Sign) -> None:
        """The audio of a gateway says something of the call."""
        if self.ended is not None:
            return
        if isinstance(sign, Rings) and not self.rang:
            self.rang = True
            self.legs.emit(LegRinging(self.id, early_media=False))
        elif isinstance(sign, Through):
            self.come_through(sign)
        elif isinstance(sign, Gone) and self.our_cause is None:
            self.far_cause = sign.cause
            self.end(sign.cause, text=sign.text)

    def _progress(self, status: int) -> None:
        first, self.rang = not self.rang, True
        if first and status != 183:  # 183 counts as ringing once its audio is there
            self.legs.emit(LegRinging(self.id, early_media=False))

    def on_media(self, info: Any) -> None:
        """Audio was negotiated, again or for the first time."""
        audio = next((m for m in info.media if m.type == pj.PJMEDIA_TYPE_AUDIO), None)
        if audio is None or audio.status not in _CARRYING or audio.audioConfSlot == pj.PJSUA_INVALID_ID:
            self.audio.detach()
            self._far_hold(held=audio is not None and audio.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)
            return
        self.held = audio.status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD
        first = self.audio.ring is None
        assert self.call is not None
        self.media_index = int(audio.index)
        self.audio.attach(self.call.getAudioMedia(audio.index))
        if first:
            self.legs.on_audio(self)
            if not self.offered and not self.answered and info.state == pj.PJSIP_INV_STATE_EARLY:
                self.legs.emit(LegRinging(self.id, early_media=True))
        self._far_hold(held=audio.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)

    def _far_hold(self, *, held: bool) -> None:
        if held != self.far_held:
            self.far_held = held
            self._still()
            self.legs.emit(LegHeld(self.id, held))

    def _still(self) -> None:
        """Held by either side, a silent call goes on."""
        if self.ear is not None:
            self.ear.held = self.want_held or self.far_held

    def on_digit(self, digit: str) -> None:
        """The far end pressed a key (RFC 4733 or INFO)."""
        self.legs.ears.keyed(self.id)
        self.legs.emit(LegDigit(self.id, digit))

    def _ending(self, status: int, text: str, event: Any) -> LegEnded:
        if self.our_cause is not None and self.our_cause is self.far_cause:
            return LegEnded(self.id, self.our_cause, True, status, 0, self.our_text)
        if self.our_cause is not None:
            return LegEnded(self.id, self.our_cause, False, status, 0, self.our_text or text)
        by_far_end = (
            event.type == pj.PJSIP_EVENT_TSX_STATE and event.body.tsxState.type == pj.PJSIP_EVENT_RX_MSG
        )
        reason = reason_of(str(event.body.tsxState.src.rdata.wholeMsg)) if by_far_end else Reason()
        if self.waiting:
            cause = HangupCause.UNAVAILABLE
        elif self.answered:
            cause = cause_of_end(status, reason.q850)
        elif self.offered:
            cause, by_far_end = HangupCause.CANCELLED, True
        else:
            cause = cause_of_refusal(status, reason.q850, rang=self.rang)
        return LegEnded(self.id, cause, by_far_end, status, reason.q850, reason.text or text)

    # What we want.

    def end(self, cause: HangupCause, status: int = 0, text: str = "") -> None:
        """BYE, CANCEL or refuse; the library reports the end at once."""
        if self.ended is not None or self.call is None:
            return
        if self.our_cause is None:
            self.our_cause, self.our_text = cause, text
        if self.redialling:
            return  # there is no call at the moment; ``dial_again`` sees the cause
        parameters = pj.CallOpParam()
        parameters.statusCode = status
        self.call.hangup(parameters)

    def accept(self, status: int) -> None:
        """Answer an offered leg, or let it ring."""
        if self.offered and not self.answered and self.ended is None and self.call is not None:
            options = call_options()
            options.statusCode = status
            self.call.answer(options)

    def hold(self, *, held: bool) -> None:
        """Put the far end on hold or take it back; its audio is cut or restored without waiting for the answer."""
        self.want_held, self._hold_tries = held, 0
        self._still()
        self.audio.silence(held)
        self.renegotiate()

    def is_due(self, now: float) -> bool:
        """Whether there is anything to do at ``now`` but to wait."""
        if self.answered and not self.waiting:
            return now >= self.end_by or self.want_held != self.held
        return now >= self.ring_by or now >= self.ring_back_at

    def renegotiate(self) -> None:
        """Send the re-INVITE that is due, if any. While another is under way the next tick tries again."""
        if self.want_held == self.held or not self.answered or self.ended is not None or self.call is None:
            return
        self._hold_tries += 1
        if self._hold_tries > _HOLD_TRIES:
            return
        try:
            if self.want_held:
                self.call.setHold(call_options())
            else:
                self.call.reinvite(call_options(flag=pj.PJSUA_CALL_UNHOLD))
        except pj.Error as error:
            level = logging.WARNING if self._hold_tries == _HOLD_TRIES else logging.DEBUG
            _log.log(level, "leg=%s re-INVITE not sent: %s", self.id, error.reason)

    def send_digits(self, digits: str) -> None:
        """RFC 4733 where the far end takes it, else INFO."""
        assert self.call is not None
        parameters = pj.CallSendDtmfParam()
        parameters.digits = digits
        parameters.duration = 160
        try:
            self.call.sendDtmf(parameters)
        except pj.Error:
            parameters.method = pj.PJSUA_DTMF_METHOD_SIP_INFO
            self.call.sendDtmf(parameters)

    def received(self) -> tuple[int, int] | None:
        """Packets and reports that have come so far; they grow while the far end lives. ``None``: no stream."""
        if self.call is None or self.media_index is None:
            return None
        try:
            stat = self.call.getStreamStat(self.media_index).rtcp
        except pj.Error:
            return None
        return int(stat.rxStat.pkt), int(stat.txStat.updateCount)


def call_options(flag: int = 0) -> pj.CallOpParam:
    """One audio stream and nothing else: by itself the library also offers real-time text."""
    parameters = pj.CallOpParam(True)
    parameters.opt.audioCount = 1
    parameters.opt.videoCount = 0
    parameters.opt.textCount = 0
    if flag:
        parameters.opt.flag = flag
    return parameters


def new_call(account: pj.Account, leg: Leg, call_id: int = pj.PJSUA_INVALID_ID) -> _Call:
    """The library's object for ``leg``; for an offered leg with the library's number of it."""
    leg.call = _Call(account, leg, call_id)
    return leg.call
