"""The programs: how they begin, refuse to begin, are directed, and end."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.unit.board_sim.support import make_voices, message, peer


@asynccontextmanager
async def program(*arguments: str | Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`python -m board.sim …`, with its first line, which it prints when it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "board.sim", *map(str, arguments), stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert process.stdout
    try:
        yield process, (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ask(path: Path, do: str, **args: object) -> dict[str, object]:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(json.dumps({"id": 7, "do": do, "args": args}).encode() + b"\n")
    answer = json.loads(await asyncio.wait_for(reader.readline(), 5))
    writer.close()
    assert answer.pop("id") == 7
    return dict(answer)


async def test_an_exchange_is_directed_and_ends_on_sigterm(tmp_path: Path) -> None:
    sock, log = tmp_path / "c.sock", tmp_path / "log.jsonl"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(sock))
    async with program("exchange", "--listen", "127.0.0.1:0", "--voices", make_voices(tmp_path / "v"), "--log", log,
                       "--control", sock, "--haste", "1000") as (process, ready):  # fmt: skip
        port = int(ready.rpartition(":")[2])
        assert await ask(sock, "number", number="+493023125900", what="busy") == {"ok": True, "result": {}}
        refused = await ask(sock, "number", number="1", what="bussy")
        assert (refused["ok"], "did you mean 'busy'" in str(refused["error"])) == (False, True)
        assert "no command" in str((await ask(sock, "dance"))["error"])
        assert "KeyError" in str((await ask(sock, "hang_up", call_id="none"))["error"])
        async with peer(("127.0.0.1", port)) as caller:
            caller.send(message("INVITE", extra="X-Attempt: 01HX\n"))
            assert (await caller.response()).status == 486
        assert (await ask(sock, "stats"))["result"] == {"active": 0, "faults": 0, "malformed": 0}
        assert (await ask(sock, "calls"))["result"] == []
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert not sock.exists()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["invite", "refused", "ended"]
    assert lines[0]["attempt"] == "01HX"


async def test_broken_lines_on_the_control_socket_are_answered(tmp_path: Path) -> None:
    sock = tmp_path / "c.sock"
    async with program(
        "exchange", "--listen", "127.0.0.1:0", "--voices", make_voices(tmp_path / "v"), "--control", sock
    ):
        reader, writer = await asyncio.open_unix_connection(sock)
        for line in (b"{", b"[]", b'{"do": "number", "args": {}}', b'{"do": "number", "args": []}'):
            writer.write(line + b"\n")
            assert json.loads(await asyncio.wait_for(reader.readline(), 5))["ok"] is False
        writer.close()


async def test_phones_ring_for_a_registrar_that_is_not_there(tmp_path: Path) -> None:
    accounts, sock, log = tmp_path / "a.json", tmp_path / "c.sock", tmp_path / "log.jsonl"
    accounts.write_text('[{"user": "1001", "password": "x"}, {"user": "1002", "password": "y"}]')
    where = ["--registrar", "127.0.0.1:9", "--domain", "box.invalid", "--accounts", accounts]
    more = ["--log", log, "--voices", make_voices(tmp_path / "v"), "--control", sock]
    async with program("phones", *where, *more) as (process, ready):
        assert ready == "ready: 2 phones for box.invalid\n"
        assert (await ask(sock, "phones"))["result"] == [
            {"user": user, "registered": False, "in_call": False} for user in ("1001", "1002")
        ]
        assert "no call" in str((await ask(sock, "speak", user="1001"))["error"])
        assert (await ask(sock, "mode", user="1001", mode="reject"))["ok"]
        assert not (await ask(sock, "mode", user="1001", mode="sleep"))["ok"]
        assert not (await ask(sock, "speak", user="1009"))["ok"]
        assert (await ask(sock, "dial", user="1001", number="+493023125000"))["ok"]
        assert "in use" in str((await ask(sock, "dial", user="1001", number="+493023125000"))["error"])
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert "dialled" in log.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["exchange", "--voices", "/nowhere"], "run make setup"),
        (["exchange", "--listen", "here"], "HOST:PORT is wanted"),
        (["exchange", "--country", "XX"], "one of DE"),
        (["exchange", "--codecs", "G729"], "PCMU and PCMA"),
        (["exchange", "--plan", "/nowhere.toml"], "nowhere.toml"),
        (
            [
                "phones",
                "--registrar",
                "127.0.0.1:1",
                "--domain",
                "d",
                "--accounts",
                "/nowhere.json",
                "--voices",
                "{voices}",
            ],
            "nowhere.json",
        ),
        ([], "required"),
    ],
)
async def test_what_cannot_begin_says_why(tmp_path: Path, arguments: list[str], words: str) -> None:
    voices = str(make_voices(tmp_path / "v"))
    async with program(*(one.replace("{voices}", voices) for one in arguments)) as (process, _):
        assert process.stderr
        told = (await process.stderr.read()).decode()
        assert await process.wait() == 2
        assert words in told
        assert "Traceback" not in told


async def test_an_address_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        async with program("exchange", "--listen", listen, "--voices", make_voices(tmp_path / "v")) as (
            process,
            _,
        ):
            assert process.stderr
            assert b"Address already in use" in await process.stderr.read()
            assert await process.wait() == 2


async def test_a_mix_and_a_plan_are_put_together(tmp_path: Path) -> None:
    (tmp_path / "mix.toml").write_text("[mix]\nbusy = 1\n")
    (tmp_path / "plan.toml").write_text('[numbers]\n"+493023125901" = "not_found"\n')
    files = [
        "--mix",
        tmp_path / "mix.toml",
        "--plan",
        tmp_path / "plan.toml",
        "--voices",
        make_voices(tmp_path / "v"),
    ]
    async with program("exchange", "--listen", "127.0.0.1:0", "--no-table", "--haste", "1000", *files) as (
        _,
        ready,
    ):
        to = ("127.0.0.1", int(ready.rpartition(":")[2]))
        for number, status in (("+493023125000", 486), ("+493023125901", 404)):
            async with peer(to) as caller:
                caller.send(message("INVITE", number, branch=f"z9hG4bK{number}", call_id=number))
                assert (await caller.response()).status == status
