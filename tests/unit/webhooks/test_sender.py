"""The sender on a real store: what fails is tried again, nobody waits for another, a stop loses nothing."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from firmware.clock import FakeClock
from firmware.store import webhooks
from firmware.store.store import Store
from firmware.store.webhooks import Delivery
from firmware.webhooks import schedule, signing
from firmware.webhooks.post import Outcome
from firmware.webhooks.sender import AT_ONCE, Sender
from firmware.webhooks.target import Policy

SECRET = signing.new_secret()


class Receivers:
    """Answers instead of the network, from worker threads; ``held`` ones answer when they are let go."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Mapping[str, str], bytes]] = []
        self.answers: dict[str, Outcome] = {}
        self.held: dict[str, threading.Event] = {}

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, policy: Policy, timeout_s: float
    ) -> Outcome:
        self.got.append((url, headers, body))
        if url in self.held:
            self.held[url].wait(60)
        return self.answers.get(url, Outcome(200, "", 3))


class Post:
    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(1_780_000_000.0)
        self.receivers = Receivers()
        self.store = Store(folder / "strowger.db", folder / "j", lambda error: None, ballast_bytes=0)
        self.sender = Sender(self.clock, self.store, Policy(), 5.0, self.receivers.post)

    async def subscribe(self, url: str = "https://crm.example/") -> int:
        now = self.clock.utc()
        return await self.store.do(
            lambda conn: webhooks.subscribe(conn, url, SECRET, webhooks.EVENTS, None, "Anna", now)
        )

    async def tell(self, **body: object) -> None:
        now = self.clock.utc()
        await self.store.do(lambda conn: webhooks.enqueue(conn, "lead.accepted", body, now))

    async def deliveries(self, number: int) -> list[Delivery]:
        return await self.store.do(lambda conn: webhooks.deliveries(conn, number, 0, 100))

    async def rounds(self) -> None:
        while await self.sender.round():
            await self.sender.settled()


@asynccontextmanager
async def post(folder: Path) -> AsyncIterator[Post]:
    made = Post(folder)
    await made.store.open()
    try:
        yield made
    finally:
        for event in made.receivers.held.values():
            event.set()
        await made.sender.stop()
        await made.store.close()


async def test_an_event_arrives_signed_with_its_id(tmp_path: Path) -> None:
    async with post(tmp_path) as box:
        hook = await box.subscribe()
        await box.tell(contact_id=7)
        await box.rounds()
        ((url, headers, body),) = box.receivers.got
        (delivery,) = await box.deliveries(hook)
        assert url == "https://crm.example/"
        assert json.loads(body) == {
            "type": "lead.accepted", "timestamp": "2026-05-28T20:26:40.000Z", "data": {"contact_id": 7},
        }  # fmt: skip
        assert headers["webhook-id"] == delivery.uid
        expected = signing.signature(SECRET, delivery.uid, headers["webhook-timestamp"], body)
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert (delivery.state, delivery.status, delivery.took_ms) == ("delivered", 200, 3)


async def test_one_that_fails_is_tried_again_later_with_the_same_body_and_id(tmp_path: Path) -> None:
    async with post(tmp_path) as box:
        hook = await box.subscribe()
        box.receivers.answers["https://crm.example/"] = Outcome(500, "answered: 500", 2)
        await box.tell(n=1)
        await box.rounds()
        await box.clock.advance(schedule.pause_s(1) - 1)
        await box.rounds()
        assert len(box.receivers.got) == 1
        box.receivers.answers.clear()
        await box.clock.advance(1.0)
        await box.rounds()
        first, second = box.receivers.got
        assert first[2] == second[2]
        assert first[1]["webhook-id"] == second[1]["webhook-id"]
        assert first[1]["webhook-timestamp"] != second[1]["webhook-timestamp"]
        assert [(each.state, each.tries) for each in await box.deliveries(hook)] == [("delivered", 2)]


async def test_a_receiver_that_is_gone_for_days_is_given_up_and_a_person_told(tmp_path: Path) -> None:
    async with post(tmp_path) as box:
        hook = await box.subscribe("https://crm.example/hook?key=secret")
        box.receivers.answers["https://crm.example/hook?key=secret"] = Outcome(None, "timeout: 5", 0)
        await box.tell(n=1)
        await box.rounds()
        assert box.sender.failing == ()
        seen: list[tuple[str, bool]] = []
        for _ in range(100):
            await box.clock.advance(3600.0)
            await box.rounds()
            seen += [
                (each.url, each.stopped)
                for each in box.sender.failing
                if not seen or seen[-1][1] != each.stopped
            ]
        # First a warning, without what may be a secret in the address; days later the end.
        assert seen == [("https://crm.example/hook", False), ("https://crm.example/hook", True)]
        (delivery,) = await box.deliveries(hook)
        assert delivery.state == "failed"
        assert delivery.tries > 10
        await box.tell(n=2)
        assert len(await box.deliveries(hook)) == 1


async def test_one_that_hangs_holds_up_nobody(tmp_path: Path) -> None:
    async with post(tmp_path) as box:
        box.receivers.held["https://slow.example/"] = threading.Event()
        slow, quick = (
            await box.subscribe("https://slow.example/"),
            await box.subscribe("https://quick.example/"),
        )
        for n in range(5):
            await box.tell(n=n)
        while any(each.state == "waiting" for each in await box.deliveries(quick)):
            await box.sender.round()
            await asyncio.sleep(0)
        assert sum(url == "https://slow.example/" for url, _, _ in box.receivers.got) <= AT_ONCE
        assert {each.state for each in await box.deliveries(slow)} == {"waiting"}
        box.receivers.held["https://slow.example/"].set()
        await box.sender.settled()
        await box.rounds()
        assert {each.state for each in await box.deliveries(slow)} == {"delivered"}


async def test_what_was_under_way_when_the_box_stopped_is_sent_again(tmp_path: Path) -> None:
    async with post(tmp_path) as box:
        box.receivers.held["https://crm.example/"] = threading.Event()
        hook = await box.subscribe()
        await box.tell(n=1)
        await box.sender.round()
        await box.sender.stop()
        (left,) = await box.deliveries(hook)
        assert (left.state, left.tries) == ("waiting", 0)
        box.receivers.held.pop("https://crm.example/").set()
        again = Sender(box.clock, box.store, Policy(), 5.0, box.receivers.post)
        await again.round()
        await again.settled()
        await again.stop()
        (delivered,) = await box.deliveries(hook)
        assert (delivered.state, delivered.uid) == ("delivered", left.uid)


async def test_it_goes_by_itself_once_started(tmp_path: Path) -> None:
    async with post(tmp_path) as box:
        hook = await box.subscribe()
        await box.sender.start()
        await box.tell(n=1)
        box.sender.wake()
        while (await box.deliveries(hook))[0].state != "delivered":
            await asyncio.sleep(0)
        assert len(box.receivers.got) == 1
