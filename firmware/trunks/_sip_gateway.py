"""Gateways and routers with an analog line behind them: whose word an answer is, and what the audio can say of it.

A gateway without answer supervision says 200 OK as soon as it has seized its line. From then on ``_sip_gateway_ear``
listens. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware.compliance.numbers import normalise
from firmware.model import AnswerConfidence, AnswerMethod, HangupCause

if TYPE_CHECKING:
    from firmware.trunks._sip_gateway_ear import GatewayEar


@dataclass(frozen=True, slots=True)
class Rings:
    """The far end is heard to ring."""


@dataclass(frozen=True, slots=True)
class Through:
    """The call was answered."""

    method: AnswerMethod
    confidence: AnswerConfidence


@dataclass(frozen=True, slots=True)
class Gone:
    """The far end refused, or has hung up."""

    cause: HangupCause
    text: str


Sign = Rings | Through | Gone
WORDS = {
    "": Through(AnswerMethod.SIGNALLED, AnswerConfidence.CERTAIN),
    "polarity": Through(AnswerMethod.GATEWAY, AnswerConfidence.CERTAIN),
    "gateway": Through(AnswerMethod.GATEWAY, AnswerConfidence.LIKELY),
}
"""What a 200 OK is worth, by the trunk's answer supervision; with ``none`` it is worth nothing."""


def caller_of(caller: str, own: Collection[str], country: str) -> str:
    """Who calls over a gateway. Of a caller who withholds the number it shows the line's own: that is nobody's."""
    found = normalise(caller, country)
    return "" if isinstance(found, str) and found in own else caller


def new_ear(country: str) -> GatewayEar:
    """For one call behind a gateway whose word is worth nothing. Most boxes have none: what it takes is read here."""
    from firmware.trunks._sip_gateway_ear import GatewayEar

    return GatewayEar(country)
