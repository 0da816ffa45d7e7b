"""What another preset would have made of a stored verdict, or that it cannot be told. Pure. See README.md."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dsp.amd import Limits
from firmware.feedback.kept import AT_LAST, PEAK
from firmware.model import AmdLabel

_HUNG_UP = (AmdLabel.MACHINE, AmdLabel.FAX, AmdLabel.INTERCEPT)
_AGENT = (AmdLabel.HUMAN, AmdLabel.UNSURE, AmdLabel.MUSIC, AmdLabel.SCREEN)


class Outcome(StrEnum):
    """What becomes of a call."""

    AGENT = "agent"
    """A person, or nobody is sure: an agent takes it."""
    MACHINE = "machine"
    """The box hangs up."""
    NOBODY = "nobody"
    """Nobody spoke: the announcement."""
    UNKNOWN = "unknown"


def outcome(verdict: AmdLabel) -> Outcome:
    """What a verdict made of its call."""
    if verdict in _AGENT:
        return Outcome.AGENT
    return Outcome.MACHINE if verdict in _HUNG_UP else Outcome.NOBODY


def replay(
    verdict: AmdLabel, figures: Mapping[str, float], own: Limits | None, other: Limits, *, same: bool
) -> Outcome:
    """What ``other`` limits would have made of a verdict that fell under ``own`` (None: no longer known).

    ``same``: it is the very preset the verdict fell under, which answers for verdicts without kept numbers.
    """
    if "machine" not in figures and verdict is not AmdLabel.SILENCE:
        return outcome(verdict)  # a tone settled it, or the wire did: no limit had a part in that
    if PEAK not in figures:
        return outcome(verdict) if same else Outcome.UNKNOWN
    if own is None or not _hear_people_alike(own, other):
        return Outcome.UNKNOWN
    at_last = figures.get(AT_LAST)
    if figures[PEAK] >= other.machine or (at_last is not None and at_last >= other.machine_at_last):
        return Outcome.MACHINE
    if verdict is not AmdLabel.MACHINE:
        return outcome(verdict)
    if at_last is None:
        return Outcome.UNKNOWN  # it would have listened on
    return Outcome.NOBODY if figures.get("silence", 0.0) >= _ONLY_NOISE else Outcome.AGENT


_ONLY_NOISE = 0.5
"""As ``dsp.amd`` has it: odds for silence from which a call that ran out of time had nobody on it."""


def _hear_people_alike(one: Limits, other: Limits) -> bool:
    def people(limits: Limits) -> tuple[float, ...]:
        heard = limits.human, limits.human_talking, limits.human_waiting, limits.quiet_ms, limits.waiting_ms
        return *heard, limits.machine_speech_ms, limits.settle_before_ms, limits.settle_after_ms

    return people(one) == people(other)
