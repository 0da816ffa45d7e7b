"""Called people: how they answer, wait, talk and hang up."""

from __future__ import annotations

import asyncio
import time

from board.sim.callee import Callee
from board.sim.sdp import Direction
from board.sim.voices import Kind

_LONGEST_CALL_S = 600.0
_LOSS_PERCENT = 5.0


async def human(callee: Callee) -> None:
    """Answers, says hello, asks again when nobody speaks, takes turns, hangs up after the talk time."""
    await callee.ring(callee.chance.person_rings_s())
    await _converse_from_hello(callee)


async def slow_answer(callee: Callee) -> None:
    """A person who needs 25-40 s to come to the telephone."""
    await callee.ring(callee.chance.between(25.0, 40.0))
    await _converse_from_hello(callee)


async def human_stays(callee: Callee) -> None:
    """A person who never hangs up while somebody talks."""
    await callee.ring(callee.chance.person_rings_s())
    await _converse_from_hello(callee, stays=True)


async def packet_loss(callee: Callee) -> None:
    """A person on a bad line: 5 % of the packets are lost, each way."""
    if callee.params.loss_percent is None:
        callee.media.stream.loss_in = callee.media.stream.loss_out = _LOSS_PERCENT / 100
    await human(callee)


async def presses_keys(callee: Callee) -> None:
    """A person who presses keys some time after hello, as a recording asks them to."""
    await callee.ring(callee.chance.person_rings_s())
    await callee.answer()
    await callee.hello()
    await asyncio.sleep(callee.params.keys_after_s)
    await callee.press(callee.params.keys)
    await converse(callee)


async def holds(callee: Callee) -> None:
    """A person who puts the caller on hold for a while (re-INVITE, sendonly) and comes back."""
    await callee.ring(callee.chance.person_rings_s())
    await callee.answer()
    await callee.hello()
    await callee.turn(callee.params.patience_s)
    await asyncio.sleep(callee.params.hold_after_s)
    await _hold(callee, Direction.SENDONLY)
    await asyncio.sleep(callee.params.hold_s)
    await _hold(callee, Direction.SENDRECV)
    await converse(callee)


async def _hold(callee: Callee, direction: Direction) -> None:
    status = await callee.call.reinvite(direction)
    callee.note("reinvite_sent", direction=direction, status=status)


async def lost_bye(callee: Callee) -> None:
    """A person whose line is cut: no BYE of theirs arrives, none of ours is answered."""
    await callee.ring(callee.chance.person_rings_s())
    await callee.answer()
    callee.call.deaf = True
    await callee.hello()
    await converse(callee, hang_up=False)
    callee.call.vanish()


async def call_screening(callee: Callee) -> None:
    """An assistant asks who is calling and why; if told, a person takes the call in two of three."""
    await callee.ring(callee.chance.soon(1.0, 4.0))
    await callee.answer()
    await callee.hello(Kind.SCREENING)
    if await callee.turn(10.0) and callee.rng.random() < 2 / 3:
        await asyncio.sleep(callee.chance.between(2.0, 4.0))
        callee.note("took_over")
        await callee.hello()
        await converse(callee)
    else:
        callee.hang_up()


async def _converse_from_hello(callee: Callee, *, stays: bool = False) -> None:
    await callee.answer()
    await callee.hello()
    await converse(callee, stays=stays)


async def converse(callee: Callee, *, stays: bool = False, hang_up: bool = True) -> None:
    """Take turns until the talk time is over or nobody has spoken for too long, then hang up."""
    if not await callee.turn(min(callee.params.ask_again_s, callee.params.patience_s)):
        await callee.say(await callee.recall(Kind.HELLO), Kind.HELLO)
    reason = await _take_turns(callee, _talk_s(callee, stays))
    callee.note("done", reason=reason)
    if hang_up:
        callee.hang_up()


def _talk_s(callee: Callee, stays: bool) -> float:
    if stays or callee.params.stays:
        return _LONGEST_CALL_S
    return callee.chance.talk_s() if callee.params.talk_s is None else callee.params.talk_s


async def _take_turns(callee: Callee, talk_s: float) -> str:
    """Return why the conversation is over: "nobody_spoke" or "talk_time"."""
    until = time.time() + talk_s
    while (left_s := until - time.time()) > 0:
        patience_s = callee.params.hold_patience_s if callee.media.held else callee.params.patience_s
        wait_s = callee.quiet_since + patience_s - time.time()
        if wait_s <= 0:
            return "nobody_spoke"
        if await callee.turn(min(wait_s, left_s, 1.0)):
            await callee.say(await callee.recall(Kind.TALK), Kind.TALK)
    return "talk_time"
