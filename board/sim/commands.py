"""What the control sockets of the exchange and of the phones can be asked to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from board.sim.callee import Callee
from board.sim.control import Args, Command
from board.sim.exchange import Exchange
from board.sim.phone import Phone
from board.sim.phone_settings import MODES


def exchange_commands(exchange: Exchange) -> dict[str, Command]:
    """`calls`, `stats`, `number` {number, what}, `hang_up` {call_id}."""

    async def calls(_: Args) -> object:
        return [_describe(callee) for callee in exchange.active]

    async def stats(_: Args) -> object:
        return {"active": len(exchange.active), "faults": exchange.faults, "malformed": exchange.malformed}

    async def number(args: Args) -> object:
        exchange.set_number(str(args["number"]), args["what"])
        return {}

    async def hang_up(args: Args) -> object:
        exchange.call(str(args["call_id"])).leave(480)
        return {}

    return {"calls": calls, "stats": stats, "number": number, "hang_up": hang_up}


def _describe(callee: Callee) -> dict[str, object]:
    subject = callee.subject
    return {
        "call_id": subject.call_id, "number": subject.number, "caller": subject.caller,
        "behaviour": subject.behaviour, "attempt": callee.attempt, "answered_at": callee.answered_at,
    }  # fmt: skip


def phone_commands(phones: Mapping[str, Phone]) -> dict[str, Command]:
    """Return `phones`, and for one phone {user} everything in `_ACTS`."""

    async def every(_: Args) -> object:
        return [
            {
                "user": user,
                "registered": phone.registration.registered.is_set(),
                "in_call": phone.party is not None,
            }
            for user, phone in phones.items()
        ]

    def of_one(act: _Act) -> Command:
        async def command(args: Args) -> object:
            return await act(phones[str(args["user"])], args)

        return command

    return {"phones": every, **{name: of_one(act) for name, act in _ACTS.items()}}


async def _dial(phone: Phone, args: Args) -> object:
    return {"call_id": phone.dial(str(args["number"])).subject.call_id}


async def _hang_up(phone: Phone, _: Args) -> object:
    phone.hang_up()
    return {}


async def _hold(phone: Phone, _: Args) -> object:
    return {"status": await phone.hold()}


async def _unhold(phone: Phone, _: Args) -> object:
    return {"status": await phone.unhold()}


async def _press(phone: Phone, args: Args) -> object:
    await phone.press(str(args["keys"]))
    return {}


async def _speak(phone: Phone, _: Args) -> object:
    await phone.speak()
    return {}


async def _mode(phone: Phone, args: Args) -> object:
    if args["mode"] not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}")
    phone.mode = str(args["mode"])
    return {}


_Act = Callable[[Phone, Args], Awaitable[object]]
_ACTS: dict[str, _Act] = {
    "dial": _dial,  # number
    "hang_up": _hang_up,
    "hold": _hold,
    "unhold": _unhold,
    "press": _press,  # keys
    "speak": _speak,
    "mode": _mode,  # answer, reject or no_answer
}
