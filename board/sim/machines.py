"""What answers, or speaks before the answer, without being a person."""

from __future__ import annotations

import asyncio

from board.sim import tones
from board.sim.callee import Callee
from board.sim.voices import Kind

_FAX_HOLDS_S = 15.0


async def machine(callee: Callee) -> None:
    """An answering machine: greeting, beep, records in silence, hangs up."""
    await callee.ring(callee.chance.machine_rings_s())
    await callee.answer()
    await callee.hello(Kind.GREETING)
    if callee.params.beep:
        await asyncio.sleep(callee.chance.between(0.2, 0.6))
        await callee.say(tones.beep(*callee.rng.choice(tones.BEEPS)), "beep")
    await asyncio.sleep(callee.params.record_s)
    callee.note("done", reason="recorded")
    callee.hang_up()


async def machine_without_beep(callee: Callee) -> None:
    """An answering machine that records without saying so."""
    await callee.ring(callee.chance.machine_rings_s())
    await callee.answer()
    await callee.hello(Kind.GREETING)
    await asyncio.sleep(callee.params.record_s)
    callee.hang_up()


async def sit(callee: Callee) -> None:
    """Number not in service: SIT and announcement as early media, then 404."""
    await callee.reach()
    callee.early()
    await _intercept(callee)
    callee.refuse(404, cause=1)


async def sit_answered(callee: Callee) -> None:
    """The same from a network that answers first."""
    await callee.reach()
    await callee.answer()
    await _intercept(callee)
    callee.hang_up()


async def _intercept(callee: Callee) -> None:
    await callee.say(tones.sit(callee.country), "sit")
    await callee.say(await callee.recall(Kind.INTERCEPT), Kind.INTERCEPT)


async def early_announcement(callee: Callee) -> None:
    """An announcement as early media without SIT, then 480."""
    await callee.reach()
    callee.early()
    await callee.say(await callee.recall(Kind.INTERCEPT), Kind.INTERCEPT)
    callee.refuse(480, cause=20)


async def busy_tone(callee: Callee) -> None:
    """Busy, told by a tone in early media; the network ends it with 486 after a while."""
    await _early_tone(callee, "busy")
    callee.refuse(486, cause=17)


async def congestion_tone(callee: Callee) -> None:
    """No line free, told by a tone in early media, then 503."""
    await _early_tone(callee, "congestion")
    callee.refuse(503, cause=34)


async def _early_tone(callee: Callee, name: str) -> None:
    await callee.reach()
    callee.early()
    callee.media.stream.mouth.play(tones.progress(callee.country, name), loop=True)
    callee.note("tone", name=name)
    await asyncio.sleep(callee.params.tone_s)


async def fax(callee: Callee) -> None:
    """A fax machine: answers after a ring or two, CED, waits."""
    await callee.ring(callee.chance.soon(1.0, 6.0))
    await callee.answer()
    await asyncio.sleep(callee.chance.between(0.2, 2.0))
    await callee.say(tones.called_fax(), "ced")
    await asyncio.sleep(_FAX_HOLDS_S)
    callee.hang_up()


async def fax_calling(callee: Callee) -> None:
    """A fax machine in calling mode: answers and sends CNG."""
    await callee.ring(callee.chance.soon(1.0, 6.0))
    await callee.answer()
    callee.note("tone", name="cng")
    callee.media.stream.mouth.play(tones.calling_fax(), loop=True)
    await asyncio.sleep(callee.params.record_s)
    callee.hang_up()


async def silence(callee: Callee) -> None:
    """Answers and says nothing; packets of faint noise."""
    await callee.ring(callee.chance.person_rings_s())
    await callee.answer()
    await callee.hold_the_line()


async def no_rtp(callee: Callee) -> None:
    """Answers and sends no packet at all."""
    callee.media.stream.mouth.background = None
    await callee.ring(callee.chance.person_rings_s())
    await callee.answer()
    await callee.hold_the_line()


async def immediate_hang_up(callee: Callee) -> None:
    """Answers and hangs up 100 ms later."""
    await callee.ring(callee.chance.person_rings_s())
    await callee.answer()
    await asyncio.sleep(0.1)
    callee.hang_up()
