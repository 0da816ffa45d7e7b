"""What the SIP backend has to know, drawn from the settings file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from firmware.config import Config
from firmware.edge.plan import Plan


@dataclass(frozen=True, slots=True)
class SipSettings:
    """Durations in seconds, addresses as ``host:port``."""

    port: int
    proxy: str
    domain: str
    media_address: str
    """What SDP offers for audio."""
    rtp_first: int = 30000
    rtp_last: int = 31999
    clock_rate: int = 8000
    trunk_hosts: Mapping[str, str] = field(default_factory=dict)
    """Trunk name -> the host its provider wants to read in From and To."""
    supervision: Mapping[str, str] = field(default_factory=dict)
    """Trunk name -> how its gateway knows of an answer: ``none``, ``polarity``, ``gateway``; left out: a provider."""
    gateways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Trunk name -> the own numbers of a gateway's lines."""
    country: str = "DE"
    """Whose tones a gateway's line has."""
    max_legs: int = 240
    max_call_s: float = 7200.0
    """Longest a leg over a trunk may last after its answer."""
    max_phone_s: float = 86_400.0
    """Longest a desk phone's leg may last: a nailed-up one is open for a whole shift."""
    dead_peer_s: float = 30.0
    """Neither RTP nor RTCP for so long, without being on hold: the far end has gone."""
    audit_s: float = 5.0
    offer_timeout_s: float = 120.0
    """An offered leg nobody has decided on is refused after this."""
    log_file: Path | None = None
    """Errors and warnings of the SIP library."""

    @classmethod
    def of(cls, config: Config, plan: Plan) -> SipSettings:
        """From the settings file and what the edge made of it."""
        return cls(
            port=config.sip.port,
            proxy=config.sip.proxy,
            domain=config.sip.domain,
            media_address=plan.media_address,
            rtp_first=config.sip.rtp_first,
            rtp_last=config.sip.rtp_last,
            clock_rate=config.sip.clock_rate,
            trunk_hosts={trunk.name: trunk.host for trunk in plan.trunks},
            supervision={trunk.name: trunk.supervision for trunk in config.trunks if trunk.supervision},
            gateways={trunk.name: trunk.caller_ids for trunk in config.trunks if trunk.supervision},
            country=config.box.country,
            max_call_s=config.dialling.max_call_s,
        )
