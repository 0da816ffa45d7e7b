"""What a dialled number can do: every behaviour by name, and the table of last digits.

A behaviour is a coroutine that plays one call from the INVITE to its end; `people` and `machines` hold most of
them, the refusals are here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from board.sim import machines, people
from board.sim.callee import Callee

Behaviour = Callable[[Callee], Awaitable[None]]


async def no_answer(callee: Callee) -> None:
    """Rings until the caller gives up, or the network does after 60 s with 480."""
    await callee.ring(callee.params.give_up_s)
    callee.refuse(480, cause=19)


async def rejected(callee: Callee) -> None:
    """Rings, then a person declines with 603."""
    await callee.ring(callee.chance.soon(1.0, 8.0))
    callee.refuse(603, cause=21)


def _refusal(status: int, cause: int, what: str) -> Behaviour:
    async def refuse(callee: Callee) -> None:
        await callee.reach()
        callee.refuse(status, cause)

    refuse.__doc__ = f"{what}: {status}."
    return refuse


async def request_timeout(callee: Callee) -> None:
    """The network gives up without ringing: 408."""
    await callee.reach()
    await asyncio.sleep(callee.chance.soon(2.0, 5.0))
    callee.refuse(408, cause=102)


BEHAVIOURS: dict[str, Behaviour] = {
    "human": people.human,
    "human_stays": people.human_stays,
    "machine": machines.machine,
    "machine_without_beep": machines.machine_without_beep,
    "busy": _refusal(486, 17, "Busy"),
    "no_answer": no_answer,
    "sit": machines.sit,
    "sit_answered": machines.sit_answered,
    "fax": machines.fax,
    "fax_calling": machines.fax_calling,
    "early_announcement": machines.early_announcement,
    "busy_tone": machines.busy_tone,
    "congestion_tone": machines.congestion_tone,
    "immediate_hang_up": machines.immediate_hang_up,
    "silence": machines.silence,
    "no_rtp": machines.no_rtp,
    "slow_answer": people.slow_answer,
    "service_unavailable": _refusal(503, 41, "Temporary failure of the network"),
    "server_error": _refusal(500, 41, "The network is broken"),
    "not_found": _refusal(404, 1, "No such number"),
    "unavailable": _refusal(480, 18, "Nobody there"),
    "declined": _refusal(603, 21, "Declined by the network at once"),
    "request_timeout": request_timeout,
    "rejected": rejected,
    "packet_loss": people.packet_loss,
    "lost_bye": people.lost_bye,
    "call_screening": people.call_screening,
    "presses_keys": people.presses_keys,
    "holds": people.holds,
}
TABLE: dict[str, str] = {f"{index:03d}": name for index, name in enumerate(BEHAVIOURS)}
"""Last three digits of the dialled number → behaviour: 000 human, 001 human_stays, 002 machine …"""
