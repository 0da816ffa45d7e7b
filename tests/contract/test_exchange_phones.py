"""Simulated desk phones at a real registrar: Kamailio asks for digest, keeps the binding, routes the calls."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from board.sim.phone import Phone
from board.sim.phone_settings import PhoneSettings, office
from tests.contract.exchange_support import free_pair, sipp, tool
from tests.unit.board_sim.support import make_voices, message, peer

pytestmark = pytest.mark.peers
CONFIG = """
debug=1
log_stderror=yes
fork=no
children=1
disable_tcp=yes
listen=udp:127.0.0.1:{port}
alias="box.invalid"
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "siputils.so"
loadmodule "textops.so"
modparam("rr", "enable_full_lr", 1)
modparam("registrar", "min_expires", 1)
modparam("auth", "nonce_expire", 2)
request_route {{
    mf_process_maxfwd_header("10");
    if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK") && t_check_trans()) t_relay();
        exit;
    }}
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("$fd", "secret", "0")) {{ auth_challenge("$fd", "0"); exit; }}
        save("location");
        exit;
    }}
    if (is_method("OPTIONS") && $rU == $null) {{ sl_send_reply("200", "OK"); exit; }}
    record_route();
    if (!lookup("location")) {{ sl_send_reply("404", "Not registered"); exit; }}
    t_relay();
}}
"""


@asynccontextmanager
async def kamailio() -> AsyncIterator[int]:
    """A registrar that knows one password, on a free port."""
    folder, port = Path(tempfile.mkdtemp(prefix="kam")), free_pair()
    (folder / "kamailio.cfg").write_text(CONFIG.format(port=port))
    with (folder / "out.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            tool("kamailio"), "-f", str(folder / "kamailio.cfg"), "-DD", "-E", "-Y", str(folder),
            "-P", str(folder / "pid"),
            "-m", "16", "-M", "4", stdout=log, stderr=log,
        )  # fmt: skip
    try:
        await _answers(port, process, folder / "out.log")
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        shutil.rmtree(folder)


async def _answers(port: int, process: asyncio.subprocess.Process, log: Path) -> None:
    """Ask with OPTIONS until there is an answer."""
    async with peer(("127.0.0.1", port)) as asker:
        for n in range(100):
            assert process.returncode is None, log.read_text()[-2000:]
            asker.send(message("OPTIONS", uri=f"sip:127.0.0.1:{port}", branch=f"z9hG4bK-{n}", seq=n + 1))
            try:
                await asker.receive(0.2)
            except TimeoutError:
                continue
            return
    raise AssertionError(log.read_text()[-2000:])


@asynccontextmanager
async def phone(tmp_path: Path, registrar: int, **more: object) -> AsyncIterator[Phone]:
    settings = PhoneSettings("1001", str(more.pop("password", "secret")), ("127.0.0.1", registrar), "box.invalid",
                             answer_ms=50, **more)  # type: ignore[arg-type]  # fmt: skip
    async with Phone(
        settings, office(make_voices(tmp_path / "v"), log=tmp_path / "log.jsonl", keep_s=30)
    ) as made:
        yield made


async def test_a_phone_registers_is_called_and_leaves(tmp_path: Path) -> None:
    async with kamailio() as port:
        async with phone(tmp_path, port) as desk:
            await desk.registered()
            rc, told = await sipp(tmp_path, port, "exchange_caller_hangs_up", "-d", "800", number="1001")
            assert rc == 0, told
            ended = await desk.wait_for("ended")
            assert ended.figures["by"] == "caller"
            assert int(str(ended.figures["rtp_sent"])) > 30
            rc, told = await sipp(tmp_path, port, "exchange_hold", "-d", "100", number="1001")
            assert rc == 0, told
        rc, told = await sipp(tmp_path, port, "exchange_refused", number="1001", status=404)
        assert rc == 0, told
    log = [json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert log[:2] == ["registered", "invite"]
    assert log[-1] == "unregistered"


async def test_a_phone_stays_registered_when_nonces_grow_old(tmp_path: Path) -> None:
    async with kamailio() as port, phone(tmp_path, port, expires_s=4) as desk:
        await desk.registered()
        await desk.wait_for("renewed", nth=2, timeout_s=15)
        assert [one.event for one in desk.office.witness.events] == ["registered", "renewed", "renewed"]


async def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    async with kamailio() as port, phone(tmp_path, port, password="guess") as desk:
        assert (await desk.wait_for("unregistered")).figures == {"status": 401}


@pytest.mark.parametrize(
    ("mode", "scenario", "status"),
    [("reject", "exchange_refused", 486), ("no_answer", "exchange_cancelled", 0)],
)
async def test_a_phone_that_is_not_picked_up(tmp_path: Path, mode: str, scenario: str, status: int) -> None:
    async with kamailio() as port, phone(tmp_path, port, mode=mode) as desk:
        await desk.registered()
        rc, told = await sipp(tmp_path, port, scenario, number="1001", status=status)
        assert rc == 0, told


async def test_an_agent_speaks_when_spoken_to_and_hangs_up(tmp_path: Path) -> None:
    """SIPp echoes: the agent hears its own sentence, answers it, and the witness says when."""
    async with kamailio() as port, phone(tmp_path, port, sound="talk") as desk:
        await desk.registered()
        call = asyncio.ensure_future(
            sipp(tmp_path, port, "exchange_called_hangs_up", "-rtp_echo", number="1001")
        )
        answered = await desk.wait_for("answered")
        await desk.speak()
        heard = await desk.wait_for("heard_speech")
        assert heard.figures["first"] is True
        assert float(str(heard.figures["since_answer_s"])) == pytest.approx(heard.t - answered.t, abs=0.05)
        await desk.wait_for("spoke", nth=2)
        desk.hang_up()
        rc, told = await call
        assert rc == 0, told
        assert (await desk.wait_for("ended")).figures["by"] == "callee"
