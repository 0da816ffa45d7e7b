"""A service to look at, in a process of its own: real commands, store, hub and control socket; desks are puppets.

What happens on the telephone is told by the tests over a second socket (``remote.sock`` beside the control socket),
so that a test can put any situation before the pages: ``publish {event, data}``, ``remove {event, key}``, ``desk
{user_id, desk}``, ``trunk {name, up}``, ``refuse {do, key, text}`` and ``allow {do}`` for the desk's commands,
``asked`` (what the desks were asked so far), ``age_sessions {by_s}``, ``attempt {...}`` (one finished attempt).
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import signal
import sys
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from firmware import config as configuration
from firmware.clock import SystemClock
from firmware.commands.context import Context
from firmware.commands.network import NetworkCommands
from firmware.commands.office import Office
from firmware.commands.reset import ResetCommands
from firmware.commands.technician_access import AccessCommands
from firmware.commands.update import UpdateCommands
from firmware.compliance.judge import judge
from firmware.control import Control
from firmware.hub import Hub
from firmware.inbound.happenings import Outcome
from firmware.model import (
    AgentState,
    AmdLabel,
    AttemptUid,
    CallWindow,
    Disposition,
    HangupCause,
    OperatorError,
    Problem,
    Role,
    Side,
    TapeEnd,
    UserId,
)
from firmware.scripts import reading
from firmware.scripts.answers import Kept
from firmware.store import (
    attempts,
    callbacks,
    campaigns,
    claims,
    form_answers,
    inbound,
    scripts,
    tapes,
    users,
)
from firmware.store.store import Store
from firmware.update.rauc import Place
from tests.web.floor import FloorPuppets

A_WORKING_DAY = 1_772_622_000.0
"""Wednesday 2026-03-04, noon in Berlin: what rules allow must not hang on the day the tests run."""
EMPTY_DESK: dict[str, Any] = {
    "state": "logged_out",
    "since": 0.0,
    "reason": "",
    "then": {"state": "ready", "reason": ""},
    "phone": {"mode": "nailed_up", "registered": True, "open": False},
    "attempt": None,
    "call": None,
    "campaign": None,
    "wrap_up": None,
    "today": {"calls": 0, "talk_s": 0.0, "pause_s": 0.0},
    "history": [],
}


class FakeService:
    """Everything but telephony."""

    def __init__(self, config: configuration.Config, settings_file: Path) -> None:
        self.config = config
        self.clock = SystemClock()
        self.hub = Hub(self.clock)
        paths = config.paths
        self.store = Store(paths.database, paths.opt_out_journal, self._store_failed, ballast_bytes=1 << 16)
        self.control = Control(paths.control_socket, self.hub)
        self.remote = Control(paths.runtime / "remote.sock", self.hub)
        self.trunks = {trunk.name: True for trunk in config.trunks}
        self.puppets = Puppets(self)
        self.office = Office(
            Context(
                config=config,
                clock=self.clock,
                store=self.store,
                hub=self.hub,
                people_changed=self.publish_people,
                campaigns_changed=self.publish_campaigns,
                campaign_gone=lambda campaign: self.hub.remove("campaign", campaign) and None,
                trunk_up=lambda name: self.trunks.get(name, False),
                agent_state=self.puppets.state_of,
                room=lambda: True,
                confirm_clock=self.clock.utc,
                settings_file=settings_file,
            )
        )
        flash = paths.runtime / "flash"
        names = ("os-release", "keyring.pem", "system", "sticks", "cmdline")
        self.update = UpdateCommands(
            self.clock, lambda: 0, paths.runtime, paths.state, Place(*(flash / name for name in names))
        )
        self.stopped = asyncio.Event()

    def _store_failed(self, error: BaseException) -> None:
        sys.stderr.write(f"store: {error}\n")
        self.stopped.set()

    async def run(self) -> None:
        """Serve until told to stop."""
        await self.store.open()
        await self.office.prepare()
        self.office.add_to(self.control)
        self.puppets.add_to(self.control)
        FloorPuppets(self.clock, self.store, self.puppets.note).add_to(self.control)
        self.update.add_to(self.control)
        paths, flashed = self.config.paths, self.config.paths.runtime / "flash/system.conf"
        ResetCommands(self.clock, lambda: 0, paths.state, paths.runtime, flashed).add_to(self.control)
        AccessCommands(paths.runtime, flashed).add_to(self.control)
        NetworkCommands(lambda: 0, paths.runtime, flashed, paths.runtime / "network-told").add_to(
            self.control
        )
        Remote(self).add_to(self.remote)
        self.hub.publish(
            "box", {"name": self.config.box.name, "dialling": True, "why_not": [], "version": "0"}
        )
        self.publish_trunks()
        await self.publish_people()
        await self.publish_campaigns()
        await self.control.start()
        await self.remote.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await self.stopped.wait()
        await self.control.stop()
        await self.remote.stop()
        await self.update.stop()
        await self.office.stop()
        await self.store.close()

    def publish_trunks(self) -> None:
        """As the service does when a trunk comes or goes."""
        for trunk in self.config.trunks:
            up = self.trunks[trunk.name]
            self.hub.publish("trunk", {"name": trunk.name, "up": up, "legs": 0, "lines": trunk.lines})

    async def publish_people(self) -> None:
        """As the service does when people change."""
        agents = [user for user in await self.store.do(users.every) if Role.AGENT in user.roles]
        for user in agents:
            self.puppets.publish(user.id, user.name, str(user.phone_mode))
        known = {entry["id"] for entry in self.hub.snapshot()["agents"]}
        for gone in known - {user.id for user in agents}:
            self.hub.remove("agent", gone)

    async def publish_campaigns(self) -> None:
        """As the service does when campaigns change."""
        for campaign in await self.store.do(campaigns.every):
            counted, chosen = campaign.counters, campaign.settings
            self.hub.publish(
                "campaign",
                {
                    "id": campaign.id,
                    "name": chosen.name,
                    "state": campaign.state,
                    "contacts": counted.contacts,
                    "open": counted.open,
                    "in_flight": counted.in_flight,
                    "closed": counted.closed,
                    "attempts": counted.attempts,
                    "live_answers": counted.live_answers,
                    "abandoned": counted.abandoned,
                    "abandon_rate": counted.abandon_rate,
                    "abandon_target": chosen.abandon_target,
                    "dispositions": dict(counted.dispositions),
                    "pacing": {"starts": 0, "reason": "nobody_ready", "figures": {}},
                    "agents": list(chosen.agent_ids),
                },
            )


class Puppets:
    """Desks that do as they are told."""

    def __init__(self, service: FakeService) -> None:
        self._service = service
        self._names: dict[int, tuple[str, str]] = {}
        self.desks: dict[int, dict[str, Any]] = {}
        self.log: list[dict[str, Any]] = []
        self.refusals: dict[str, Problem] = {}
        self.looked = 0

    def add_to(self, control: Control) -> None:
        """Answer ``desk.*``."""
        for name in (
            "state",
            "log_in",
            "ready",
            "pause",
            "log_out",
            "hang_up",
            "hold",
            "unhold",
            "digits",
            "wrap_up",
            "next",
            "dial",
            "wait",
            "skip",
            "reject",
            "accept",
            "decline",
            "mark",
            "dial_number",
            "was_person",
            "script",
            "answer",
            "snippets",
            "edit_contact",
        ):
            control.add(f"desk.{name}", getattr(self, name))

    def desk(self, user_id: int) -> dict[str, Any]:
        """One desk; logged out until told otherwise."""
        return self.desks.setdefault(user_id, {**EMPTY_DESK, "since": self._service.clock.utc()})

    def state_of(self, user_id: int) -> AgentState:
        """For the commands that refuse to touch a busy agent."""
        return AgentState(self.desk(user_id)["state"])

    def publish(self, user_id: int, name: str = "", phone_mode: str = "") -> None:
        """Tell the pages."""
        if name:
            self._names[user_id] = (name, phone_mode)
        desk = self.desk(user_id)
        name, phone_mode = self._names.get(user_id, ("?", "nailed_up"))
        self._service.hub.publish(
            "agent",
            {
                "id": user_id,
                "name": name,
                "state": desk["state"],
                "since": desk["since"],
                "reason": desk["reason"],
                "phone_mode": phone_mode,
                "phone_registered": desk["phone"]["registered"],
                "attempt": desk["attempt"],
                "campaign_id": None,
                "changed_at": self._service.clock.utc(),
            },
        )

    def _move(self, do: str, user_id: int, /, **desk: Any) -> Mapping[str, Any]:
        self.note(do, user_id=user_id)
        self.desks[user_id] = {**self.desk(user_id), "since": self._service.clock.utc(), **desk}
        self.publish(user_id)
        return self.desks[user_id]

    def note(self, do: str, **args: Any) -> None:
        self.log.append({"do": do, **args})
        if do in self.refusals:
            raise OperatorError(self.refusals[do])

    async def state(self, user_id: int) -> Mapping[str, Any]:
        self.looked += 1
        return self.desk(user_id)

    async def script(self, user_id: int) -> Mapping[str, Any]:
        told = self.desk(user_id).get("script_told")
        if told is None:
            raise OperatorError(Problem("user_id", "no_script_here", "There is no script for this call."))
        return dict(told)

    async def answer(
        self,
        user_id: int,
        attempt: str,
        version: int,
        step: str,
        path: list[str],
        answers: dict[str, str],
        seq: int,
    ) -> Mapping[str, Any]:
        args = {"attempt": attempt, "version": version, "step": step, "path": path, "answers": answers}
        self.note("answer", user_id=user_id, seq=seq, **args)
        return {"faults": {}, "missing": []}

    async def snippets(self, user_id: int) -> Mapping[str, Any]:
        return {"snippets": self.desk(user_id).get("snippets_told", [])}

    async def edit_contact(
        self, user_id: int, contact_id: int, changes: dict[str, list[str]]
    ) -> Mapping[str, Any]:
        self.note("edit_contact", user_id=user_id, contact_id=contact_id, changes=changes)
        return {"changed": len(changes)}

    async def log_in(self, user_id: int) -> Mapping[str, Any]:
        return self._move("log_in", user_id, state="paused", reason="logged_in")

    async def ready(self, user_id: int) -> Mapping[str, Any]:
        return self._move("ready", user_id, state="ready", reason="")

    async def pause(self, user_id: int, reason: str = "") -> Mapping[str, Any]:
        return self._move("pause", user_id, state="paused", reason=reason)

    async def log_out(self, user_id: int) -> Mapping[str, Any]:
        return self._move("log_out", user_id, state="logged_out", reason="")

    async def hang_up(self, user_id: int) -> Mapping[str, Any]:
        desk = self.desk(user_id)
        ended = {**desk["call"], "state": "ended", "ended_by": "agent"}
        wrap_up = {**desk["wrap_up"], "ends_at": self._service.clock.utc() + 60}
        return self._move("hang_up", user_id, state="wrap_up", call=ended, wrap_up=wrap_up)

    async def hold(self, user_id: int) -> Mapping[str, Any]:
        return self._move("hold", user_id, call={**self.desk(user_id)["call"], "held": True})

    async def unhold(self, user_id: int) -> Mapping[str, Any]:
        return self._move("unhold", user_id, call={**self.desk(user_id)["call"], "held": False})

    async def digits(self, user_id: int, digits: str) -> Mapping[str, Any]:
        self.note("digits", user_id=user_id, digits=digits)
        return self.desk(user_id)

    async def wrap_up(
        self,
        user_id: int,
        attempt: str,
        code: str,
        key: str,
        note: str = "",
        callback_at: float | None = None,
        callback_kind: str = "team",
        do_not_call: bool = False,
    ) -> Mapping[str, Any]:
        given = {"attempt": attempt, "code": code, "key": key, "note": note, "callback_kind": callback_kind}
        self.note("wrap_up", user_id=user_id, callback_at=callback_at, do_not_call=do_not_call, **given)
        done = {"attempt": None, "call": None, "campaign": None, "wrap_up": None, "history": []}
        return self._move("after_wrap_up", user_id, state="ready", **done)

    async def next(self, user_id: int, campaign_id: int | None = None) -> Mapping[str, Any]:
        return self._move("next", user_id)

    async def dial(self, user_id: int) -> Mapping[str, Any]:
        offer = self.desk(user_id)["offer"]
        call = {**offer, "state": "ringing", "own": True, "held": False, "verdict": None, "ended_by": None}
        return self._move("dial", user_id, offer=None, call=call, campaign=offer["campaign"])

    async def wait(self, user_id: int) -> Mapping[str, Any]:
        offer = {**self.desk(user_id)["offer"], "dials_at": None}
        return self._move("wait", user_id, offer=offer)

    async def skip(self, user_id: int, reason: str) -> Mapping[str, Any]:
        self.note("skip", user_id=user_id, reason=reason)
        return self._move("after_skip", user_id, state="ready", offer=None)

    async def reject(self, user_id: int) -> Mapping[str, Any]:
        return self._move("reject", user_id, state="ready", offer=None)

    async def accept(self, user_id: int) -> Mapping[str, Any]:
        return self._move("accept", user_id, state="talking")

    async def decline(self, user_id: int) -> Mapping[str, Any]:
        return self._move("decline", user_id, state="ready", call=None, attempt=None)

    async def mark(self, user_id: int, on: bool) -> Mapping[str, Any]:
        return self._move("mark", user_id, takes_incoming=on)

    async def dial_number(self, user_id: int, campaign_id: int, number: str) -> Mapping[str, Any]:
        self.note("dial_number", user_id=user_id, campaign_id=campaign_id, number=number)
        return self.desk(user_id)

    async def was_person(self, user_id: int, attempt: str) -> Mapping[str, Any]:
        self.note("was_person", user_id=user_id, attempt=attempt)
        return self.desk(user_id)


class Remote:
    """What the tests can make happen."""

    def __init__(self, service: FakeService) -> None:
        self._service = service

    def add_to(self, control: Control) -> None:
        """Answer the tests."""
        for name in (
            "publish",
            "remove",
            "desk",
            "trunk",
            "refuse",
            "allow",
            "asked",
            "promise",
            "age_sessions",
            "attempt",
            "came_in",
            "taped",
        ):
            control.add(name, getattr(self, name))

    async def publish(self, event: str, data: Mapping[str, Any]) -> None:
        self._service.hub.publish(event, data)

    async def remove(self, event: str, key: str) -> None:
        self._service.hub.remove(event, key)

    async def desk(self, user_id: int, desk: Mapping[str, Any]) -> None:
        puppets = self._service.puppets
        puppets.desks[user_id] = {**puppets.desk(user_id), **desk}
        puppets.publish(user_id)

    async def trunk(self, name: str, up: bool) -> None:
        self._service.trunks[name] = up
        self._service.publish_trunks()

    async def refuse(self, do: str, key: str, text: str, figures: Mapping[str, Any] | None = None) -> None:
        self._service.puppets.refusals[do] = Problem("", key, text, figures or {})

    async def allow(self, do: str) -> None:
        self._service.puppets.refusals.pop(do, None)

    async def asked(self) -> Mapping[str, Any]:
        return {"log": self._service.puppets.log, "looked": self._service.puppets.looked}

    async def age_sessions(self, by_s: float) -> None:
        sql = "UPDATE session SET seen_at = seen_at - ?, created_at = created_at - ?"
        await self._service.store.do(lambda conn: conn.execute(sql, (by_s, by_s)) and None)

    async def promise(
        self, campaign_id: int, user_id: int, at: float, personal: bool = True, zone: str = "Europe/Berlin"
    ) -> Mapping[str, Any]:
        """A callback agreed in an attempt of the agent, as the service would write it down."""
        uid = (await self.attempt(campaign_id, user_id, "", final=False))["uid"]
        now = self._service.clock.utc()

        def work(conn: Any) -> int:
            found = attempts.get(conn, uid)
            owner = user_id if personal else None
            made = callbacks.make(conn, found, at, zone, owner, "Dach", now + 70, user_id)
            attempts.dispose(conn, uid, Disposition.CALLBACK, now + 70, at, "callback", "Dach", "k", user_id)
            return made

        return {"id": await self._service.store.do(work)}

    async def taped(
        self, call: str, at: float, seconds: float = 1.0, number: int = 1, over: bool = True
    ) -> Mapping[str, Any]:
        """A piece of a call that was recorded, with its sound: a tone."""
        file = f"{call}.wav" if number == 1 else f"{call}-{number}.wav"
        folder = self._service.config.paths.recordings
        folder.mkdir(exist_ok=True)
        with wave.open(str(folder / file), "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(b"\x00\x10\x00\xf0" * int(seconds * 8000))

        def work(conn: Any) -> None:
            tapes.began(conn, AttemptUid(call), file, at)
            if over:
                tapes.ended(conn, file, TapeEnd.OVER, at + seconds)

        await self._service.store.do(work)
        return {"file": file}

    async def came_in(
        self,
        caller: str,
        outcome: str,
        at: float,
        campaign: str = "",
        user_id: int | None = None,
        told: str = "",
    ) -> Mapping[str, Any]:
        """A call that came in and is over; ``told``: what the network said of its caller."""
        uid = attempts.new_uid(at)

        def work(conn: Any) -> None:
            row = inbound.InboundCall(
                uid, "office", "provider", "+493023125000", told or caller, caller, None, None, at
            )
            inbound.offered(conn, row)
            inbound.known(conn, uid, inbound.look_up(conn, caller, campaign))
            if user_id is not None:
                inbound.connected(conn, uid, UserId(user_id), at + 5)
            inbound.ended(conn, uid, HangupCause.NORMAL, Side.CUSTOMER, Outcome(outcome), at + 60)

        await self._service.store.do(work)
        return {"uid": uid}

    async def attempt(
        self,
        campaign_id: int,
        user_id: int,
        note: str,
        verdict: AmdLabel = AmdLabel.HUMAN,
        figures: Mapping[str, Any] | None = None,
        final: bool = True,
        answers: Mapping[str, str] | None = None,
        automatic: bool = False,
    ) -> Mapping[str, Any]:
        """Claim one contact and carry the attempt to its end, as the service would: a machine's meets no agent.

        ``automatic``: the time for the result ran out.
        """
        service = self._service
        campaign = await service.store.do(lambda conn: campaigns.get(conn, campaign_id))
        now = service.clock.utc()
        always = dataclasses.replace(
            campaign.settings, windows=[CallWindow(day, 0, 1440) for day in range(7)]
        )
        claimed = await service.store.do(
            lambda conn: claims.claim_due(
                conn, campaign, now, 1, lambda candidate: judge(candidate, always, A_WORKING_DAY)
            )
        )
        uid = claimed.claims[0].attempt_uid

        def work(conn: Any) -> None:
            attempts.mark_ringing(conn, uid, now + 1)
            attempts.mark_answered(conn, uid, now + 4)
            attempts.mark_verdict(conn, uid, verdict, 0.97, "speech", figures or {}, now + 5)
            if verdict is AmdLabel.MACHINE:
                attempts.mark_ended(conn, uid, HangupCause.NORMAL, Side.BOX, 200, now + 5)
                attempts.dispose(conn, uid, Disposition.MACHINE, now + 5, None)
                return
            attempts.mark_talking(conn, uid, user_id, now + 5)
            attempts.mark_ended(conn, uid, HangupCause.NORMAL, Side.CUSTOMER, 200, now + 65)
            if not final:
                return
            if answers:
                fill_in(conn, uid, answers, UserId(user_id), now)
            key = f"automatic-{uid}" if automatic else "k"
            attempts.dispose(
                conn, uid, Disposition.CONTACTED, now + 70, None, "contacted", note, key, user_id
            )

        await service.store.do(work)
        await service.publish_campaigns()
        return {"uid": uid}


def fill_in(conn: Any, uid: AttemptUid, answers: Mapping[str, str], user: UserId, now: float) -> None:
    """As if these had been typed into the fields of a script during the call."""
    script = scripts.create(conn, f"Script {uid}", reading.read([{"id": "s1", "heading": "x"}]), "", now)
    kept = [Kept(f"f{at}", label, value) for at, (label, value) in enumerate(answers.items())]
    state = form_answers.Saved(scripts.latest(conn, script).id, "", ("s1",), tuple(kept), 1)
    form_answers.save(conn, uid, state, user, now)


async def _main(path: Path) -> None:
    service = FakeService(configuration.load(path), path)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stopped.set)
    await service.run()


def main(arguments: list[str]) -> None:
    """Command line: ``--config FILE``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    asyncio.run(_main(parser.parse_args(arguments).config))


if __name__ == "__main__":
    main(sys.argv[1:])
