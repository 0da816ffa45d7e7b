"""What every way out looks like from the service: commands in, frozen events out.

A ``Media`` backend owns legs (one SIP dialogue or one analog line each), plays, listens, bridges and records. Its
commands may be called from the event loop at any time and return at once; what they lead to arrives as events
on the loop. A command for a leg that has already ended is ignored: the ``LegEnded`` event is on its way.
Backends: ``sip`` (pjsua2 behind Kamailio) and ``simulated`` (scripted far ends for scenario tests).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from firmware.model import AmdLabel, AnswerConfidence, AnswerMethod, HangupCause, LegId, Permit


@dataclass(frozen=True, slots=True)
class TrunkRoute:
    """A permitted number over a named trunk. A number cannot be dialled without the permit that allows it."""

    permit: Permit = field(hash=False)
    trunk: str = ""
    kind: ClassVar[Literal["trunk"]] = "trunk"

    @property
    def address(self) -> str:
        """The number, E.164."""
        return self.permit.number


@dataclass(frozen=True, slots=True)
class EmergencyRoute:
    """An emergency number over a named trunk: the one kind of number that needs no permit."""

    address: str
    trunk: str = ""
    kind: ClassVar[Literal["trunk"]] = "trunk"

    def __post_init__(self) -> None:
        if not (self.address.isascii() and self.address.isdigit() and 2 <= len(self.address) <= 4):
            raise ValueError(f"not an emergency number: {self.address!r}")


@dataclass(frozen=True, slots=True)
class TrialRoute:
    """A number a technician typed for a test call, E.164: no campaign can make one. ``trunk`` is named; ``line``
    too where the call is to try that line and no other of the trunk. Made by ``commands.technician`` alone."""

    address: str
    trunk: str
    line: str = ""
    kind: ClassVar[Literal["trunk"]] = "trunk"

    def __post_init__(self) -> None:
        if not (self.address.startswith("+") and self.address[1:].isdigit() and 8 <= len(self.address) <= 16):
            raise ValueError("not a number for a test call")


@dataclass(frozen=True, slots=True)
class DestinationRoute:
    """A number from the office's own directory of destinations over a named trunk: a colleague's or a partner's, never
    a contact's and never typed. Made by ``firmware.calls.company`` alone, of an entry of the directory."""

    address: str
    trunk: str
    entry: int
    """The entry of the directory."""
    kind: ClassVar[Literal["trunk"]] = "trunk"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", self.address):
            raise ValueError("not a whole number with its country")


@dataclass(frozen=True, slots=True)
class PhoneRoute:
    """A registered desk phone, by its user name."""

    address: str
    trunk: ClassVar[str] = ""
    kind: ClassVar[Literal["phone"]] = "phone"


NumberRoute = TrunkRoute | EmergencyRoute | TrialRoute | DestinationRoute
"""A number over a trunk."""
Route = NumberRoute | PhoneRoute
"""Where a leg goes. Whatever leaves the box for a number carries its permit, is an emergency, a technician's test,
or an entry of the office's directory."""


@dataclass(frozen=True, slots=True)
class LegRinging:
    """180, or 183 with ``early_media`` true."""

    leg: LegId
    early_media: bool


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """The far end accepted; audio flows both ways. An analog line has to notice that by itself."""

    leg: LegId
    method: AnswerMethod = AnswerMethod.SIGNALLED
    confidence: AnswerConfidence = AnswerConfidence.CERTAIN


@dataclass(frozen=True, slots=True)
class LegHeld:
    """The far end put us on hold (``held``) or took us back."""

    leg: LegId
    held: bool


@dataclass(frozen=True, slots=True)
class LegDigit:
    """A DTMF digit arrived (RFC 4733 or in band)."""

    leg: LegId
    digit: str


@dataclass(frozen=True, slots=True)
class LegPlayed:
    """What ``play`` was given has been heard to its end (not sent after ``stop_playing``)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class LegHeard:
    """The ears' verdict on a leg; ``at_ms`` since the answer (0 while still early media)."""

    leg: LegId
    label: AmdLabel
    confidence: float
    cause: str
    figures: Mapping[str, float]
    at_ms: int


@dataclass(frozen=True, slots=True)
class LegCorrected:
    """The ears' verdict was wrong: this one replaces it. At most once per leg, fields as in ``LegHeard``."""

    leg: LegId
    label: AmdLabel
    confidence: float
    cause: str
    figures: Mapping[str, float]
    at_ms: int


@dataclass(frozen=True, slots=True)
class LegGreetingEnd:
    """The machine listens now: after its beep, or because it has fallen silent. ``at_ms`` since the answer, of the
    beep's end or of the moment when the silence was long enough."""

    leg: LegId
    cause: Literal["beep", "greeting_over"]
    at_ms: int


@dataclass(frozen=True, slots=True)
class LegSpoke:
    """After a ``LegGreetingEnd`` there is a voice again; another end follows when it falls silent."""

    leg: LegId
    at_ms: int


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The leg is gone and its resources are free. Sent exactly once per originated or accepted leg."""

    leg: LegId
    cause: HangupCause
    by_far_end: bool
    sip_code: int = 0
    q850: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class LegOffered:
    """Somebody calls us, over ``trunk`` or from a registered desk phone (``phone``). ``caller`` and ``called`` are as
    on the wire, empty where that did not tell. It rings until ``answer`` or ``hang_up``, which turns the caller away
    where the trunk can do that and ignores the bell where it cannot."""

    leg: LegId
    caller: str
    called: str
    phone: str = ""
    trunk: str = ""


LegEvent = (
    LegRinging
    | LegAnswered
    | LegHeld
    | LegDigit
    | LegPlayed
    | LegHeard
    | LegCorrected
    | LegGreetingEnd
    | LegSpoke
    | LegEnded
    | LegOffered
)


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """How the ears judge a leg. ``amd`` false: call progress tones only."""

    amd: bool = True
    country: str = "DE"
    sensitivity: str = "balanced"
    machine: bool = False
    """It is known to be a machine: no verdict, only the end of its greeting (needs ``amd``)."""
    keys: bool = False
    """Keys pressed in band are of interest for as long as the leg lasts."""


@dataclass(frozen=True, slots=True)
class MediaHealth:
    """What a backend knows of itself. ``trunks``/``phones``: name -> reachable or registered."""

    legs: int
    heartbeat_age_s: float
    trunks: Mapping[str, bool] = field(default_factory=dict)
    phones: Mapping[str, bool] = field(default_factory=dict)
    leaks: int = 0
    """Legs the backend holds that the service does not know, found by the audit."""


class Media(Protocol):
    """A backend that carries legs."""

    async def start(self, deliver: Callable[[LegEvent], None]) -> None:
        """Open for business; ``deliver`` is called on the event loop for every event, in order per leg."""

    async def stop(self) -> None:
        """Hang up everything and let go of every resource."""

    def originate(self, leg: LegId, route: Route, caller_id: str, ring_timeout_s: float) -> None:
        """Place a call. ``leg`` is the left part of the Call-ID. Ends with ``LegEnded`` in every case."""

    def answer(self, leg: LegId) -> None:
        """Accept an offered leg."""

    def hang_up(self, leg: LegId, sip_code: int = 0) -> None:
        """End a leg: BYE, CANCEL, or a refusal with ``sip_code`` as its state asks for."""

    def hold(self, leg: LegId) -> None:
        """Put the far end on hold (re-INVITE sendonly)."""

    def unhold(self, leg: LegId) -> None:
        """Take the far end back."""

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Send DTMF (RFC 4733)."""

    def play(self, leg: LegId, prompt: Path) -> None:
        """Play a mono 8 kHz 16-bit WAV to the far end, replacing what is being played."""

    def stop_playing(self, leg: LegId) -> None:
        """Stop at once."""

    def listen(self, leg: LegId, settings: ListenSettings) -> None:
        """Let the ears judge this leg from now on; one ``LegHeard`` follows unless the leg ends first, and after it
        what the ears learn later. They let go by themselves when nothing more can come."""

    def stop_listening(self, leg: LegId) -> None:
        """The ears let go of this leg."""

    def bridge(self, first: LegId, second: LegId) -> None:
        """Connect the audio of two answered legs both ways."""

    def unbridge(self, first: LegId, second: LegId) -> None:
        """Disconnect it."""

    def feed(self, speaker: LegId, hearer: LegId) -> None:
        """Let one leg hear another, one way: conferences, listening in."""

    def unfeed(self, speaker: LegId, hearer: LegId) -> None:
        """And no more."""

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """Write a stereo WAV, customer left and agent right, until one leg ends or ``stop_recording``."""

    def stop_recording(self, customer: LegId) -> None:
        """Close the file."""

    def health(self) -> MediaHealth:
        """How the backend is; cheap, callable at any time."""
