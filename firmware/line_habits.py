"""What was learnt of a line and accepted: how it says that the far end has gone, as settings of its calls. Pure.

``dsp.line.learn`` proposes, a person accepts, the store keeps; here an accepted proposal becomes a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from dsp.countries import Cadence, Progress
from dsp.line.answer import Confidence
from dsp.line.disconnect import DisconnectMethod
from dsp.line.learn import Proposal
from dsp.line.supervision import CallSettings

_SHORTEST_CPC_MS = 60
_CPC_SHARE = 0.8
SILENCE_MS = 20_000
"""A line that only falls silent: so long a silence ends a conversation, where the settings have no shorter one."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Of one line. ``learnt_at`` in UTC seconds."""

    proposals: tuple[Proposal, ...]
    learnt_at: float
    learnt_by: str

    def plain(self) -> dict[str, Any]:
        """As the control socket shows it."""
        return {
            "proposals": [plain(one) for one in self.proposals],
            "learnt_at": self.learnt_at,
            "learnt_by": self.learnt_by,
        }

    def applied(self, settings: CallSettings) -> CallSettings:
        """A line's call settings with its habits."""
        for one in self.proposals:
            settings = _with(settings, one)
        return settings


def plain(proposal: Proposal) -> dict[str, Any]:
    """A proposal as JSON has it."""
    return asdict(proposal)


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Proposal, ...]:
    """Proposals as they were stored. KeyError, TypeError or ValueError for anything else."""
    return tuple(
        Proposal(
            DisconnectMethod(one["method"]), Confidence(one["confidence"]), int(one["at_ms"]),
            tuple(float(hz) for hz in one["hz"]), tuple(int(ms) for ms in one["pattern_ms"]),
            int(one["rounds"]), int(one["length_ms"]),
        )
        for one in stored
    )  # fmt: skip


def _with(settings: CallSettings, learnt: Proposal) -> CallSettings:
    ending = settings.disconnect
    if learnt.method in (DisconnectMethod.BUSY, DisconnectMethod.CONGESTION):
        kind: Progress = "busy" if learnt.method is DisconnectMethod.BUSY else "congestion"
        own = Cadence("line", kind, learnt.hz, learnt.pattern_ms)
        return replace(settings, own=(*settings.own, own))
    if learnt.method is DisconnectMethod.REVERSAL:
        return replace(settings, disconnect=replace(ending, reversal=True))
    if learnt.method is DisconnectMethod.CPC:
        opened_ms = max(_SHORTEST_CPC_MS, round(learnt.length_ms * _CPC_SHARE))
        return replace(settings, disconnect=replace(ending, cpc_ms=min(ending.cpc_ms, opened_ms)))
    if learnt.method is DisconnectMethod.SILENCE:
        silence_ms = min(ending.silence_ms or SILENCE_MS, SILENCE_MS)
        return replace(settings, disconnect=replace(ending, silence_ms=silence_ms))
    return settings
