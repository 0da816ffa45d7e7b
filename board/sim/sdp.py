"""Session descriptions: one audio stream, offered and answered (RFC 8866, RFC 3264).

Speaks PCMU, PCMA and telephone-event on RTP/AVP. Every other media line of an offer is refused with port 0,
in its place. Codec tables are `g711`'s, packets are `rtp`'s.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_STATIC = {0: "PCMU", 8: "PCMA"}
_OUR_TYPE = {"PCMU": 0, "PCMA": 8}
_EVENT_TYPE = 101
CODECS = ("PCMU", "PCMA")


class Direction(StrEnum):
    """Who may send, seen from the one who says it."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    @property
    def answered(self) -> Direction:
        """The most we may answer to this (RFC 3264 §6.1)."""
        return _MIRROR.get(self, self)

    @property
    def sends(self) -> bool:
        """Whether whoever says this sends."""
        return self in (Direction.SENDRECV, Direction.SENDONLY)


_MIRROR = {Direction.SENDONLY: Direction.RECVONLY, Direction.RECVONLY: Direction.SENDONLY}


class BadSdp(ValueError):
    """A description that cannot be read, or in which nothing suits us.

    `status` is the response it deserves: 400 for grammar, 488 when there is no audio we speak.
    """

    def __init__(self, why: str, status: int = 488) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Description:
    """The audio of one description. `media` keeps the media lines of an offer for the answer's order.

    `codecs` are (name, payload type) we speak, in the order given; `event_type` is -1 without RFC 4733;
    `held` says that the address was 0.0.0.0, the old way to hold.
    """

    host: str
    port: int
    codecs: tuple[tuple[str, int], ...]
    event_type: int
    direction: Direction
    held: bool
    media: tuple[str, ...]
    audio_at: int


def parse(body: bytes) -> Description:
    """Read an offer or answer. Raises BadSdp."""
    lines = [line.rstrip("\r") for line in body.decode("utf-8", "replace").split("\n")]
    if not lines or lines[0] != "v=0":
        raise BadSdp("not a session description", 400)
    session, sections = _sections([line for line in lines if line])
    for at, section in enumerate(sections):
        kind, port, profile, *_ = [*section[0][2:].split(), "", "", ""]
        if kind == "audio" and profile == "RTP/AVP" and port.partition("/")[0] not in ("", "0"):
            return _audio(session, section, tuple(s[0] for s in sections), at)
    raise BadSdp("no RTP/AVP audio")


def _sections(lines: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    session: list[str] = []
    sections: list[list[str]] = []
    for line in lines:
        if line[1:2] != "=":
            raise BadSdp(f"malformed line {line[:40]!r}", 400)
        if line.startswith("m="):
            sections.append([line])
        else:
            (sections[-1] if sections else session).append(line)
    return session, sections


def _audio(session: list[str], section: list[str], media: tuple[str, ...], at: int) -> Description:
    fields = section[0][2:].split()
    try:
        port = int(fields[1].partition("/")[0])
        types = [int(text) for text in fields[3:]]
    except ValueError:
        raise BadSdp("malformed media line", 400) from None
    if not 0 < port < 65_536:
        raise BadSdp("port out of range", 400)
    names = _names(section)
    codecs = tuple((names[kind], kind) for kind in types if names.get(kind) in CODECS)
    events = next((kind for kind in types if names.get(kind) == "TELEPHONE-EVENT"), -1)
    if not codecs:
        raise BadSdp("no codec in common")
    host = _host(session, section)
    return Description(host, port, codecs, events, _direction(session, section), host == "0.0.0.0", media, at)  # noqa: S104


def _names(section: list[str]) -> dict[int, str]:
    """Return payload type → upper-case encoding name, only for those at 8000 Hz."""
    names = dict(_STATIC)
    for line in section:
        if line.startswith("a=rtpmap:"):
            kind, _, coding = line[9:].strip().partition(" ")
            name, _, rate = coding.strip().partition("/")
            if not kind.isdigit():
                raise BadSdp("malformed rtpmap", 400)
            names[int(kind)] = name.upper() if rate.partition("/")[0] == "8000" else ""
    return names


def _host(session: list[str], section: list[str]) -> str:
    found = [line for line in (*section, *session) if line.startswith("c=")]
    parts = found[0][2:].split() if found else []
    if len(parts) != 3 or parts[0] != "IN":
        raise BadSdp("no connection address", 400)
    try:
        return str(ipaddress.ip_address(parts[2].partition("/")[0]))
    except ValueError:
        raise BadSdp(f"connection address {parts[2][:40]!r}") from None


def _direction(session: list[str], section: list[str]) -> Direction:
    for line in (*section, *session):
        if line.startswith("a=") and line[2:].strip() in Direction.__members__.values():
            return Direction(line[2:].strip())
    return Direction.SENDRECV


def pick(offer: Description, preferred: Sequence[str] = ()) -> tuple[str, int]:
    """Choose the codec to use: the first of `preferred` that is offered, else the offer's first."""
    for name in preferred:
        for codec in offer.codecs:
            if codec[0] == name:
                return codec
    return offer.codecs[0]


@dataclass(slots=True)
class Writer:
    """Writes our side's descriptions; counts the version up with each (RFC 3264 §8)."""

    host: str
    port: int
    session_id: int
    version: int = 0

    def offer(self, direction: Direction, codecs: Sequence[str] = CODECS) -> bytes:
        """Return an offer of `codecs` and telephone-event."""
        return self._write(
            [self._audio([(name, _OUR_TYPE[name]) for name in codecs], _EVENT_TYPE, direction)]
        )

    def answer(self, offer: Description, codec: tuple[str, int], direction: Direction) -> bytes:
        """Return the answer: one codec, the offer's telephone-event, port 0 for everything else."""
        sections = [[_refused(line)] for line in offer.media]
        sections[offer.audio_at] = self._audio([codec], offer.event_type, direction)
        return self._write(sections)

    def _audio(self, codecs: Sequence[tuple[str, int]], events: int, direction: Direction) -> list[str]:
        types = [kind for _, kind in codecs] + ([events] if events >= 0 else [])
        lines = [f"m=audio {self.port} RTP/AVP {' '.join(map(str, types))}"]
        lines += [f"a=rtpmap:{kind} {name}/8000" for name, kind in codecs]
        if events >= 0:
            lines += [f"a=rtpmap:{events} telephone-event/8000", f"a=fmtp:{events} 0-15"]
        return [*lines, "a=ptime:20", f"a={direction}"]

    def _write(self, sections: Sequence[Sequence[str]]) -> bytes:
        self.version += 1
        family = "IP6" if ":" in self.host else "IP4"
        head = [
            "v=0", f"o=- {self.session_id} {self.version} IN {family} {self.host}", "s=-",
            f"c=IN {family} {self.host}", "t=0 0",
        ]  # fmt: skip
        return "\r\n".join([*head, *(line for section in sections for line in section), ""]).encode()


def _refused(media_line: str) -> str:
    kind, _, *rest = media_line[2:].split()
    return f"m={kind} 0 {' '.join(rest)}"
