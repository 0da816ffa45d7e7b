"""Two agents and a supervisor with telephones of their own, and what everybody in a call hears: each has a tone.

Tones lie above the music that who waits hears. Each look waits until exactly the wanted tones are heard, and no other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from firmware.model import AgentState, PhoneMode, UserId
from firmware.run import sample
from tests.peers.far_ends import RATE_HZ, Baresip, level_db
from tests.peers.whole_box import WholeBox

HZ = {"customer": 950.0, "anna": 1150.0, "bernd": 1350.0, "sven": 1550.0}
HEARD_DB, SILENT_DB = -9.0, -30.0
EAR_S = 0.6
PATIENCE_S = 60.0


class Ears:
    """Four ears, and what each of them hears at the moment."""

    def __init__(self, box: WholeBox, phones: Mapping[str, Baresip]) -> None:
        self._box, self._phones = box, phones

    def sound(self, who: str) -> np.ndarray:
        """The last of what arrived at somebody's ear."""
        return self._phones[who].heard()[-int(EAR_S * RATE_HZ) :]

    def tones(self, who: str) -> set[str] | None:
        """Whose tones; None while something is neither heard nor silent."""
        sound = self.sound(who)
        if len(sound) < EAR_S * RATE_HZ:
            return None
        levels = {name: level_db(sound, hertz) for name, hertz in HZ.items()}
        if any(SILENT_DB < level < HEARD_DB for level in levels.values()):
            return None
        return {name for name, level in levels.items() if level >= HEARD_DB}

    async def hear(self, **wanted: str) -> None:
        """Wait until each of these hears those (letters) and nobody else: ``anna="cb"``."""
        letters = {name[0]: name for name in HZ}
        expected = {who: {letters[each] for each in whom} for who, whom in wanted.items()}

        def there() -> bool:
            return {who: self.tones(who) for who in expected} == expected

        why = f"{wanted}; last {[(who, self.tones(who)) for who in expected]}"
        await self._box.until(there, PATIENCE_S, why)


@contextlib.contextmanager
def telephone(folder: Path, name: str, account: Mapping[str, Any]) -> Iterator[Baresip]:
    credentials = {"secret": account["phone_secret"], "proxy": account["proxy"], "domain": account["domain"]}
    phone = Baresip(folder / name, account["phone_user"], hertz=HZ[name], seconds=300, **credentials)
    try:
        yield phone.start()
    finally:
        phone.stop()


async def supervisor(box: WholeBox) -> Mapping[str, Any]:
    made = await box.ask(
        "user.create",
        login="sven",
        name="Sven",
        roles=["supervisor"],
        password_hash=sample.unusable_password(),
    )
    phone = await box.ask("user.new_phone_secret", id=made["id"])
    return {**phone, "id": made["id"]}


async def open_phone(box: WholeBox, user: UserId) -> None:
    async def there() -> bool:
        return bool((await box.ask("desk.state", user_id=user))["phone"]["open"])

    await box.until(there, PATIENCE_S, f"the phone of {user} is open")


@dataclass(frozen=True, slots=True)
class Team:
    """Anna is ready, Bernd takes a break, Sven supervises; ``phones`` by their names in small letters."""

    anna: UserId
    bernd: UserId
    sven: UserId
    phones: dict[str, Baresip]


async def take_seats(box: WholeBox, folder: Path, stack: contextlib.ExitStack) -> Team:
    """Hire the three, register their telephones and seat the agents; the telephones go with ``stack``."""
    accounts = {name: await box.hire(name, PhoneMode.NAILED_UP) for name in ("anna", "bernd")}
    anna, bernd = (UserId(accounts[name]["id"]) for name in ("anna", "bernd"))
    accounts["sven"] = await supervisor(box)
    phones = {
        name: stack.enter_context(telephone(folder, name, account)) for name, account in accounts.items()
    }
    for name in ("anna", "bernd"):
        await box.until(lambda name=name: box.registered(accounts[name]), PATIENCE_S, "registered")
    await box.ready(anna, bernd)
    for user in (anna, bernd):
        await open_phone(box, user)
    await box.ask("desk.pause", user_id=bernd, reason="lunch")
    await box.trunks_up()
    return Team(anna, bernd, UserId(accounts["sven"]["id"]), phones)


async def leave_seats(box: WholeBox, team: Team, call: str) -> None:
    """Bernd has just ended the call he was handed: both agents give their result and log out."""
    await box.agent_is(team.bernd, AgentState.WRAP_UP, PATIENCE_S)
    for user in (team.anna, team.bernd):
        await box.ask("desk.wrap_up", user_id=user, attempt=call, code="contacted", key=f"{user:016x}")
    await box.agent_is(team.bernd, AgentState.PAUSED, PATIENCE_S)
    for user in (team.anna, team.bernd):
        await box.ask("desk.log_out", user_id=user)
    await box.nothing_left()
