"""What the audio behind a gateway without answer supervision says of a call.

``dsp.line`` listens to the RTP audio exactly as it does to a modem: ringing, an answer, busy or a hang-up. Pure.
"""

from __future__ import annotations

from dsp.frames import Samples
from dsp.line.answer import Answered, AnswerSettings, Refused
from dsp.line.disconnect import Disconnected, DisconnectSettings
from dsp.line.supervision import CallSettings, Ringing, Stage, Supervision
from firmware.model import AnswerConfidence, AnswerMethod, HangupCause
from firmware.trunks._modem_signs import CAUSES
from firmware.trunks._sip_gateway import Gone, Rings, Sign, Through

_NEVER_MS = 1 << 31
_SILENCE_MS = 60_000


class GatewayEar:
    """One call's, from the 200 OK on."""

    def __init__(self, country: str) -> None:
        answering = AnswerSettings(no_answer_ms=_NEVER_MS)
        ending = DisconnectSettings(silence_ms=_SILENCE_MS, maximum_ms=0)
        self._call = Supervision(CallSettings(country, answer=answering, disconnect=ending), stage=Stage.OVER)
        self._call.enter(Stage.WAITING)
        self.held = False
        """On hold: silence is what is to be heard. Set in any thread."""
        self._was_held = False

    def hear(self, samples: Samples) -> list[Sign]:
        """What became certain with these samples."""
        if self.held != self._was_held:
            self._was_held = self.held
            self._call.hold(self._call.at_ms, held=self._was_held)
        return [sign for event in self._call.hear(samples) if (sign := _sign(event)) is not None]


def _sign(event: object) -> Sign | None:
    if isinstance(event, Ringing):
        return Rings()
    if isinstance(event, Answered):
        return Through(AnswerMethod(event.method.value), AnswerConfidence(event.confidence.value))
    if isinstance(event, Refused):
        return Gone(CAUSES[event.kind], f"{event.kind} {event.detail}".strip())
    if isinstance(event, Disconnected):
        return Gone(HangupCause.NORMAL, event.method.value)
    return None
