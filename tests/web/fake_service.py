"""A service to look at: real control socket, real hub, real store, real import; telephony by remote control.

Started as a process of its own by the tests of the pages. Desks and calls do what a second socket
(``remote.sock`` beside the control socket) tells them, so that a test can show the pages any situation:
``publish {event, data}``, ``remove {event, key}``, ``desk {user_id, desk}``, ``refuse {do, problems}``,
``asked {}`` (what the pages asked for so far), ``sign_up {login, name, role, password_hash}``.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import hashlib
import secrets
import signal
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from firmware import config as configuration
from firmware.campaigns import importer, settings
from firmware.campaigns.report import open_report
from firmware.clock import SystemClock
from firmware.compliance.numbers import normalise
from firmware.control import Control
from firmware.hub import Hub
from firmware.model import CampaignState, OperatorError, PhoneMode, Problem, Role
from firmware.store import campaigns, contacts, dnc, sessions, users
from firmware.store.store import Store

SETUP_CODE = "TEST-CODE-2345"


class FakeService:
    """The commands of the contract over a real store; the desks are puppets."""

    def __init__(self, config: Any) -> None:
        self.config = config
        self.clock = SystemClock()
        self.hub = Hub(self.clock)
        self.store = Store(
            config.paths.database, config.paths.opt_out_journal, self._store_failed, ballast_bytes=1 << 16
        )
        self.control = Control(config.paths.control_socket, self.hub)
        self.remote = Control(config.paths.runtime / "remote.sock", self.hub)
        self.desks: dict[int, dict[str, Any]] = {}
        self.log: list[dict[str, Any]] = []
        self.refusals: dict[str, list[Problem]] = {}
        self.stopped = asyncio.Event()

    def _store_failed(self, error: BaseException) -> None:
        sys.stderr.write(f"store: {error}\n")
        self.stopped.set()

    async def run(self) -> None:
        """Serve until told to stop."""
        for folder in (self.config.paths.uploads, self.config.paths.reports):
            folder.mkdir(parents=True, exist_ok=True)
        await self.store.open()
        self._offer()
        self.hub.publish(
            "box", {"name": self.config.box.name, "dialling": True, "why_not": [], "version": "test"}
        )
        for trunk in self.config.trunks:
            self.hub.publish("trunk", {"name": trunk.name, "up": True, "legs": 0, "lines": trunk.lines})
        await self.control.start()
        await self.remote.start()
        await self._publish_all()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await self.stopped.wait()
        await self.control.stop()
        await self.remote.stop()
        await self.store.close()

    def _offer(self) -> None:
        for name in [n for n in dir(self) if n.startswith("do_")]:
            method = getattr(self, name)
            command = name[3:].replace("_", ".", 1)
            self.control.add(command, method)
        for name in [n for n in dir(self) if n.startswith("remote_")]:
            self.remote.add(name[7:], getattr(self, name))

    def _note(self, do: str, **args: Any) -> None:
        self.log.append({"do": do, **args})
        if do in self.refusals:
            raise OperatorError(*self.refusals[do])

    # -- remote control -----------------------------------------------------------------------------------------

    async def remote_publish(self, event: str, data: dict[str, Any]) -> None:
        self.hub.publish(event, data)

    async def remote_remove(self, event: str, key: Any) -> None:
        self.hub.remove(event, key)

    async def remote_desk(self, user_id: int, desk: dict[str, Any]) -> None:
        self.desks[user_id] = {**self._desk(user_id), **desk}
        await self._publish_agent(user_id)

    async def remote_refuse(self, do: str, key: str, text: str, figures: dict[str, Any]) -> None:
        self.refusals[do] = [Problem("", key, text, figures)]

    async def remote_allow(self, do: str) -> None:
        self.refusals.pop(do, None)

    async def remote_asked(self) -> Mapping[str, Any]:
        return {"log": self.log}

    async def remote_age_session(self, by_s: float) -> None:
        await self.store.do(
            lambda c: c.execute(
                "UPDATE session SET seen_at = seen_at - ?, created_at = created_at - ?", (by_s, by_s)
            )
        )

    async def remote_import_rows(self, list_id: int, rows: list[list[str]]) -> None:
        new = [contacts.NewContact(number=n, name=name) for n, name in rows]
        await self.store.do(lambda c: contacts.add(c, list_id, new))

    # -- people -------------------------------------------------------------------------------------------------

    async def do_setup_state(self) -> Mapping[str, Any]:
        people = await self.store.do(users.every)
        return {"needed": not any(u.role is Role.ADMINISTRATOR for u in people)}

    async def do_setup_complete(
        self, code: str, login: str, name: str, password_hash: str, language: str
    ) -> Mapping[str, Any]:
        if code.strip().upper() != SETUP_CODE:
            raise OperatorError(Problem("code", "wrong_setup_code", "This is not the set-up code."))
        new = users.NewUser(login, name, Role.ADMINISTRATOR, password_hash, language)
        return {"user_id": await self.store.do(lambda c: users.create(c, new, self.clock.utc()))}

    async def do_session_open(self, user_id: int, ttl_s: float) -> Mapping[str, Any]:
        token = secrets.token_urlsafe(32)
        digest = hashlib.sha256(token.encode()).hexdigest()
        await self.store.do(lambda c: sessions.create(c, digest, user_id, self.clock.utc(), ttl_s))
        return {"token": token}

    async def do_session_close(self, token_hash: str) -> None:
        await self.store.do(lambda c: sessions.close(c, token_hash))

    async def do_session_touch(self, token_hash: str) -> None:
        await self.store.do(lambda c: sessions.touch(c, token_hash, self.clock.utc()))

    async def do_user_create(
        self, login: str, name: str, role: str, password_hash: str, phone_mode: str, language: str
    ) -> Mapping[str, Any]:
        self._note("user.create", login=login, name=name)
        phone_user, secret = f"p{secrets.token_hex(8)}", secrets.token_urlsafe(18)
        ha1 = hashlib.md5(f"{phone_user}:{self.config.sip.domain}:{secret}".encode()).hexdigest()
        new = users.NewUser(
            login, name, Role(role), password_hash, language, phone_user, ha1, PhoneMode(phone_mode)
        )
        user_id = await self.store.do(lambda c: users.create(c, new, self.clock.utc()))
        await self._publish_all()
        return {"id": user_id, "phone_user": phone_user, "phone_secret": secret}

    async def do_user_update(
        self,
        id: int,  # noqa: A002
        login: str | None = None,
        name: str | None = None,
        role: str | None = None,
        password_hash: str | None = None,
        phone_mode: str | None = None,
        language: str | None = None,
    ) -> None:
        given = {
            "login": login, "name": name, "role": role, "password_hash": password_hash,
            "phone_mode": phone_mode, "language": language,
        }  # fmt: skip
        changes = {key: value for key, value in given.items() if value is not None}
        await self.store.do(lambda c: users.update(c, id, **changes))
        await self._publish_all()

    async def do_user_new_phone_secret(self, id: int) -> Mapping[str, Any]:  # noqa: A002
        user = await self.store.do(lambda c: users.get(c, id))
        return {
            "phone_user": user.phone_user,
            "phone_secret": secrets.token_urlsafe(18),
            "domain": self.config.sip.domain,
            "proxy": self.config.sip.proxy,
        }

    async def do_user_remove(self, id: int) -> None:  # noqa: A002
        await self.store.do(lambda c: users.remove(c, id))
        self.hub.remove("agent", id)

    # -- campaigns, lists, DNC ----------------------------------------------------------------------------------

    def _checked(self, raw: dict[str, Any]) -> Any:
        return settings.from_json(raw, {t.name: t.caller_ids for t in self.config.trunks})

    async def do_campaign_create(self, settings: dict[str, Any]) -> Mapping[str, Any]:
        checked = self._checked(settings)
        made = await self.store.do(lambda c: campaigns.create(c, checked, self.clock.utc()))
        await self._publish_all()
        return {"id": made}

    async def do_campaign_update(self, id: int, settings: dict[str, Any]) -> None:  # noqa: A002
        checked = self._checked(settings)
        await self.store.do(lambda c: campaigns.update(c, id, checked, self.clock.utc()))
        await self._publish_all()

    async def do_campaign_start(self, id: int) -> None:  # noqa: A002
        self._note("campaign.start", id=id)
        campaign = await self.store.do(lambda c: campaigns.get(c, id))
        if not campaign.settings.agent_ids:
            raise OperatorError(Problem("agent_ids", "no_agents", "The campaign has no agents."))
        await self._set_state(id, CampaignState.RUNNING)

    async def do_campaign_pause(self, id: int) -> None:  # noqa: A002
        await self._set_state(id, CampaignState.PAUSED)

    async def do_campaign_stop(self, id: int) -> None:  # noqa: A002
        await self._set_state(id, CampaignState.STOPPED)

    async def do_campaign_delete(self, id: int) -> None:  # noqa: A002
        await self.store.do(lambda c: campaigns.delete(c, id))
        self.hub.remove("campaign", id)

    async def _set_state(self, campaign: int, state: CampaignState) -> None:
        await self.store.do(lambda c: campaigns.set_state(c, campaign, state, self.clock.utc()))
        await self._publish_all()

    async def do_list_preview(self, path: Path) -> Mapping[str, Any]:
        return dataclasses.asdict(await asyncio.to_thread(importer.preview, path))

    async def do_list_import(
        self, path: Path, name: str, mapping: dict[str, str], country: str, list_id: int | None = None
    ) -> Mapping[str, Any]:
        rows = await asyncio.to_thread(lambda: list(importer.read(path, mapping, country)))
        seen = importer.preview(path)
        now = self.clock.utc()
        if not name and list_id is None:
            raise OperatorError(Problem("name", "missing_setting", "name is missing.", {"name": "name"}))
        if list_id is None:
            list_id = await self.store.do(lambda c: contacts.create_list(c, name, now))
        bad = [row for row in rows if isinstance(row, importer.BadRow)]
        new = [
            contacts.NewContact(r.number, r.name, r.zones, r.priority, r.fields)
            for r in rows
            if isinstance(r, importer.Row)
        ]
        added = await self.store.do(lambda c: contacts.add(c, list_id, new))
        report = f"{uuid.uuid4().hex}.csv" if bad else None
        if report:
            with open_report(self.config.paths.reports / report, seen.columns, seen.delimiter, "de") as file:
                for row in bad:
                    file.add(row)
        twice = added.duplicate + sum(row.problem.key == "duplicate" for row in bad)
        damaged = sum(row.problem.key != "duplicate" for row in bad)
        figures = (len(rows), added.new, twice, damaged)
        await self.store.do(lambda c: contacts.record_import(c, list_id, now, name, *figures, report))
        job = uuid.uuid4().hex[:8]
        self.hub.publish(
            "import",
            {"job": job, "rows": figures[0], "new": figures[1], "duplicate": figures[2], "damaged": figures[3],
             "done": True, "list_id": list_id, "report": report, "problems": []},
        )  # fmt: skip
        return {"job": job}

    async def do_list_delete(self, id: int) -> None:  # noqa: A002
        self._note("list.delete", id=id)
        await self.store.do(lambda c: contacts.delete_list(c, id, self.clock.utc()))

    async def do_dnc_create(self, name: str) -> Mapping[str, Any]:
        return {"id": await self.store.do(lambda c: dnc.create_list(c, name, self.clock.utc()))}

    async def do_dnc_add(self, list_id: int, numbers: list[str], source: str) -> Mapping[str, Any]:
        found = [normalise(number, self.config.box.country) for number in numbers]
        good = [number for number in found if isinstance(number, str)]
        problems = [
            {"where": f"numbers[{i}]", "key": p.key, "text": p.text, "figures": dict(p.figures)}
            for i, p in enumerate(found)
            if isinstance(p, Problem)
        ]
        added = (
            await self.store.do(lambda c: dnc.add(c, list_id, good, source, self.clock.utc())) if good else 0
        )
        return {"added": added, "problems": problems}

    async def do_dnc_remove(self, list_id: int, numbers: list[str]) -> Mapping[str, Any]:
        gone = await self.store.do(lambda c: dnc.remove(c, list_id, numbers, "web", self.clock.utc()))
        return {"removed": gone}

    # -- desks --------------------------------------------------------------------------------------------------

    def _desk(self, user_id: int) -> dict[str, Any]:
        empty = {
            "state": "logged_out", "since": self.clock.utc(), "reason": "", "then": None,
            "phone": {"mode": "nailed_up", "registered": True, "open": False},
            "attempt": None, "call": None, "campaign": None, "wrap_up": None,
            "today": {"calls": 0, "talk_s": 0.0, "pause_s": 0.0}, "history": [],
        }  # fmt: skip
        return self.desks.setdefault(user_id, empty)

    async def _move(self, do: str, user_id: int, **desk: Any) -> Mapping[str, Any]:
        self._note(do, user_id=user_id, **desk)
        self.desks[user_id] = {**self._desk(user_id), "since": self.clock.utc(), **desk}
        await self._publish_agent(user_id)
        return self.desks[user_id]

    async def do_desk_state(self, user_id: int) -> Mapping[str, Any]:
        return self._desk(user_id)

    async def do_desk_log_in(self, user_id: int) -> Mapping[str, Any]:
        return await self._move("desk.log_in", user_id, state="paused", reason="logged_in")

    async def do_desk_ready(self, user_id: int) -> Mapping[str, Any]:
        return await self._move("desk.ready", user_id, state="ready", reason="")

    async def do_desk_pause(self, user_id: int, reason: str) -> Mapping[str, Any]:
        return await self._move("desk.pause", user_id, state="paused", reason=reason)

    async def do_desk_log_out(self, user_id: int) -> Mapping[str, Any]:
        return await self._move("desk.log_out", user_id, state="logged_out", reason="")

    async def do_desk_hang_up(self, user_id: int) -> Mapping[str, Any]:
        desk = self._desk(user_id)
        ended = {**(desk["call"] or {}), "state": "ended", "ended_by": "agent"}
        wrap_up = {**(desk["wrap_up"] or {}), "ends_at": self.clock.utc() + 60}
        return await self._move("desk.hang_up", user_id, state="wrap_up", call=ended, wrap_up=wrap_up)

    async def do_desk_hold(self, user_id: int) -> Mapping[str, Any]:
        return await self._move("desk.hold", user_id, call={**self._desk(user_id)["call"], "held": True})

    async def do_desk_unhold(self, user_id: int) -> Mapping[str, Any]:
        return await self._move("desk.unhold", user_id, call={**self._desk(user_id)["call"], "held": False})

    async def do_desk_digits(self, user_id: int, digits: str) -> Mapping[str, Any]:
        self._note("desk.digits", user_id=user_id, digits=digits)
        return self._desk(user_id)

    async def do_desk_wrap_up(
        self, user_id: int, attempt: str, code: str, key: str, note: str = "",
        callback_at: float | None = None, do_not_call: bool = False,
    ) -> Mapping[str, Any]:  # fmt: skip
        self._note(
            "desk.wrap_up", user_id=user_id, attempt=attempt, code=code, note=note, key=key,
            callback_at=callback_at, do_not_call=do_not_call,
        )  # fmt: skip
        done = {
            "state": "ready",
            "attempt": None,
            "call": None,
            "campaign": None,
            "wrap_up": None,
            "history": [],
        }
        self.desks[user_id] = {**self._desk(user_id), "since": self.clock.utc(), **done}
        await self._publish_agent(user_id)
        return self.desks[user_id]

    # -- pictures -----------------------------------------------------------------------------------------------

    async def _publish_agent(self, user_id: int) -> None:
        user = await self.store.do(lambda c: users.get(c, user_id))
        desk = self._desk(user_id)
        self.hub.publish(
            "agent",
            {"id": user_id, "name": user.name, "state": desk["state"], "since": desk["since"],
             "reason": desk["reason"], "phone_mode": str(user.phone_mode), "phone_registered": True,
             "attempt": desk["attempt"], "campaign_id": None, "held": (desk["call"] or {}).get("held")},
        )  # fmt: skip

    async def _publish_all(self) -> None:
        for user in await self.store.do(users.every):
            if user.role is Role.AGENT:
                await self._publish_agent(user.id)
        for campaign in await self.store.do(campaigns.every):
            counted, chosen = campaign.counters, campaign.settings
            self.hub.publish(
                "campaign",
                {"id": campaign.id, "name": chosen.name, "state": str(campaign.state),
                 "contacts": counted.contacts, "open": counted.open, "in_flight": counted.in_flight,
                 "closed": counted.closed, "attempts": counted.attempts, "live_answers": counted.live_answers,
                 "abandoned": counted.abandoned, "abandon_rate": counted.abandon_rate,
                 "abandon_target": chosen.abandon_target, "dispositions": dict(counted.dispositions),
                 "pacing": {"starts": 0, "reason": "nobody_ready", "figures": {}},
                 "agents": list(chosen.agent_ids)},
            )  # fmt: skip


async def _main(path: Path) -> None:
    service = FakeService(configuration.load(path))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stopped.set)
    await service.run()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    asyncio.run(_main(parser.parse_args().config))
