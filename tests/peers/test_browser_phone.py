"""The agent's telephone in a browser: a real Chromium with an invented microphone, by nginx, Kamailio and rtpengine.

The microphone is a file: 700 Hz in bursts, for a browser takes a steady tone for noise. The customer lives at the
project's exchange, as in ``test_agent_with_baresip``; what the page hears is measured in the page.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import socket
import time
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from board.sim import plan
from board.sim.callee import Callee
from board.sim.exchange import Exchange, Settings
from firmware.client import Client
from firmware.edge.phone_book import ha1
from firmware.model import AgentState, Disposition
from tests.peers.test_agent_with_baresip import (
    AGENT_HZ,
    PEOPLE,
    STAYS,
    TALK_HZ,
    VOICE,
    heard_since,
    loudest_db,
    talking,
    telephone,
    wrap_up,
)
from tests.peers.whole_box import WholeBox
from tests.unit.board_sim.support import make_voices
from tests.web.box import Client as Visitor
from tests.web.browser import Browser
from web_ui import passwords

pytestmark = pytest.mark.peers

PACKAGES = Path(__file__).parents[1] / "node_modules"
PASSWORD = "ein langes Kennwort"
RATE_HZ = 48_000
TEN = [STAYS, *(f"+4930231252{n:02d}" for n in range(9))]
"""Whom the agent talks to, one after the other."""

HEARS = """
const sound = document.getElementById('phone-sound');
await page.waitForFunction(() => document.getElementById('phone-sound').srcObject);
return await page.evaluate(async (hertz) => {
  const context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 8192;
  context.createMediaStreamSource(document.getElementById('phone-sound').srcObject).connect(ear);
  const levels = new Float32Array(ear.frequencyBinCount);
  const place = Math.round(hertz * ear.fftSize / context.sampleRate);
  let loudest = -200;
  for (let turn = 0; turn < 60; turn += 1) {
    await new Promise((done) => setTimeout(done, 100));
    ear.getFloatFrequencyData(levels);
    const peak = levels.indexOf(Math.max(...levels.slice(2)));
    if (Math.abs(peak - place) <= 2) loudest = Math.max(loudest, levels[peak]);
  }
  await context.close();
  return loudest;
}, args.hertz);
""".replace("const sound = document.getElementById('phone-sound');\n", "")


def microphone(path: Path) -> Path:
    """Bursts of the agent's tone, 0.4 s of each second."""
    at = np.arange(10 * RATE_HZ) / RATE_HZ
    samples = 12_000 * np.sin(2 * np.pi * AGENT_HZ * at) * (at % 1.0 < 0.4)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


@contextmanager
def browser(speech: Path) -> Iterator[Browser]:
    """Chromium with that microphone, allowed to use it, and to talk to this machine."""
    running = Browser(
        PACKAGES,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={speech}",
        "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
    )
    try:
        yield running
    finally:
        running.stop()


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[WholeBox, Exchange]]:
    numbers = {**PEOPLE, **dict.fromkeys(TEN, PEOPLE[STAYS])}
    settings = Settings(
        plan=plan.read({"numbers": numbers}), voices=make_voices(folder / "voices"), keep_s=60
    )
    async with (
        Exchange(settings) as network,
        WholeBox(folder / "box", {"provider": network.port}, pages=True) as box,
    ):
        yield box, network


async def step(chrome: Browser, what: str, **args: Any) -> Any:
    """One step in the page, while the telephone network in this process lives on."""
    return await asyncio.to_thread(chrome.do, what, **args)


LOG_IN = """
await page.goto('/login');
await page.fill('[name=login]', 'anna');
await page.fill('[name=password]', args.password);
await page.click('button.primary');
await page.waitForSelector('#phone-use');
"""
COUNT_INVITES = """
globalThis.invites = 0;
page.on('websocket', (line) => line.on('framereceived', ({ payload }) => {
  if (/^INVITE /.test(String(payload))) globalThis.invites += 1;
}));
"""
SWITCH_ON = "await page.click('#phone-use'); await page.waitForSelector('#phone[data-state=on]');"
SWITCH_OFF = "await page.click('#phone-use'); await page.waitForSelector('#phone[data-state=off]');"
SOUND_CHECK = """
await page.click('#b-log-in');
await page.click('#phone-settings summary');
await page.click('#phone-check');
"""
MEDIA_PATH = """
await page.waitForFunction(() => document.getElementById('phone-path').textContent);
return await page.textContent('#phone-path');
"""
MUTE = "await page.keyboard.press('F6'); await page.waitForSelector('#phone-mute[aria-pressed=true]');"
LINE_IS_DEAD = """
await page.waitForFunction(() => document.getElementById('phone-mute').hidden, null, { timeout: 60000 });
await page.waitForSelector('#phone[data-state=on]');
"""


NEXT_CALL = """
await page.locator('#callbar h2', { hasText: args.name }).waitFor({ timeout: 60000 });
await page.waitForSelector('#callbar .bridged');
"""
HOLD = """
await page.keyboard.press('F4');
await page.waitForSelector('#callbar .held');
await page.keyboard.press('F4');
await page.waitForSelector('#callbar .bridged');
"""
HANG_UP = """
await page.keyboard.press('Shift+F4');
await page.waitForSelector('#callbar .wrap_up');
"""
RESULT = """
const digit = await page.locator(`[name=code][value=${args.code}]`).getAttribute('data-digit');
await page.locator('#result').focus();
await page.keyboard.press(digit);
await page.waitForFunction((code) => document.querySelector('[name=code]:checked')?.value === code, args.code);
"""
SAVE = """
await page.locator('#save').focus();
await page.keyboard.press('Enter');
"""
TO_COLLEAGUE = """
await page.keyboard.press('F8');
await page.waitForFunction(() => document.activeElement.closest('#whom'));
await page.keyboard.press('Enter');
for (const next of ['#b-join', '#b-complete']) {
  await page.locator(next).focus();
  await page.keyboard.press('Enter');
  await page.locator(next).waitFor({ state: 'detached' });
}
"""
IN_AN_HOUR = """
await page.locator('[data-in-hours="1"]').focus();
await page.keyboard.press('Enter');
"""
NEVER_AGAIN = """
await page.locator('[name=do_not_call]').focus();
await page.keyboard.press('Space');
await page.waitForSelector('[name=do_not_call]:checked');
"""
NOTE = "await page.fill('#note', 'Halb geschrie');"
CUT_OFF = """
await page.locator('#told', { hasText: args.name }).waitFor({ timeout: 60000 });
await page.waitForSelector('#banner', { state: 'hidden' });
return await page.inputValue('#note');
"""
SAVED = (
    "await page.waitForFunction(() => Object.keys(localStorage).every((key) => !/draft|pending/.test(key)));"
)
LEFT = """
await page.waitForSelector('#banner', { state: 'hidden' });
return [await page.inputValue('#note'), await page.textContent('#callbar h2')];
"""


async def nothing_heard(box: WholeBox, customer: Callee) -> None:
    """For two seconds the agent's tone does not arrive."""
    begin_at = time.time() + 1.0  # what was on its way
    await box.until(lambda: len(heard_since(customer, begin_at)) >= 16_000, 30)
    assert loudest_db(heard_since(customer, begin_at), AGENT_HZ, VOICE) < -40


async def on_page(hands: Client, agent: Any) -> bool:
    """Whether the box has this agent's telephone in a browser."""
    return bool((await hands.ask("phone.state", user_id=agent["id"]))["in_browser"])


async def off_page(hands: Client, agent: Any) -> bool:
    return not await on_page(hands, agent)


async def hears(chrome: Browser, hertz: float) -> float:
    """The level (dB) of a tone where it is the loudest thing the page hears within six seconds."""
    return float(await step(chrome, HEARS, hertz=hertz))


async def person(box: WholeBox, login: str, role: str) -> Any:
    """Somebody who can log in to the pages."""
    return await box.ask(
        "user.create",
        login=login,
        name=login.capitalize(),
        roles=[role],
        password_hash=passwords.hash_password(PASSWORD),
    )


async def nine_more(chrome: Browser, box: WholeBox, network: Exchange, agent: Any, bernd: Any) -> None:
    """Held, handed on with a word, pages and service killed, promised, never again; all of it without a mouse."""
    handed, cut_off, promised, never, *plain = TEN[1:]

    async def call(number: str) -> Callee:
        await step(chrome, NEXT_CALL, name=f"Kunde {number[-3:]}")
        return await talking(box, network, agent["id"], number)

    async def done(code: str, before: str = "") -> None:
        await step(chrome, HANG_UP + RESULT + before + SAVE, code=code)

    await box.until(lambda: box.registered(bernd), 30, "the colleague's telephone is registered")
    await box.ask("desk.log_in", user_id=bernd["id"])
    customer = await call(handed)
    await step(chrome, HOLD + TO_COLLEAGUE)
    await box.agent_is(bernd["id"], AgentState.TALKING, 30)
    begin_at = time.time()
    await box.until(lambda: loudest_db(heard_since(customer, begin_at), AGENT_HZ, VOICE) > -12, 30)
    await box.ask("desk.hang_up", user_id=bernd["id"])
    await wrap_up(box, bernd["id"], "contacted")
    await step(chrome, "await page.waitForSelector('#callbar .wrap_up');" + RESULT + SAVE, code="contacted")

    customer = await call(cut_off)
    await step(chrome, NOTE)
    await box.kill_web_ui()
    await step(chrome, "await page.waitForSelector('#banner', { state: 'visible' });")
    begin_at = time.time()
    await box.until(lambda: loudest_db(heard_since(customer, begin_at), AGENT_HZ, VOICE) > -12, 30)
    await box.start_web_ui()
    assert await step(chrome, LEFT) == ["Halb geschrie", f"Kunde {cut_off[-3:]}"]
    await done("contacted")

    await call(promised)
    await done("callback", IN_AN_HOUR)
    await call(never)
    await step(chrome, HANG_UP + NEVER_AGAIN + SAVE)
    for number in plain[:-1]:
        await call(number)
        await done("contacted")

    await call(plain[-1])
    await step(chrome, NOTE)
    await box.crash_service()
    assert await step(chrome, CUT_OFF, name=f"Kunde {plain[-1][-3:]}") == "Halb geschrie"
    await step(chrome, RESULT + SAVE + SAVED, code="contacted")


async def test_a_page_is_a_telephone(tmp_path: Path) -> None:
    async with office(tmp_path) as (box, network):
        await person(box, "chef", "administrator")
        agent = await person(box, "anna", "agent")
        bernd = await box.hire("bernd")
        people = [agent["id"], bernd["id"]]
        campaign = await box.campaign(await box.contact_list(TEN), people, "provider", amd_enabled=False)
        with telephone(tmp_path / "bernd", bernd), browser(microphone(tmp_path / "microphone.wav")) as chrome:
            chrome.open_at(box.web_url.rstrip("/"))
            await step(chrome, LOG_IN, password=PASSWORD)
            await step(chrome, COUNT_INVITES)
            await step(chrome, SWITCH_ON)
            await box.until(lambda: box.registered(agent), 30, "the page is registered")
            await step(chrome, SOUND_CHECK)
            assert await hears(chrome, AGENT_HZ) > -60
            await step(chrome, "await page.click('#phone-check');")
            await step(chrome, "await page.click('#b-ready');")
            await box.trunks_up()
            await box.ask("campaign.start", id=campaign)
            customer = await talking(box, network, agent["id"], STAYS)
            begin_at = time.time()
            assert await hears(chrome, TALK_HZ) > -60
            await box.until(lambda: loudest_db(heard_since(customer, begin_at), AGENT_HZ, VOICE) > -12, 30)
            assert "PCM" in await step(chrome, MEDIA_PATH)
            # A second one, right behind the first one's ACK, could overtake it; a page never gets over that.
            assert await step(chrome, "return globalThis.invites;") == 1
            await step(chrome, MUTE)
            await nothing_heard(box, customer)
            await step(chrome, HANG_UP + RESULT + SAVE, code="contacted")
            await step(chrome, "await page.keyboard.press('F6');")
            await nine_more(chrome, box, network, agent, bernd)
            results = {
                TEN[3]: Disposition.CALLBACK,
                TEN[4]: Disposition.DO_NOT_CALL,
                TEN[9]: Disposition.INTERRUPTED,
            }
            expected = [(number, results.get(number, Disposition.CONTACTED)) for number in TEN]
            attempts = box.attempts(campaign)
            assert [(each.number, each.disposition) for each in attempts] == expected
            assert (attempts[-1].wrap_up_code, attempts[-1].note) == ("contacted", "Halb geschrie")
            await step(chrome, LINE_IS_DEAD)
            async with box.client() as hands:
                await box.until(lambda: on_page(hands, agent), 30, "the box knows the page again")
                await step(chrome, SWITCH_OFF)
                await box.until(lambda: off_page(hands, agent), 30, "the page is no telephone any more")
            assert not await step(chrome, "return heard;")


# -- who may come in ----------------------------------------------------------------------------------------------


class Line:
    """A WebSocket as a program opens it, far enough to send one SIP message and read one (RFC 6455, RFC 7118)."""

    def __init__(self, port: int, path: str = "/live/phone", **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        lines = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
            "Sec-WebSocket-Protocol": "sip",
            **headers,
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{text}\r\n".encode())
        self._in = self._socket.makefile("rb")
        first = self._in.readline().decode()
        self.status = int(first.split()[1]) if first else 0
        while self.status == 101 and self._in.readline().strip():
            pass

    def ask(self, message: str) -> str:
        """Send a text frame; the first frame that comes back."""
        data, mask = message.encode(), bytes(4)
        self._socket.sendall(b"\x81" + bytes([0x80 | 126]) + len(data).to_bytes(2, "big") + mask + data)
        _, size = self._in.read(2)
        length = int.from_bytes(self._in.read(2), "big") if size == 126 else size
        return self._in.read(length).decode()

    def close(self) -> None:
        self._in.close()
        self._socket.close()


def register(domain: str, user: str, call: str, authorization: str = "") -> str:
    """A REGISTER as a page sends it."""
    lines = [
        f"REGISTER sip:{domain} SIP/2.0",
        f"Via: SIP/2.0/WS page.invalid;branch=z9hG4bK{call}",
        f"From: <sip:{user}@{domain}>;tag=1",
        f"To: <sip:{user}@{domain}>",
        f"Call-ID: {call}",
        "CSeq: 1 REGISTER",
        "Max-Forwards: 70",
        "Contact: <sip:page@page.invalid;transport=ws>;expires=300",
        *([f"Authorization: {authorization}"] if authorization else []),
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""])


def answer_to(challenge: str, domain: str, user: str, secret: str) -> str:
    """Digest credentials (RFC 2617 §3.2.2)."""
    nonce = re.search(r'nonce="([^"]+)"', challenge)
    assert nonce is not None, challenge
    uri = f"sip:{domain}"
    first, second = ha1(user, domain, secret), hashlib.md5(f"REGISTER:{uri}".encode()).hexdigest()
    response = hashlib.md5(f"{first}:{nonce[1]}:00000001:ab:auth:{second}".encode()).hexdigest()
    return (
        f'Digest username="{user}", realm="{domain}", nonce="{nonce[1]}", uri="{uri}", '
        f'response="{response}", qop=auth, nc=00000001, cnonce="ab"'
    )


def status_of(line: Line, domain: str, user: str, secret: str) -> str:
    """How a registration over this line ends."""
    call = os.urandom(8).hex()
    challenge = line.ask(register(domain, user, call))
    return line.ask(
        register(domain, user, call + "b", answer_to(challenge, domain, user, secret))
    ).splitlines()[0]


async def test_the_line_is_for_pages_of_people_who_are_logged_in(tmp_path: Path) -> None:
    async with office(tmp_path) as (box, _network):
        await person(box, "chef", "administrator")
        agent = await person(box, "anna", "agent")
        page = await box.ask("phone.browser", user_id=agent["id"])
        port = int(box.web_url.rstrip("/").rpartition(":")[2])
        cookie = await asyncio.to_thread(log_in, port)
        stranger = Line(port)
        assert stranger.status == 401
        elsewhere = Line(port, Cookie=cookie, Origin="http://elsewhere.example")
        assert elsewhere.status == 403
        assert Line(port, "/live/phone/allowed", Cookie=cookie).status == 404
        line = Line(port, Cookie=cookie, Origin=f"http://127.0.0.1:{port}")
        assert line.status == 101
        domain = page["domain"]
        assert (
            status_of(line, domain, agent["phone_user"], agent["phone_secret"]) == "SIP/2.0 401 Unauthorized"
        )
        assert status_of(line, domain, page["phone"], "guessed") == "SIP/2.0 401 Unauthorized"
        assert status_of(line, domain, page["phone"], page["secret"]) == "SIP/2.0 200 OK"
        assert not await box.banned("127.0.0.1")
        line.close()
        await box.until(lambda: off(box, agent), 30, "a page that went is no telephone")


async def off(box: WholeBox, agent: Any) -> bool:
    return not await box.registered(agent)


def log_in(port: int) -> str:
    """The agent's session cookie."""
    visitor = Visitor(port).log_in(("anna", PASSWORD))
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
