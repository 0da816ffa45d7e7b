"""What is said to a modem in command state, and in which order: setting up, seizing the line, releasing it.

Each dialogue is a generator: it yields the next thing to send and is sent what came of it. No clock, no port, no state
of the line: the engine runs them. A dialogue that cannot go on raises ``Refused``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass

from board.modem.answers import Result
from board.modem.events import Fault, Identity, Outcome
from board.modem.formats import Format, best, read_formats
from board.modem.profiles import COUNTRY_CODES, Profile, recognise

TIMEOUT_S = 5.0
_FIRST_TIMEOUT_S = 1.0
_FIRST_TRIES = 3
_DIAL_TIMEOUT_S = 45.0
_PICK_UP_S = 10.0
_WAY_OUT_OF_VOICE = b"\x10\x18\x10^\x10!\x10\x03\x10\x10\x10^\x10\x10\x10\x03\r"
"""Whatever voice state a process that died has left behind. In command state it is one wrong line."""


@dataclass(frozen=True, slots=True)
class Ask:
    """``AT`` and ``command``; asked again when nothing answers. A second try is only for what may be said twice."""

    command: str
    timeout_s: float = TIMEOUT_S
    tries: int = 2


@dataclass(frozen=True, slots=True)
class Say:
    """Bytes as they are. Over when the modem ends voice or says a result, or after ``wait_s``."""

    raw: bytes
    wait_s: float


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing for a while; what comes meanwhile belongs to nothing."""

    wait_s: float


Step = Ask | Say | Rest


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a step. ``result`` is ``None`` when nothing came in time."""

    result: Result | None
    lines: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the modem took it."""
        return self.result is Result.OK


Dialogue = Generator[Step, Reply, "Identity | None"]


class Refused(Exception):
    """The dialogue ends here: a fault of the modem while it is set up, an outcome while a call is."""

    def __init__(self, what: Fault | Outcome, text: str = "") -> None:
        super().__init__(text or str(what))
        self.what = what
        self.text = text


@dataclass(frozen=True, slots=True)
class Dialling:
    """How a number gets to the exchange: as sound of ours, or by the modem's own ``ATD`` (tones or pulses)."""

    by_modem: bool = False
    pulse: bool = False


def set_up(country: str) -> Dialogue:
    """Hang up, whatever was before; learn who it is; make it ready for voice."""
    yield Say(_WAY_OUT_OF_VOICE, 0.3)
    yield from _first_word()
    for command in ("H0", "&F", "E0Q0V1", "S0=0"):
        yield Ask(command)
    words = yield from _who()
    profile = recognise(words)
    if not (yield Ask("+FCLASS=8")).ok:
        text = f"{_short(words)} answers, but has no voice: take a voice modem (AT+FCLASS=? must name 8)"
        raise Refused(Fault("line_no_voice", text, {"modem": _short(words)}))
    for command in profile.setting_up:
        yield Ask(command)
    if country in COUNTRY_CODES:
        yield Ask(profile.country.format(code=COUNTRY_CODES[country]))
    form = yield from _choose(profile, words)
    return Identity(profile.name, words, form, profile.duplex)


def _first_word() -> Generator[Step, Reply, None]:
    for _ in range(_FIRST_TRIES):
        reply = yield Ask("E0Q0V1H0", _FIRST_TIMEOUT_S, tries=1)
        if reply.ok:
            return
    text = "nothing answers AT: this is no modem, or it hangs. Check the port; pull the modem out and plug it in again"
    raise Refused(Fault("line_no_modem", text))


def _who() -> Generator[Step, Reply, str]:
    said: list[str] = []
    for command in ("I0", "I3", "+FMI?", "+FMM?"):
        reply = yield Ask(command)
        said += [line for line in reply.lines if reply.ok and line]
    return re.sub(r"\s+", " ", " | ".join(dict.fromkeys(said))).strip()[:200]


def _choose(profile: Profile, words: str) -> Generator[Step, Reply, Format]:
    """The best format by its list and what the modem takes of it, one after the other."""
    reply = yield Ask("+VSM=?")
    formats = list(read_formats(reply.lines) or profile.formats)
    while (form := best(formats, profile.link_bytes_s)) is not None:
        for spelling in profile.choose_format:
            if (yield Ask(spelling.format(code=form.code))).ok:
                yield Ask(profile.silence_off)
                return form
        formats.remove(form)
    text = f"{_short(words)} has no voice format that fits: A-law, u-law or linear at 8000 Hz is needed"
    raise Refused(Fault("line_no_format", text, {"modem": _short(words)}))


def seize(
    profile: Profile,
    form: Format,
    digits: str,
    dialling: Dialling,
    rest_s: float,
    volts: Callable[[bool, float], None] | None = None,
) -> Dialogue:
    """Off-hook and into duplex voice; with the number dialled where the modem is to do that.

    ``volts`` is told what lies between the wires, on the hook and off it, where the modem can measure that.
    """
    if rest_s > 0:
        yield Rest(rest_s)
    yield from _volts(profile, volts, off_hook=False)
    yield from _voice_settings(profile, form)
    if dialling.by_modem:
        yield from _dial(digits, dialling)
    else:
        _taken((yield Ask("+VLS=1")), "+VLS=1")
    yield from _volts(profile, volts, off_hook=True)
    yield from _duplex()
    return None


def _volts(
    profile: Profile, told: Callable[[bool, float], None] | None, *, off_hook: bool
) -> Generator[Step, Reply, None]:
    if told is None or not profile.volts:
        return
    reply = yield Ask(profile.volts, tries=1)
    for line in reply.lines:
        if found := re.fullmatch(r"\D{0,8}(\d{1,3}(?:\.\d+)?)\D{0,8}", line):
            told(off_hook, float(found[1]))


def pick_up(profile: Profile, form: Format) -> Dialogue:
    """Take the call that rings, and into duplex voice. Some modems answer only by ``A``, some only by the line."""
    yield from _voice_settings(profile, form)
    reply = yield Ask("A", _PICK_UP_S, tries=1)
    if not reply.ok:
        if reply.result is Result.NO_CARRIER:
            raise Refused(Outcome.FAR_END, "the caller has gone")
        _taken((yield Ask("+VLS=1")), "+VLS=1")
    yield from _duplex()
    return None


def _voice_settings(profile: Profile, form: Format) -> Generator[Step, Reply, None]:
    if not (yield Ask("+FCLASS=8")).ok:
        raise Refused(Outcome.MODEM_SILENT, "+FCLASS=8 was not taken")
    chosen = False
    for spelling in profile.choose_format:
        chosen = chosen or (yield Ask(spelling.format(code=form.code))).ok
    if not chosen:
        raise Refused(Outcome.MODEM_SILENT, "the voice format was not taken")
    yield Ask(profile.silence_off)


def _duplex() -> Generator[Step, Reply, None]:
    reply = yield Ask("+VTR", tries=1)
    if reply.result is Result.ERROR:
        raise Refused(Outcome.HALF_DUPLEX, "AT+VTR was refused: this modem cannot speak and hear at once")
    if reply.result is not Result.CONNECT:
        _taken(reply, "+VTR")
        raise Refused(Outcome.MODEM_SILENT, "+VTR: no CONNECT")


def _dial(digits: str, dialling: Dialling) -> Generator[Step, Reply, None]:
    yield Ask("X4")
    command = f"D{'P' if dialling.pulse else 'T'}{digits};"
    _taken((yield Ask(command, _DIAL_TIMEOUT_S, tries=1)), command[:2])


_OUTCOMES = {
    Result.NO_CARRIER: Outcome.NO_CARRIER,
    Result.NO_DIAL_TONE: Outcome.NO_DIAL_TONE,
    Result.BUSY: Outcome.BUSY,
    Result.NO_ANSWER: Outcome.NO_ANSWER,
    Result.DELAYED: Outcome.DELAYED,
    Result.BLACKLISTED: Outcome.BLACKLISTED,
}


def _taken(reply: Reply, command: str) -> None:
    if not reply.ok:
        result = reply.result
        outcome = _OUTCOMES.get(result, Outcome.MODEM_SILENT) if result else Outcome.MODEM_SILENT
        raise Refused(outcome, f"{command}: {result or 'no answer'}")


def release(profile: Profile, voice: Callable[[], bool], *, interrupted: bool) -> Dialogue:
    """On-hook, and ready for the next call. ``interrupted``: a command may still be under way."""
    if interrupted:
        yield Say(b"\r", 0.3)
    for way in (*profile.leave_duplex, *profile.leave_duplex):
        if voice():
            yield Say(way, profile.leave_wait_s)
    if not (yield Ask("H0")).ok:
        raise Refused(Outcome.MODEM_SILENT, "H0 was not taken")
    for command in ("+FCLASS=8", "+VIT=0", "+VCID=1"):
        yield Ask(command)
    return None


def flash(profile: Profile, voice: Callable[[], bool], flash_ms: int) -> Dialogue:
    """Out of duplex voice, open the loop, back into it. A modem that knows no lengths uses its country's."""
    for way in (*profile.leave_duplex, *profile.leave_duplex):
        if voice():
            yield Say(way, profile.leave_wait_s)
    taken = (yield Ask(f"+VTS={{!,{flash_ms // 10}}}", tries=1)).ok or (yield Ask("+VTS=!", tries=1)).ok
    if not taken:
        raise Refused(Outcome.MODEM_SILENT, "+VTS=! was not taken: this modem cannot flash")
    yield from _duplex()
    return None


def _short(words: str) -> str:
    return words.split(" | ")[0] or "the modem"
